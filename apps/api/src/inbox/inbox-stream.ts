import type { MessageEvent } from '@nestjs/common';
import {
  concatMap,
  endWith,
  from,
  ignoreElements,
  interval,
  map,
  merge,
  of,
  share,
  takeUntil,
  timer,
  type Observable,
} from 'rxjs';
import type { InboxMessage, InboxReadingStore } from '@app/persistence';

/** Shorter than proxies wait for a silent connection; also how late a lost wake-up makes a message. */
const BEAT_MS = 15_000;
/** Then the client comes back with a fresh proof of who it is, whatever the old one was good for. */
const LONGEST_MS = 3_600_000;
const AT_ONCE = 200;
/** Ids that were sent lately, to be recognised where a reading overlaps the one before. */
const REMEMBERED = 1_000;

export interface StreamWish {
  customerId: string;
  /** Number of the last message that the client has; null: it wants only what comes. */
  after: number | null;
  /** Ms until the caller's proof runs out. */
  provenForMs: number;
}

type InboxReader = Pick<InboxReadingStore, 'news' | 'newest' | 'countUnread'>;

/**
 * A customer's inbox as it grows: `message` for each new one, `unread` with the count when it changes, and comments so
 * that a dead connection shows. Every event's id is where to go on after a break; a message may then come twice.
 * @param wakes emits whenever there may be something new; its end ends the stream
 */
export function inboxStream(
  store: InboxReader,
  wakes: Observable<void>,
  wish: StreamWish,
): Observable<MessageEvent> {
  const reader = new NewsReader(store, wish);
  const woken = wakes.pipe(share());
  const looks = merge(of(undefined), woken, interval(BEAT_MS)).pipe(
    concatMap(() => reader.read().catch((): MessageEvent[] => [])), // the database is away; the next look finds it
    concatMap((events) => from(events)),
  );
  const beats = interval(BEAT_MS).pipe(map((): MessageEvent => ({ comment: 'still here' })));
  const provenUntil = timer(Math.min(Math.max(wish.provenForMs, 0), LONGEST_MS));
  const stopped = woken.pipe(ignoreElements(), endWith(true));
  return merge(looks, beats).pipe(takeUntil(merge(provenUntil, stopped)));
}

class NewsReader {
  private readonly sent = new Set<string>();
  private unread: number | null = null;
  private after: number | null;

  constructor(
    private readonly store: InboxReader,
    private readonly wish: StreamWish,
  ) {
    this.after = wish.after;
  }

  async read(): Promise<MessageEvent[]> {
    const { customerId } = this.wish;
    this.after ??= await this.store.newest(customerId);
    const news = await this.store.news(customerId, this.after, AT_ONCE);
    const unsent = news.filter(({ deliveryId }) => !this.sent.has(deliveryId));
    const events = unsent.map((message) => this.eventOf(message));
    const unread = await this.store.countUnread(customerId);
    if (unread !== this.unread) events.push({ id: String(this.after), type: 'unread', data: { unread } });
    this.unread = unread;
    return events;
  }

  private eventOf({ seq, ...message }: InboxMessage): MessageEvent {
    this.after = Math.max(this.after ?? 0, seq);
    this.sent.add(message.deliveryId);
    const [oldest = ''] = this.sent;
    if (this.sent.size > REMEMBERED) this.sent.delete(oldest);
    return { id: String(this.after), type: 'message', data: message };
  }
}
