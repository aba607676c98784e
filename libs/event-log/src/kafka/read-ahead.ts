import type { LogBatch } from '../event-log';
import type { PartitionFeed } from '../partition-feed';

/** So many records may wait for the batch before them; with more, nothing is fetched until they are taken. */
const WAITING_AT_MOST = 5_000;

/**
 * What has been fetched of one partition while its consumer is still busy with the batch before. kafkajs fetches
 * again only when every batch of the last fetch has been given back: without this, one commit keeps the records of
 * all partitions waiting, and nothing is fetched while commits are under way.
 */
export class ReadAhead {
  private waiting: LogBatch[] = [];
  private records = 0;
  private working: Promise<void> | undefined;
  private room: (() => void)[] = [];

  /** @param committed called after each batch that the consumer has committed */
  constructor(
    readonly feed: PartitionFeed,
    private readonly committed: (feed: PartitionFeed) => void,
  ) {}

  /** Only while the feed is open. Resolves when there is room for more, which is mostly at once. */
  async take(batch: LogBatch): Promise<void> {
    this.waiting.push(batch);
    this.records += batch.records.length;
    this.working ??= this.work();
    if (this.records > WAITING_AT_MOST) await new Promise<void>((resolve) => this.room.push(resolve));
  }

  /** Forgets what waits, asks whoever has a batch to end soon, and resolves when that has happened. */
  async end(): Promise<void> {
    this.forget();
    this.feed.hurry();
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0 && this.feed.ready) {
      const batch = together(this.waiting);
      this.forget();
      if (await this.feed.deliver(batch)) this.committed(this.feed);
      // What follows a batch that was not committed is fetched again, after it.
      else this.forget();
    }
    this.forget();
    this.working = undefined;
  }

  private forget(): void {
    this.waiting = [];
    this.records = 0;
    for (const resolve of this.room.splice(0)) resolve();
  }
}

function together(batches: LogBatch[]): LogBatch {
  const last = batches[batches.length - 1];
  return batches.length === 1 ? last : { ...last, records: batches.flatMap(({ records }) => records) };
}
