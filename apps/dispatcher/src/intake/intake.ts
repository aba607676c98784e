import {
  PartitionLost,
  type EventLog,
  type LogBatch,
  type LogConsumer,
  type Subscription,
} from '@app/event-log';
import type { Database } from '@app/persistence';
import { Fenced } from '../pipeline/commit-batch';
import { Wakeable } from '../wakeable';
import { HeadOfLog } from './head-of-log';
import { PartitionWorker } from './partition-worker';
import { RuleChangeFeed } from './rule-change-feed';
import type { WorkerSurroundings } from './worker-surroundings';

/** How often partitions look at their clocks: a timer is late by this and the grace at most. */
const TICK_MS = 250;
const NOTICES_MS = 1_000;
/** Notices that one look finds at most; the next look is at once where there were as many. */
const NOTICES_AT_ONCE = 1_000;

/** Reads the event log: one worker for each partition that this process owns. */
export class Intake implements LogConsumer {
  private readonly workers = new Map<number, PartitionWorker>();
  private subscription: Subscription | undefined;
  private readonly around: WorkerSurroundings;
  private readonly feed: RuleChangeFeed;
  private readonly notices: Wakeable;
  private ticking: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly database: Database,
    around: Omit<WorkerSurroundings, 'head'>,
  ) {
    this.around = { ...around, head: new HeadOfLog(log, around.now) };
    this.feed = new RuleChangeFeed(around.stores.instances, (ruleIds) => this.rulesChanged(ruleIds));
    const onTrouble = (error: unknown): void => around.onTrouble('notices have to wait', error);
    this.notices = new Wakeable(() => this.tellNotices(), onTrouble);
  }

  /** Listens for rule changes before it takes a partition, so that none falls between loading and listening. */
  async start(): Promise<void> {
    await this.feed.open(this.database);
    this.subscription = await this.log.subscribe(this);
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.notices.wake();
  }

  /** Finishes the batches under way, gives the partitions back. */
  async stop(): Promise<void> {
    clearInterval(this.ticking);
    const quiet = this.notices.stop();
    await this.subscription?.stop();
    await quiet;
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

  private tick(): void {
    for (const worker of this.workers.values()) void worker.tick();
  }

  /** Repeats, digests, and what a mute held back until now. */
  private async tellNotices(): Promise<boolean> {
    const { stores, now } = this.around;
    this.notices.wakeIn(NOTICES_MS);
    // Asked for partitions that cannot tell them yet, what is due would stay so, and keep out what others could tell.
    const deciding = this.partitions.filter((partition) => this.workers.get(partition)?.isDeciding);
    const due = await stores.instances.withNoticeDue(deciding, now(), NOTICES_AT_ONCE);
    const byPartition = Map.groupBy(due, ({ partition }) => partition);
    await Promise.all(
      [...byPartition].map(([partition, found]) =>
        this.workers
          .get(partition)
          ?.remind(found.map(({ instanceId }) => instanceId))
          .catch(unlessLost),
      ),
    );
    return due.length === NOTICES_AT_ONCE;
  }

  private async rulesChanged(ruleIds: readonly string[]): Promise<void> {
    await Promise.all(
      [...this.workers.values()].map((worker) => worker.rulesChanged(ruleIds).catch(unlessLost)),
    );
  }
}

/** A partition that is lost is another owner's, who loads the newest state of everything. */
function unlessLost(error: unknown): void {
  if (!(error instanceof Fenced)) throw error;
}
