import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { EventLogStore } from '@app/persistence';
import { AppendQueue, type NewRecord } from '../append-queue';
import type { EventLog, LogConsumer, Subscription } from '../event-log';
import { partitionForKey } from '../murmur2';
import type { Report } from '../report';
import { RECORDS_AT_ONCE } from './partition-pump';
import { PostgresSubscription } from './postgres-subscription';

export interface PostgresEventLogOptions {
  /** On a migrated database. It is not closed with the log. */
  store: EventLogStore;
  /** Of a log that has to be created; one that exists keeps its own. Default 8. */
  partitions?: number;
  report?: Report;
}

const DEFAULT_PARTITIONS = 8;

/**
 * The road for an installation that fits on one machine: a table, read by partition, woken by NOTIFY.
 * @see docs/ARCHITECTURE.md
 */
export class PostgresEventLog implements EventLog {
  readonly kind = 'postgres';
  private readonly queue = new AppendQueue((records) => this.write(records));
  private subscription: PostgresSubscription | undefined;
  private known = 0;

  constructor(private readonly options: PostgresEventLogOptions) {}

  get partitions(): number {
    return this.known;
  }

  partitionOf(key: string): number {
    return partitionForKey(key, this.known);
  }

  async open(): Promise<void> {
    if (this.known > 0) return;
    this.known = await this.options.store.createPartitions(this.options.partitions ?? DEFAULT_PARTITIONS);
  }

  append(records: readonly NewRecord[]): Promise<void> {
    return this.queue.append(records);
  }

  private async write(records: readonly NewRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += RECORDS_AT_ONCE) {
      const part = records.slice(from, from + RECORDS_AT_ONCE);
      await this.options.store.append(
        part.map(({ key, value }) => ({ partition: this.partitionOf(key), key, value })),
      );
    }
  }

  async subscribe(consumer: LogConsumer): Promise<Subscription> {
    if (this.subscription) throw new Error('this log is already subscribed to');
    this.subscription = new PostgresSubscription({
      store: this.options.store,
      member: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
      partitions: this.known,
      consumer,
      report: this.options.report ?? (() => undefined),
    });
    await this.subscription.start();
    return this.subscription;
  }

  endOffsets(): Promise<ReadonlyMap<number, number>> {
    return this.options.store.endOffsets();
  }

  async healthy(): Promise<boolean> {
    return this.options.store.read(0, 0, 1).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    await this.queue.drained();
    await this.subscription?.stop();
  }
}
