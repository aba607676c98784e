import {
  PartitionLost,
  type EventLog,
  type LogBatch,
  type LogConsumer,
  type Subscription,
} from '@app/event-log';
import type { Database } from '@app/persistence';
import { Fenced } from '../pipeline/commit-batch';
import { PartitionWorker } from './partition-worker';
import { RuleChangeFeed } from './rule-change-feed';
import type { WorkerSurroundings } from './worker-surroundings';

/** Reads the event log: one worker for each partition that this process owns. */
export class Intake implements LogConsumer {
  private readonly workers = new Map<number, PartitionWorker>();
  private subscription: Subscription | undefined;
  private readonly feed: RuleChangeFeed;

  constructor(
    private readonly log: EventLog,
    private readonly database: Database,
    private readonly around: WorkerSurroundings,
  ) {
    this.feed = new RuleChangeFeed(around.stores.instances, (ruleIds) => this.rulesChanged(ruleIds));
  }

  /** Listens for rule changes before it takes a partition, so that none falls between loading and listening. */
  async start(): Promise<void> {
    await this.feed.open(this.database);
    this.subscription = await this.log.subscribe(this);
  }

  /** Finishes the batches under way, gives the partitions back. */
  async stop(): Promise<void> {
    await this.subscription?.stop();
    await this.feed.close();
  }

  get partitions(): number[] {
    return [...this.workers.keys()].sort((a, b) => a - b);
  }

  async assigned(partition: number): Promise<number> {
    await this.workers.get(partition)?.release();
    const worker = await PartitionWorker.take(partition, this.around);
    // Known before it loads its rules: a change that comes while it does waits in its queue, and is not missed.
    this.workers.set(partition, worker);
    await worker.open();
    return worker.startOffset;
  }

  async batch(batch: LogBatch, signal: AbortSignal): Promise<void> {
    const worker = this.workers.get(batch.partition);
    if (!worker) throw new PartitionLost(batch.partition);
    try {
      await worker.batch(batch, signal);
    } catch (error) {
      if (error instanceof Fenced) throw new PartitionLost(batch.partition);
      throw error;
    }
  }

  async revoked(partition: number): Promise<void> {
    const worker = this.workers.get(partition);
    this.workers.delete(partition);
    await worker?.release();
  }

  private async rulesChanged(ruleIds: readonly string[]): Promise<void> {
    const unlessLost = (error: unknown): void => {
      if (!(error instanceof Fenced)) throw error; // the new owner loads the newest rules
    };
    await Promise.all(
      [...this.workers.values()].map((worker) => worker.rulesChanged(ruleIds).catch(unlessLost)),
    );
  }
}
