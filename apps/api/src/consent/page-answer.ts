import { HttpException } from '@nestjs/common';
import type { Response } from 'express';
import type { WithNonce } from '../http/security-headers';
import { pageText, type Page } from './page';
import { deadLinkPage } from './verify-page';

/** Sends a page that nobody may keep: what it shows is one customer's. */
export function sendPage(response: Response, page: Page, status = 200): void {
  response
    .status(status)
    .setHeader('Cache-Control', 'no-store')
    .setHeader('X-Robots-Tag', 'noindex')
    .type('text/html; charset=utf-8')
    .send(pageText(page, (response as Response & WithNonce).cspNonce ?? ''));
}

export function sendDeadLink(response: Response): void {
  sendPage(response, deadLinkPage(), 404);
}

/** After a change the page is read anew, so that going back or loading again repeats nothing. */
export function readAnew(response: Response): void {
  response.redirect(303, '?done=1');
}

/** The token of a page's address; what is no text is no token. */
export function tokenOf(params: Readonly<Record<string, unknown>>): string {
  const { token } = params;
  if (typeof token !== 'string') throw new HttpException('Not found', 404);
  return token;
}
