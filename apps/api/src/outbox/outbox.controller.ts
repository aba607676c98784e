import { Controller, Get, Header, Query, Req, Res, Sse, type MessageEvent } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { interval, map, merge, takeUntil, type Observable } from 'rxjs';
import { OutboxReadingStore } from '@app/persistence';
import { OutboxPage } from '../access/access.decorators';
import type { WithNonce } from '../http/security-headers';
import { outboxPage } from './page/outbox-page';
import { OutboxFeed } from './outbox-feed';
import { OutboxPageView, OutboxQuery } from './outbox.dto';

const STILL_HERE_MS = 20_000;

/** Every message that the outbox provider took, as its reader would see it. */
@ApiTags('outbox')
@OutboxPage()
@Controller('outbox')
export class OutboxController {
  constructor(
    private readonly store: OutboxReadingStore,
    private readonly feed: OutboxFeed,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @ApiExcludeEndpoint()
  page(@Res({ passthrough: true }) response: Response): string {
    return outboxPage((response as Response & WithNonce).cspNonce ?? '');
  }

  /** Messages as data: after a number oldest first, otherwise newest first. */
  @Get('messages')
  @Header('Cache-Control', 'no-store')
  async messages(@Query() { after, before, limit }: OutboxQuery): Promise<OutboxPageView> {
    if (after !== undefined) return { items: await this.store.after(after, limit) };
    return { items: await this.store.before(before ?? Number.MAX_SAFE_INTEGER, limit) };
  }

  /** New messages as server-sent events; the event id is the message's number. */
  @Sse('stream')
  @ApiExcludeEndpoint()
  stream(@Query() { after }: OutboxQuery, @Req() request: Request): Observable<MessageEvent> {
    const last = Number(request.headers['last-event-id'] ?? after ?? 0);
    const messages = this.feed.watch(Number.isSafeInteger(last) ? last : 0);
    const events = messages.pipe(map((message) => ({ id: String(message.seq), data: message })));
    const beats = interval(STILL_HERE_MS).pipe(
      // A comment: an event would be given an id of its own, from which a broken stream would then go on.
      map((): MessageEvent => ({ comment: 'still here' })),
      takeUntil(this.feed.ended),
    );
    return merge(events, beats);
  }
}
