import type { EventLog, LogRecord } from '@app/event-log';
import { MetricStore } from '@app/persistence';
import { HeadOfLog } from '../../apps/dispatcher/src/intake/head-of-log';
import { PartitionWorker } from '../../apps/dispatcher/src/intake/partition-worker';
import { StoredCatalogue } from '../../apps/dispatcher/src/intake/stored-catalogue';
import type { WorkerSurroundings } from '../../apps/dispatcher/src/intake/worker-surroundings';
import { DispatcherMetrics } from '../../apps/dispatcher/src/observability/dispatcher-metrics';
import { openStores } from '../../apps/dispatcher/src/pipeline/open-stores';
import type { TestDatabase } from './test-database';
import { World, anEvent } from './world';

/** What a wall clock is ahead of the log's, so that everything before it has surely been read. */
const GRACE_MS = 500;

/**
 * A partition with its real worker on a real database, and a log and a clock that only the test moves: seconds and
 * hours pass at once, and the worker can be lost between any two steps.
 */
export class TestPartition {
  readonly world: World;
  /** Epoch ms; the log's clock when nothing is waiting is half a second less. */
  now: number;
  /** The log has taken a record that the worker has not been given. */
  hasUnread = false;
  private readonly records: LogRecord[] = [];
  private readonly lost: PartitionWorker[] = [];
  private current: PartitionWorker | undefined;

  private constructor(
    private readonly own: TestDatabase,
    readonly around: WorkerSurroundings,
    readonly start: number,
  ) {
    this.now = start;
    this.world = new World(own.database, { partitionOf: () => 0 });
    Object.assign(around, {
      now: () => this.now,
      head: new HeadOfLog({ endOffsets: () => Promise.resolve(this.ends) }, () => this.now),
    });
  }

  /** @param start epoch ms at which the story begins */
  static async open(own: TestDatabase, start: number): Promise<TestPartition> {
    const onTrouble = (message: string, error: unknown): never => {
      throw new Error(message, { cause: error });
    };
    const around = {
      stores: openStores(own.database, 'test'),
      log: { partitionOf: () => 0 } as unknown as EventLog,
      ...{ logName: 'test', owner: 'test', onRaised: () => undefined, onTrouble },
      catalogue: new StoredCatalogue(new MetricStore(own.database)),
      metrics: new DispatcherMetrics(),
    };
    const partition = new TestPartition(own, around as unknown as WorkerSurroundings, start);
    await partition.world.metric();
    await partition.world.customer('ana', { sms: '+15550100001' });
    return partition;
  }

  private get ends(): Map<number, number> {
    return new Map([[0, this.records.length + (this.hasUnread ? 1 : 0)]]);
  }

  get worker(): PartitionWorker {
    if (!this.current) throw new Error('nobody has taken the partition');
    return this.current;
  }

  /** A worker takes the partition and reads what the one before has left to read; that one knows nothing of it. */
  async take(): Promise<void> {
    if (this.current) this.lost.push(this.current);
    await this.around.catalogue.refresh();
    this.current = await PartitionWorker.take(0, this.around);
    await this.current.open();
    const rest = this.records.slice(this.current.startOffset);
    if (rest.length > 0) await this.deliver(rest);
  }

  /** A measurement made and logged at this many ms after the start, or measured then and logged later. */
  async event(
    value: string,
    afterMs: number,
    more: Record<string, unknown> & { loggedMs?: number } = {},
  ): Promise<void> {
    const { loggedMs = afterMs, ...rest } = more;
    await this.arrive([{ value, afterMs, loggedMs, rest }]);
  }

  /** Several measurements in one batch. */
  async events(events: readonly [value: string, afterMs: number][]): Promise<void> {
    await this.arrive(events.map(([value, afterMs]) => ({ value, afterMs, loggedMs: afterMs, rest: {} })));
  }

  /** Lets the log's clock come to this many ms after the start, with nothing to read, and does what is due by then. */
  async pass(afterMs: number): Promise<void> {
    this.now = this.start + afterMs + GRACE_MS;
    await this.worker.tick();
    const { instances } = this.around.stores;
    const due = await instances.withNoticeDue([0], this.now, 100);
    if (due.length > 0) await this.worker.remind(due.map(({ instanceId }) => instanceId));
  }

  /** Rules were written; the worker hears of it. */
  async changed(...ruleIds: string[]): Promise<void> {
    await this.worker.rulesChanged(ruleIds);
  }

  async rows<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.own.database.query<Row>(sql, parameters);
  }

  async close(): Promise<void> {
    for (const worker of [...this.lost, ...(this.current ? [this.current] : [])]) await worker.release();
  }

  private async arrive(
    events: readonly { value: string; afterMs: number; loggedMs: number; rest: Record<string, unknown> }[],
  ): Promise<void> {
    const arrived = events.map(({ value, afterMs, loggedMs, rest }, index) => {
      const time = new Date(this.start + afterMs).toISOString();
      const event = anEvent(value, { time, ...rest });
      const appendedAt = this.start + loggedMs;
      this.now = Math.max(this.now, appendedAt);
      return {
        offset: this.records.length + index,
        key: event.key,
        value: Buffer.from(event.value),
        appendedAt,
      };
    });
    this.records.push(...arrived);
    await this.deliver(arrived);
  }

  private async deliver(records: LogRecord[]): Promise<void> {
    const batch = { partition: 0, records, endOffset: this.records.length };
    await this.worker.batch(batch, new AbortController().signal);
  }
}
