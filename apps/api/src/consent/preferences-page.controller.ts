import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '../access/access.decorators';
import type { Consent } from './consent';
import { CONSENT } from './consent-token';
import { readAnew, sendDeadLink, sendPage, tokenOf } from './page-answer';
import { preferencesPage } from './preferences-page';

/** Topics by channels for whoever holds the link of a message; nothing else of the customer is shown or changed. */
@ApiExcludeController()
@Open()
@Controller('p')
export class PreferencesPageController {
  constructor(@Inject(CONSENT) private readonly consent: Consent | null) {}

  @Get(':token')
  async show(
    @Param() params: Record<string, unknown>,
    @Query('done') done: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const opened = await this.consent?.open(tokenOf(params), 'preferences');
    if (!this.consent || !opened) return sendDeadLink(response);
    sendPage(response, preferencesPage(await this.consent.preferencesState(opened, done === '1')));
  }

  @Post(':token')
  async save(
    @Param() params: Record<string, unknown>,
    @Body() form: Record<string, unknown> | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const opened = await this.consent?.open(tokenOf(params), 'preferences');
    if (!this.consent || !opened) return sendDeadLink(response);
    const { act, on, suppression } = form ?? {};
    if (act === 'undo') await this.consent.undo(opened, String(suppression));
    if (act === 'save') await this.consent.savePreferences(opened, [on ?? []].flat().map(String));
    readAnew(response);
  }
}
