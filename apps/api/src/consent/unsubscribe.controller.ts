import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '../access/access.decorators';
import { CONSENT } from './consent-token';
import type { Consent } from './consent';
import { readAnew, sendDeadLink, sendPage, tokenOf } from './page-answer';
import { UNSUBSCRIBE_ACTS, unsubscribePage } from './unsubscribe-page';

/**
 * Ends messages without a login. `GET` shows buttons and changes nothing, since scanners follow every link; the `POST` of a
 * mail program (RFC 8058) ends the topic of the message at once.
 */
@ApiExcludeController()
@Open()
@Controller('u')
export class UnsubscribeController {
  constructor(@Inject(CONSENT) private readonly consent: Consent | null) {}

  @Get(':token')
  async show(
    @Param() params: Record<string, unknown>,
    @Query('done') done: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const opened = await this.consent?.open(tokenOf(params), 'unsubscribe');
    if (!this.consent || !opened) return sendDeadLink(response);
    sendPage(response, unsubscribePage(await this.consent.unsubscribeState(opened, done === '1')));
  }

  @Post(':token')
  async act(
    @Param() params: Record<string, unknown>,
    @Body() form: Record<string, unknown> | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const opened = await this.consent?.open(tokenOf(params), 'unsubscribe');
    if (!this.consent || !opened) return sendDeadLink(response);
    const act = UNSUBSCRIBE_ACTS.find((known) => known === form?.act);
    // Without an act of the page it is a mail program's one click, whatever form its body has.
    await this.consent.unsubscribe(opened, act ?? 'topic-off');
    if (act) return readAnew(response);
    sendPage(response, unsubscribePage(await this.consent.unsubscribeState(opened, true)));
  }
}
