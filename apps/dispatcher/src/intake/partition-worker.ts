import type { LogBatch, LogRecord } from '@app/event-log';
import { PartitionMatcher } from '@app/rules';
import { Fenced } from '../pipeline/commit-batch';
import { matchBatch, replayBatch, type BatchMatch, type MatchContext } from '../pipeline/match-batch';
import type { Raised } from '../pipeline/raise-alerts';
import { raiseAlertsOf } from '../pipeline/raise-alerts-of';
import { deadLettersOf, lastStates } from './batch-effects';
import { insist } from './insist';
import { PartitionLedger } from './partition-ledger';
import { applyRuleChanges, type AppliedChanges } from './rule-changes';
import type { WorkerSurroundings } from './worker-surroundings';

/** A log that has dropped the records between checkpoint and offset never sends them: then loading starts anyway. */
const REPLAY_PATIENCE_MS = 5_000;

/**
 * One partition: its rules in memory, and the stages from a record to its committed effect.
 * All its work passes one queue, so batches, rule changes and checkpoints never interleave.
 */
export class PartitionWorker {
  private readonly ending = new AbortController();
  private queue: Promise<unknown> = Promise.resolve();
  private armed = false;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    readonly partition: number,
    private readonly around: WorkerSurroundings,
    private readonly matcher: PartitionMatcher,
    private readonly ledger: PartitionLedger,
    private readonly setAside: ReadonlySet<number>,
  ) {}

  /** Takes the partition in the store, then reads its values: every earlier owner is fenced from here on. */
  static async take(partition: number, around: WorkerSurroundings): Promise<PartitionWorker> {
    const { stores, logName, owner } = around;
    const position = await stores.partitions.take(logName, partition, owner);
    const setAside = await stores.deadLetters.offsetsFrom(logName, partition, position.checkpointOffset);
    const matcher = new PartitionMatcher();
    const ledger = new PartitionLedger(partition, position, matcher, around);
    const worker = new PartitionWorker(partition, around, matcher, ledger, setAside);
    for (const { metric, subject, value, at } of await stores.series.load(partition)) {
      matcher.restore(metric, subject, value, at);
    }
    return worker;
  }

  /** Loads the rules, or leaves that to the end of the replay where last values have to come back first. */
  async open(): Promise<void> {
    if (this.ledger.hasToReplay) this.later(REPLAY_PATIENCE_MS, () => this.arm());
    else await this.serial(() => this.arm());
  }

  get startOffset(): number {
    return this.ledger.startOffset;
  }

  /**
   * Resolves when the batch's effects are committed; rejects with `Fenced` if another owner has the partition.
   * A batch without effects moves the stored offset later: read again, its events change nothing again.
   */
  async batch(batch: LogBatch, signal: AbortSignal): Promise<void> {
    // What stands before it in the queue may be waiting for the store: it must not hold up the end of the partition.
    const endWaiting = (): void => this.ending.abort();
    signal.addEventListener('abort', endWaiting, { once: true });
    await this.serial(async () => {
      signal.removeEventListener('abort', endWaiting);
      if (this.ending.signal.aborted) throw new Fenced();
      const { readTo } = this.ledger;
      const known = batch.records.filter((record) => record.offset < readTo);
      const fresh = batch.records.slice(known.length);
      replayBatch(known, this.setAside, this.context());
      if (fresh.length > 0 || known.at(-1)?.offset === readTo - 1) await this.arm();
      else this.later(REPLAY_PATIENCE_MS, () => this.arm());
      if (fresh.length > 0) await this.takeFresh(fresh, signal).catch((error: unknown) => this.giveUp(error));
      this.around.metrics.lag.set(this.label, Math.max(0, batch.endOffset - this.ledger.readTo));
    });
  }

  /** Rules changed in the store; they are in effect when this resolves. */
  async rulesChanged(ruleIds: readonly string[]): Promise<void> {
    await this.serial(async () => {
      if (!this.armed) return; // arming reads the newest rules anyway
      const stored = await this.around.stores.instances.ofRules(ruleIds, this.partition);
      await this.persist(applyRuleChanges(this.matcher, stored, this.around.now()));
    });
  }

  /** Ends the work under way, writes the last values if the partition is still ours, and forgets the rest. */
  async release(): Promise<void> {
    clearTimeout(this.timer);
    this.ending.abort();
    await this.serial(() => this.checkpoint()).catch(() => undefined);
    this.around.metrics.lag.remove(this.label);
    this.around.metrics.instances.remove(this.label);
  }

  private async takeFresh(records: readonly LogRecord[], signal: AbortSignal): Promise<void> {
    const match = await this.match(records, signal);
    if (match.misplaced.length > 0) await this.sendHome(match, signal);
    const { changes, refused, causedAt } = match;
    const { alerts } = this.around.stores;
    const states = lastStates(changes);
    const deadLetters = deadLettersOf(refused, this.around.logName, this.partition);
    this.ledger.readTo = (records.at(-1)?.offset ?? 0) + 1;
    if (states.length > 0 || deadLetters.length > 0 || this.ledger.checkpointIsDue) {
      const raise = (): Promise<Raised> => raiseAlertsOf(changes, causedAt, alerts);
      const { orphaned } = await this.ledger.commit({ states, deadLetters, raise }, signal);
      for (const instanceId of orphaned) this.matcher.disarm(instanceId);
    }
    this.scheduleCheckpoint();
    this.around.metrics.countBatch(match, records.length);
  }

  /** An unknown metric may just have been defined: the catalogue is read again before an event is refused for it. */
  private async match(records: readonly LogRecord[], signal: AbortSignal): Promise<BatchMatch> {
    const match = matchBatch(records, this.context());
    const unheardOf = match.refused.filter((refused) => refused.reason === 'unknownMetric');
    if (unheardOf.length === 0) return match;
    await insist(signal, this.trouble('read the catalogue'), () => this.around.catalogue.refresh());
    match.refused = match.refused.filter((refused) => refused.reason !== 'unknownMetric');
    const again = unheardOf.map((refused) => refused.record);
    return matchBatch(again, this.context(), match);
  }

  /** A publisher with another partitioner than the log's: the event goes to where its rules are. */
  private async sendHome(match: BatchMatch, signal: AbortSignal): Promise<void> {
    const records = match.misplaced.map(({ subject, record }) => ({ key: subject, value: record.value }));
    await insist(signal, this.trouble('send events home'), () => this.around.log.append(records));
  }

  /** Memory has moved and the store has not: only a worker loaded anew may go on, and nothing of this one is kept. */
  private giveUp(error: unknown): never {
    this.armed = false;
    this.ending.abort();
    throw error;
  }

  /** Loads the partition's rules; from here on events decide. */
  private async arm(): Promise<void> {
    if (this.armed) return;
    const stored = await this.around.stores.instances.load(this.partition);
    await this.persist(applyRuleChanges(this.matcher, stored, this.around.now()));
    this.armed = true;
  }

  private async persist({ states, changes, ended, versions }: AppliedChanges): Promise<void> {
    this.around.metrics.instances.set(this.label, this.matcher.instanceCount);
    if (states.length === 0 && ended.length === 0) return;
    const causedAt = changes.map(() => this.around.now());
    const raise = async () => {
      const raised = await raiseAlertsOf(changes, causedAt, this.around.stores.alerts, versions);
      return { ...raised, ended: [...ended, ...raised.ended] };
    };
    await this.ledger.commit({ states, deadLetters: [], raise }, this.ending.signal);
    this.around.metrics.countChanges(changes);
  }

  private async checkpoint(): Promise<void> {
    if (this.armed) await this.ledger.checkpoint(this.ending.signal);
  }

  private scheduleCheckpoint(): void {
    if (this.ledger.isBehind) this.later(this.ledger.checkpointInMs, () => this.checkpoint());
  }

  private context(): MatchContext {
    const { log, catalogue, now } = this.around;
    const isHome = (subject: string): boolean => log.partitionOf(subject) === this.partition;
    return { matcher: this.matcher, metrics: catalogue.current(), isHome, now: now() };
  }

  private trouble(what: string): (error: unknown) => void {
    return (error) => this.around.onTrouble(`partition ${this.partition} cannot ${what} yet`, error);
  }

  private get label(): { partition: string } {
    return { partition: String(this.partition) };
  }

  private serial<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** One timer at a time; its work may fail quietly, since the next batch meets the same trouble and tells it. */
  private later(ms: number, work: () => Promise<void>): void {
    clearTimeout(this.timer);
    if (this.ending.signal.aborted) return;
    this.timer = setTimeout(() => void this.serial(work).catch(() => undefined), ms);
  }
}
