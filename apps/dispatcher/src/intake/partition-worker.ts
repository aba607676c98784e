import type { LogBatch, LogRecord } from '@app/event-log';
import { PartitionMatcher, type InstanceChange } from '@app/rules';
import { Fenced } from '../pipeline/commit-batch';
import {
  clockOf,
  finishEvent,
  matchBatch,
  replayBatch,
  type BatchMatch,
  type MatchContext,
} from '../pipeline/match-batch';
import { deadLettersOf, pagesOf } from './batch-effects';
import { insist } from './insist';
import { PartitionClock } from './partition-clock';
import { PartitionEffects } from './partition-effects';
import { PartitionLedger } from './partition-ledger';
import { PartitionRules } from './partition-rules';
import type { AppliedChanges } from './rule-changes';
import type { WorkerSurroundings } from './worker-surroundings';

/** A log that has dropped the records between checkpoint and offset never sends them: then loading starts anyway. */
const REPLAY_PATIENCE_MS = 5_000;

/** A partition with timers says this often that it is listened to, far within an outage's minute. */
const KEEP_CLOCK_MS = 20_000;

/**
 * One partition: its rules in memory, and the stages from a record to its committed effect.
 * All its work passes one queue, so batches, timers, rule changes and checkpoints never interleave.
 */
export class PartitionWorker {
  private readonly ending = new AbortController();
  private readonly rules: PartitionRules;
  private readonly effects: PartitionEffects;
  private queue: Promise<unknown> = Promise.resolve();
  private armed = false;
  private timer: NodeJS.Timeout | undefined;
  private isTicking = false;
  private clockKeptAt = 0;

  private constructor(
    readonly partition: number,
    private readonly around: WorkerSurroundings,
    private readonly matcher: PartitionMatcher,
    private readonly ledger: PartitionLedger,
    private readonly clock: PartitionClock,
    private readonly setAside: ReadonlySet<number>,
  ) {
    this.rules = new PartitionRules(partition, matcher, around);
    this.effects = new PartitionEffects(matcher, ledger, around);
  }

  /** Takes the partition in the store: every earlier owner is fenced from here on. */
  static async take(partition: number, around: WorkerSurroundings): Promise<PartitionWorker> {
    const { stores, logName, owner } = around;
    const position = await stores.partitions.take(logName, partition, owner);
    const setAside = await stores.deadLetters.offsetsFrom(logName, partition, position.checkpointOffset);
    const matcher = new PartitionMatcher();
    const clock = new PartitionClock(position, around.now());
    const ledger = new PartitionLedger(partition, position, matcher, clock, around);
    return new PartitionWorker(partition, around, matcher, ledger, clock, setAside);
  }

  /** Loads values and rules; what needs last values waits for the end of the replay, where they have to come back first. */
  async open(): Promise<void> {
    await this.serial(() => this.rules.load(this.ending.signal));
    if (this.ledger.hasToReplay) this.later(REPLAY_PATIENCE_MS, () => this.arm());
    else await this.serial(() => this.arm());
  }

  get startOffset(): number {
    return this.ledger.startOffset;
  }

  /** False while it loads, and once the partition is lost: then it tells nothing. */
  get isDeciding(): boolean {
    return this.armed;
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
      this.listen(this.around.now());
      const { readTo } = this.ledger;
      const known = batch.records.filter((record) => record.offset < readTo);
      const fresh = batch.records.slice(known.length);
      replayBatch(known, this.setAside, this.context());
      if (fresh.length > 0 || known.at(-1)?.offset === readTo - 1) await this.unlessLost(this.arm());
      else this.later(REPLAY_PATIENCE_MS, () => this.arm());
      if (fresh.length > 0) await this.unlessLost(this.takeFresh(fresh, signal));
      this.around.metrics.lag.set(this.label, Math.max(0, batch.endOffset - this.ledger.readTo));
    });
  }

  /** Rules changed in the store; they are in effect when this resolves. */
  async rulesChanged(ruleIds: readonly string[]): Promise<void> {
    await this.serial(async () => {
      if (!this.armed) return this.rules.remember(ruleIds);
      await this.unlessLost(
        this.persist(this.rules.change(ruleIds, await this.moment(), this.ending.signal)),
      );
    });
  }

  /**
   * Decides what the clock makes due; called several times a second, it does nothing where nothing is.
   * @returns when that is done; never rejects
   */
  async tick(): Promise<void> {
    const { nextDueClock } = this.matcher;
    if (!this.armed || this.isTicking || nextDueClock === Number.POSITIVE_INFINITY) return;
    const now = this.around.now();
    if (nextDueClock > this.clock.headAt(now) && now - this.clockKeptAt < KEEP_CLOCK_MS) return;
    this.isTicking = true;
    await this.serial(() => this.unlessLost(this.followClock())).catch(() => undefined);
    this.isTicking = false;
  }

  /** Tells what was to be told about now, of instances whose notices are due. */
  async remind(instanceIds: readonly number[]): Promise<void> {
    await this.serial(async () => {
      const occasion = { kind: 'due', at: this.around.now() } as const;
      const reminders = instanceIds.map((instanceId) => ({ instanceId, occasion }));
      if (this.armed) await this.unlessLost(this.effects.remind(reminders, this.ending.signal));
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

  /** Walks the records in portions of what one commit carries. */
  private async takeFresh(records: readonly LogRecord[], signal: AbortSignal): Promise<void> {
    let hasNewestMetrics = false;
    for (let rest = records; rest.length > 0;) {
      const match = matchBatch(rest, { ...this.context(), hasNewestMetrics });
      if (this.matcher.isUnfinished)
        await finishEvent(match, this.matcher, rest[match.taken - 1]!.appendedAt);
      const taken = match.taken === rest.length ? rest : rest.slice(0, match.taken);
      if (match.taken > 0) await this.commitMatch(match, taken, signal);
      rest = rest.slice(match.taken);
      if (match.needsNewestMetrics) {
        await insist(signal, this.trouble('read the catalogue'), () => this.around.catalogue.refresh());
        hasNewestMetrics = true;
      }
    }
    this.scheduleCheckpoint();
  }

  private async commitMatch(
    match: BatchMatch,
    records: readonly LogRecord[],
    signal: AbortSignal,
  ): Promise<void> {
    const { changes, causedAt, refused, lastFrom } = match;
    if (match.misplaced.length > 0) await this.sendHome(match, signal);
    const lastOffset = records.at(-1)?.offset ?? 0;
    const { now } = this.context();
    for (const record of records) this.clock.advance(clockOf(record, now));
    this.ledger.readTo = lastOffset + 1;
    const deadLetters = deadLettersOf(refused, this.around.logName, this.partition);
    const pages = await pagesOf({ changes: changes.slice(lastFrom), causedAt: causedAt.slice(lastFrom) });
    const before = { changes: changes.slice(0, lastFrom), causedAt: causedAt.slice(0, lastFrom) };
    if (pages.length > 1) {
      await this.effects.commitPart({ ...before, deadLetters }, signal, lastOffset);
      await this.effects.commitPages(pages, signal, lastOffset);
    } else if (changes.length > 0 || deadLetters.length > 0 || this.ledger.checkpointIsDue) {
      await this.effects.commit({ changes, causedAt, deadLetters }, signal);
    }
    this.around.metrics.countBatch(match, records.length);
  }

  /** A publisher with another partitioner than the log's: the event goes to where its rules are. */
  private async sendHome(match: BatchMatch, signal: AbortSignal): Promise<void> {
    const records = match.misplaced.map(({ subject, record }) => ({ key: subject, value: record.value }));
    await insist(signal, this.trouble('send events home'), () => this.around.log.append(records));
  }

  /** Where memory has moved and the store has not, only a worker loaded anew may go on; nothing of this one is kept. */
  private unlessLost<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      this.armed = false;
      this.ending.abort();
      throw error;
    });
  }

  /** From here on events decide. */
  private async arm(): Promise<void> {
    if (this.armed) return;
    const { signal } = this.ending;
    if (this.clock.resumedAt !== null) this.matcher.resumedAt(this.clock.resumedAt);
    if (this.clock.stored !== null) this.matcher.replayClock(this.clock.stored);
    await this.persist(this.rules.arm(await this.moment(), signal));
    this.armed = true;
  }

  private async persist(changes: AsyncIterable<AppliedChanges>): Promise<void> {
    for await (const applied of changes) await this.effects.persist(applied, this.ending.signal);
    this.around.metrics.instances.set(this.label, this.matcher.instanceCount);
  }

  /** The moment of a rule change; where everything is read, on a clock that is up to date. */
  private async moment(): Promise<{ now: number; clock: number }> {
    await this.followClock();
    const now = this.around.now();
    return { now, clock: this.clock.stored ?? now };
  }

  /**
   * Where everything that is in the log was read, the partition's clock follows the wall clock, and what becomes due
   * by it is decided. While there is a backlog, or the log does not answer, the clock is the log's.
   */
  private async followClock(): Promise<void> {
    const head = await this.around.head.ask().catch(() => null);
    if (!head || !this.around.head.isRead(head, this.partition, this.ledger.readTo)) return;
    const at = this.clock.headAt(head.askedAt);
    this.listen(head.askedAt);
    const changes: InstanceChange[] = [];
    this.clock.advance(at);
    this.matcher.advanceClock(at, changes);
    if (changes.length > 0) await this.effects.commitTimers(changes, this.ending.signal);
    else if (this.armed && head.askedAt - this.clockKeptAt >= KEEP_CLOCK_MS) {
      await this.ledger.keepClock(this.ending.signal);
    } else return;
    this.clockKeptAt = head.askedAt;
  }

  private listen(now: number): void {
    if (this.clock.listen(now)) this.matcher.resumedAt(now);
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
    return {
      matcher: this.matcher,
      history: this.ledger.history,
      metrics: catalogue.current(),
      isHome,
      now: now(),
      hasNewestMetrics: false,
    };
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
