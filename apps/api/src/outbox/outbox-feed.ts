import type { BeforeApplicationShutdown } from '@nestjs/common';
import { Observable, ReplaySubject, Subject } from 'rxjs';
import type { Database, OutboxMessage, OutboxReadingStore } from '@app/persistence';

/** A notification may be lost with its connection; looking anyway now and then makes that a delay, not a gap. */
const LOOK_ANYWAY_MS = 2_000;
const AT_ONCE = 200;
/** Numbers are given before commits, so one may appear below another that was seen: look back this far. */
const LOOK_BACK = 100;

/** Hands new outbox messages to whoever watches, with one reading for all of them. Watchers may get one twice. */
export class OutboxFeed implements BeforeApplicationShutdown {
  /** Emits once, when the process is stopping. */
  readonly ended = new ReplaySubject<void>(1);
  private readonly news = new Subject<OutboxMessage>();
  private watchers = 0;
  private newest = 0;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly store: OutboxReadingStore,
  ) {}

  async start(): Promise<void> {
    await this.database.listen('outbox', (seq) => {
      if (this.watchers > 0) this.enqueue(() => this.store.bySeq([Number(seq)]));
    });
  }

  /** @param after number from which the watcher has everything already */
  watch(after: number): Observable<OutboxMessage> {
    return new Observable((subscriber) => {
      const subscription = this.news.subscribe(subscriber);
      if (this.watchers++ === 0) this.timer = setInterval(() => this.lookAnyway(), LOOK_ANYWAY_MS).unref();
      // What came between the watcher's page and this moment.
      this.enqueue(() => this.store.after(Math.max(after - LOOK_BACK, 0), AT_ONCE));
      return () => {
        subscription.unsubscribe();
        if (--this.watchers === 0) clearInterval(this.timer);
      };
    });
  }

  /** Open streams would keep the server from closing. */
  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.ended.next();
    this.news.complete();
  }

  private lookAnyway(): void {
    this.enqueue(() => this.store.after(Math.max(this.newest - LOOK_BACK, 0), AT_ONCE));
  }

  /** One reading after the other, so that messages arrive in their order. */
  private enqueue(read: () => Promise<OutboxMessage[]>): void {
    this.reading = this.reading.then(read).then(
      (messages) => {
        for (const message of messages) {
          this.newest = Math.max(this.newest, message.seq);
          this.news.next(message);
        }
      },
      () => undefined, // the database is away; the next look finds what was missed
    );
  }
}
