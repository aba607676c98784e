import type { BeforeApplicationShutdown } from '@nestjs/common';
import { Observable, Subject } from 'rxjs';
import type { Database } from '@app/persistence';

/** Open at once for one customer in this process: a few tabs and devices, and no way to use up the process. */
export const MOST_STREAMS = 8;

/** Wakes whoever watches a customer's inbox; what is new they read for themselves. */
export class InboxFeed implements BeforeApplicationShutdown {
  private readonly watchers = new Map<string, Set<Subject<void>>>();

  constructor(private readonly database: Pick<Database, 'listen'>) {}

  async start(): Promise<void> {
    await this.database.listen(
      'inbox',
      (customerId) => this.wake(this.watchers.get(customerId) ?? []),
      () => this.wake([...this.watchers.values()].flatMap((own) => [...own])),
    );
  }

  /** @returns emits whenever there may be something new, ends with the process; null where too many watch already */
  watch(customerId: string): Observable<void> | null {
    if ((this.watchers.get(customerId)?.size ?? 0) >= MOST_STREAMS) return null;
    return new Observable((subscriber) => {
      const own = this.watchers.get(customerId) ?? new Set();
      const wakes = new Subject<void>();
      this.watchers.set(customerId, own.add(wakes));
      const subscription = wakes.subscribe(subscriber);
      return () => {
        subscription.unsubscribe();
        own.delete(wakes);
        if (own.size === 0) this.watchers.delete(customerId);
      };
    });
  }

  /** Open streams would keep the server from closing. */
  beforeApplicationShutdown(): void {
    for (const own of this.watchers.values()) for (const wakes of [...own]) wakes.complete();
  }

  private wake(watchers: Iterable<Subject<void>>): void {
    for (const wakes of watchers) wakes.next();
  }
}
