import type { EventLogStore } from '@app/persistence';
import type { PartitionFeed } from '../partition-feed';
import type { Report } from '../report';

export const RECORDS_AT_ONCE = 10_000;
const RETRY_MS = 500;

/** Reads one partition into its feed for as long as there is something to read, and again whenever it is woken. */
export class PartitionPump {
  private running = false;
  private woken = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: EventLogStore,
    private readonly feed: PartitionFeed,
    private readonly report: Report,
  ) {}

  /** There may be something new, or the feed may be ready again. Returns at once. */
  wake(): void {
    this.woken = true;
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      while (this.woken && this.feed.ready) {
        this.woken = false;
        await this.readAll();
      }
    } catch (error) {
      this.report('the log could not be read', {
        partition: this.feed.partition,
        retryInMs: RETRY_MS,
        error,
      });
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.wake(), RETRY_MS);
    } finally {
      this.running = false;
    }
  }

  private async readAll(): Promise<void> {
    const { partition } = this.feed;
    while (this.feed.ready) {
      const { records, endOffset } = await this.store.read(partition, this.feed.offset, RECORDS_AT_ONCE);
      if (records.length === 0 || !this.feed.ready) return;
      await this.feed.deliver({ partition, records, endOffset });
      if (this.feed.offset >= endOffset) return;
    }
  }

  stop(): void {
    clearTimeout(this.retry);
  }
}
