import { Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { PublicLinks } from '@app/links';
import { ContactBookStore, type PointId } from '@app/persistence';
import { Open } from '../access/access.decorators';
import { hashLink } from '../contact-points/verification';
import { PUBLIC_LINKS } from './consent-token';
import { sendDeadLink, sendPage, tokenOf } from './page-answer';
import { verifiedPage, verifyPage } from './verify-page';

/** Proves an address by the link of the newest message, with a button: scanners open links. It works once. */
@ApiExcludeController()
@Open()
@Controller('v')
export class VerifyPageController {
  constructor(
    @Inject(PUBLIC_LINKS) private readonly links: PublicLinks | null,
    private readonly book: ContactBookStore,
  ) {}

  @Get(':token')
  async show(@Param() params: Record<string, unknown>, @Res() response: Response): Promise<void> {
    const token = tokenOf(params);
    const point = await this.pointOf(token);
    const hint = point && (await this.book.pointOfLink(point, hashLink(token)));
    if (hint === null) return sendDeadLink(response);
    sendPage(response, verifyPage(hint));
  }

  @Post(':token')
  async verify(@Param() params: Record<string, unknown>, @Res() response: Response): Promise<void> {
    const token = tokenOf(params);
    const point = await this.pointOf(token);
    const hint = point && (await this.book.pointOfLink(point, hashLink(token)));
    if (!point || hint === null || !(await this.book.tryLink(point, hashLink(token))))
      return sendDeadLink(response);
    sendPage(response, verifiedPage(hint));
  }

  private async pointOf(token: string): Promise<PointId | null> {
    const link = (await this.links?.read(token, 'verify')) ?? null;
    if (!link || link.contactPointId === null) return null;
    return { customerId: link.customerId, contactPointId: link.contactPointId };
  }
}
