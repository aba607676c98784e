import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Post,
  Query,
  Sse,
  type MessageEvent,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { InboxReadingStore, type InboxMessage } from '@app/persistence';
import { Caller, CustomerId, CustomerResource, Id } from '../access/access.decorators';
import type { Principal } from '../access/principal';
import { readNumberCursor, toPage } from '../http/page';
import { notFound, tooMany } from '../http/problem';
import { InboxFeed, MOST_STREAMS } from './inbox-feed';
import { inboxStream } from './inbox-stream';
import { InboxMessageView, InboxPage, InboxQuery, ReadAllDto, ReadAllView } from './inbox.dto';

@ApiTags('inbox')
@CustomerResource()
@Controller(['v1/me/inbox', 'v1/customers/:customerId/inbox'])
export class InboxController {
  constructor(
    private readonly inbox: InboxReadingStore,
    private readonly feed: InboxFeed,
  ) {}

  /** What the customer was told, newest first. */
  @Get()
  async list(
    @CustomerId() customerId: string,
    @Query() { limit, cursor, unread }: InboxQuery,
  ): Promise<InboxPage> {
    const [rows, unreadCount] = await Promise.all([
      this.inbox.list(customerId, readNumberCursor(cursor), limit + 1, unread),
      this.inbox.countUnread(customerId),
    ]);
    return { ...toPage(rows, limit, (message) => message.seq, toView), unreadCount };
  }

  /**
   * What comes, as server-sent events: `message`, and `unread` with the count. `Last-Event-ID` goes on where a broken
   * stream ended. Ends when the caller's token does, after an hour at most.
   */
  @Sse('stream')
  stream(
    @CustomerId() customerId: string,
    @Caller() caller: Principal,
    @Headers('last-event-id') lastEventId?: string,
  ): Observable<MessageEvent> {
    const wakes = this.feed.watch(customerId);
    if (!wakes) throw tooMany(`${MOST_STREAMS} streams are open for this customer.`, 10_000);
    const after = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : null;
    const provenForMs = caller.kind === 'customer' ? caller.expiresAt - Date.now() : Infinity;
    return inboxStream(this.inbox, wakes, { customerId, after, provenForMs });
  }

  /** Marks everything read, up to the newest message that was on the screen. */
  @Post('read')
  @HttpCode(200)
  async readAll(@CustomerId() customerId: string, @Body() { newest }: ReadAllDto): Promise<ReadAllView> {
    return { read: await this.inbox.markAllRead(customerId, newest ?? null) };
  }

  /** Marks one message read; again changes nothing. What was to follow unless it was seen does not follow. */
  @Post(':deliveryId/read')
  @HttpCode(200)
  async read(
    @CustomerId() customerId: string,
    @Id('deliveryId') deliveryId: string,
  ): Promise<InboxMessageView> {
    const message = await this.inbox.markRead(customerId, deliveryId);
    if (!message) throw notFound('message');
    return toView(message);
  }
}

function toView({ seq: _seq, ...message }: InboxMessage): InboxMessageView {
  return message;
}
