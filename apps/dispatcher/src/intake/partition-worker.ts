import type { LogBatch, LogRecord } from '@app/event-log';
import type { PartitionPosition } from '@app/persistence';
import { PartitionMatcher, type InstanceChange } from '@app/rules';
import { Fenced, commitBatch, type BatchEffects } from '../pipeline/commit-batch';
import { matchBatch, replayBatch, type BatchMatch, type MatchContext } from '../pipeline/match-batch';
import { raiseAlerts, type Raised } from '../pipeline/raise-alerts';
import { deadLettersOf, lastStates } from './batch-effects';
import { CheckpointClock } from './checkpoint-clock';
import { insist } from './insist';
import { applyRuleChanges, type AppliedChanges } from './rule-changes';
import type { WorkerSurroundings } from './worker-surroundings';

/** A log that has dropped the records between checkpoint and offset never sends them: then loading starts anyway. */
const REPLAY_PATIENCE_MS = 5_000;

type PartialEffects = Pick<BatchEffects, 'states' | 'deadLetters'> & { raise: () => Promise<Raised> };

/**
 * One partition: its rules in memory, its place in the log, and the stages from a record to its committed effect.
 * All its work passes one queue, so batches, rule changes and checkpoints never interleave.
 */
export class PartitionWorker {
  private readonly matcher = new PartitionMatcher();
  private readonly clock = new CheckpointClock();
  private readonly ending = new AbortController();
  /** First offset not yet walked; the stored one follows with the next effect, or within a second. */
  private readTo: number;
  private queue: Promise<unknown> = Promise.resolve();
  private armed = false;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    readonly partition: number,
    private readonly around: WorkerSurroundings,
    private readonly position: PartitionPosition,
    private readonly setAside: ReadonlySet<number>,
  ) {
    this.readTo = position.nextOffset;
  }

  /** Takes the partition in the store, then loads: every earlier owner is fenced from here on. */
  static async take(partition: number, around: WorkerSurroundings): Promise<PartitionWorker> {
    const { stores, logName, owner } = around;
    const position = await stores.partitions.take(logName, partition, owner);
    const setAside = await stores.deadLetters.offsetsFrom(logName, partition, position.checkpointOffset);
    const worker = new PartitionWorker(partition, around, position, setAside);
    for (const { metric, subject, value, at } of await stores.series.load(partition)) {
      worker.matcher.restore(metric, subject, value, at);
    }
    if (position.checkpointOffset === position.nextOffset) await worker.serial(() => worker.arm());
    else worker.later(REPLAY_PATIENCE_MS, () => worker.arm());
    return worker;
  }

  /** Where reading starts: records before the committed offset only bring last values back. */
  get startOffset(): number {
    return this.position.checkpointOffset;
  }

  /**
   * Resolves when the batch's effects are committed; rejects with `Fenced` if another owner has the partition.
   * A batch without effects moves the stored offset later: read again, its events change nothing again.
   */
  async batch(batch: LogBatch, signal: AbortSignal): Promise<void> {
    await this.serial(async () => {
      if (this.ending.signal.aborted) throw new Fenced();
      const known = batch.records.filter((record) => record.offset < this.readTo);
      const fresh = batch.records.slice(known.length);
      replayBatch(known, this.setAside, this.context());
      if (fresh.length > 0 || known.at(-1)?.offset === this.readTo - 1) await this.arm();
      if (fresh.length > 0) await this.takeFresh(fresh, signal).catch((error: unknown) => this.giveUp(error));
      this.around.metrics.lag.set(this.label, Math.max(0, batch.endOffset - this.readTo));
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
    clearTimeout(this.timer);
    this.around.metrics.lag.remove(this.label);
    this.around.metrics.instances.remove(this.label);
  }

  /** Memory has moved and the store has not: only a worker loaded anew may go on. */
  private giveUp(error: unknown): never {
    this.ending.abort();
    throw error;
  }

  private async takeFresh(records: readonly LogRecord[], signal: AbortSignal): Promise<void> {
    const match = await this.match(records, signal);
    if (match.misplaced.length > 0) await this.sendHome(match, signal);
    const { changes, refused, causedAt } = match;
    const effects: PartialEffects = {
      states: lastStates(changes),
      deadLetters: deadLettersOf(refused, this.around.logName, this.partition),
      raise: () => this.raise(changes, causedAt),
    };
    this.readTo = (records.at(-1)?.offset ?? 0) + 1;
    const hasEffects = effects.states.length > 0 || effects.deadLetters.length > 0;
    if (hasEffects || this.clock.isDue(this.around.now(), this.unwritten)) await this.commit(effects, signal);
    else this.later(this.clock.waitMs(this.around.now()), () => this.checkpoint());
    this.count(match, records.length);
  }

  /** An unknown metric may just have been defined: the catalogue is read again before an event is refused for it. */
  private async match(records: readonly LogRecord[], signal: AbortSignal): Promise<BatchMatch> {
    const match = matchBatch(records, this.context());
    const unheardOf = match.refused.filter((refused) => refused.reason === 'unknownMetric');
    if (unheardOf.length === 0) return match;
    let refreshed = false;
    await insist(signal, this.trouble('read the catalogue'), async () => {
      refreshed = await this.around.catalogue.refresh();
    });
    if (!refreshed) return match;
    match.refused = match.refused.filter((refused) => refused.reason !== 'unknownMetric');
    const again = unheardOf.map((refused) => refused.record);
    return matchBatch(again, this.context(), match);
  }

  /** A publisher with another partitioner than the log's: the event goes to where its rules are. */
  private async sendHome(match: BatchMatch, signal: AbortSignal): Promise<void> {
    const records = match.misplaced.map(({ subject, record }) => ({ key: subject, value: record.value }));
    await insist(signal, this.trouble('send events home'), () => this.around.log.append(records));
  }

  private trouble(what: string): (error: unknown) => void {
    return (error) => this.around.onTrouble(`partition ${this.partition} cannot ${what} yet`, error);
  }

  private async raise(
    changes: readonly InstanceChange[],
    causedAt: readonly number[],
    versions?: ReadonlyMap<number, number>,
  ): Promise<Raised> {
    const ids = changes.filter((change) => change.transition !== 'none').map((change) => change.instanceId);
    if (ids.length === 0) return { opened: [], ended: [], notifications: [] };
    const contexts = await this.around.stores.alerts.contextsOf([...new Set(ids)]);
    for (const [id, version] of versions ?? []) {
      const context = contexts.get(id);
      if (context) context.conditionVersion = version;
    }
    return raiseAlerts(changes, causedAt, contexts);
  }

  /** Loads the partition's rules; from here on events decide. */
  private async arm(): Promise<void> {
    if (this.armed) return;
    const stored = await this.around.stores.instances.load(this.partition);
    await this.persist(applyRuleChanges(this.matcher, stored, this.around.now()));
    this.armed = true;
  }

  private async persist(applied: AppliedChanges): Promise<void> {
    this.around.metrics.instances.set(this.label, this.matcher.instanceCount);
    if (applied.states.length === 0 && applied.ended.length === 0) return;
    const now = this.around.now();
    const raise = async (): Promise<Raised> => {
      const raised = await this.raise(
        applied.changes,
        applied.changes.map(() => now),
        applied.versions,
      );
      return { ...raised, ended: [...applied.ended, ...raised.ended] };
    };
    await this.commit({ states: applied.states, deadLetters: [], raise }, this.ending.signal);
    for (const change of applied.changes)
      this.around.metrics.transitions.inc({ transition: change.transition });
  }

  private async checkpoint(): Promise<void> {
    if (!this.armed || this.unwritten === 0) return;
    const nothing: PartialEffects = { states: [], deadLetters: [], raise: () => this.raise([], []) };
    await this.commit(nothing, this.ending.signal, true);
  }

  /** Commits behind the fence, for as long as it takes; a commit whose answer was lost is looked for, not repeated. */
  private async commit(effects: PartialEffects, signal: AbortSignal, flush = false): Promise<void> {
    const { epoch, nextOffset: from } = this.position;
    const { stores, logName: log, now } = this.around;
    const to = this.readTo;
    const checkpoint = flush || this.clock.isDue(now(), this.unwritten);
    const values = checkpoint ? this.matcher.drainDirty() : [];
    const move = { log, partition: this.partition, epoch, from, to, checkpoint };
    const began = now();
    await insist(signal, this.trouble('commit'), async (again) => {
      if (again && (await this.hasCommitted(from, to))) return;
      await commitBatch(stores, { ...effects, raised: await effects.raise(), move, values });
    });
    this.position.nextOffset = to;
    this.around.metrics.commitSeconds.observe((now() - began) / 1000);
    if (checkpoint) this.clock.done(now(), now() - began);
    if (this.unwritten > 0) this.later(this.clock.waitMs(now()), () => this.checkpoint());
  }

  private async hasCommitted(from: number, to: number): Promise<boolean> {
    const { stores, logName } = this.around;
    const found = await stores.partitions.position(logName, this.partition);
    if (found?.epoch !== this.position.epoch) throw new Fenced();
    return to !== from && found.nextOffset === to;
  }

  private count(match: BatchMatch, records: number): void {
    const { metrics } = this.around;
    const { length: refused } = match.refused;
    const { length: misplaced } = match.misplaced;
    metrics.events.inc({ outcome: 'evaluated' }, records - refused - misplaced - match.older);
    if (refused > 0) metrics.events.inc({ outcome: 'refused' }, refused);
    if (misplaced > 0) metrics.events.inc({ outcome: 'sentHome' }, misplaced);
    if (match.older > 0) metrics.events.inc({ outcome: 'older' }, match.older);
    for (const { reason } of match.refused) metrics.deadLetters.inc({ reason });
    for (const { transition } of match.changes) metrics.transitions.inc({ transition });
  }

  private context(): MatchContext {
    const { log, catalogue, now } = this.around;
    const isHome = (subject: string): boolean => log.partitionOf(subject) === this.partition;
    return { matcher: this.matcher, metrics: catalogue.current(), isHome, now: now() };
  }

  /** What a checkpoint would write: last values, and the offset itself. */
  private get unwritten(): number {
    return this.matcher.dirtyCount + (this.readTo > this.position.nextOffset ? 1 : 0);
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
