import type { PartitionPosition, SeriesChunk, StoredValue } from '@app/persistence';
import { HistoryBuffer, type PartitionMatcher, type SeriesValue } from '@app/rules';
import { Fenced, commitBatch, type CommitEffects } from '../pipeline/commit-batch';
import { NOTHING_RAISED, type Raised } from '../pipeline/raise-alerts';
import { CheckpointClock } from './checkpoint-clock';
import { insist } from './insist';
import type { PartitionClock } from './partition-clock';
import type { WorkerSurroundings } from './worker-surroundings';

/** What is to be committed; alerts are raised inside the retry, since they read the store. */
export type EffectsToCommit = Pick<CommitEffects, 'states' | 'deadLetters'> & {
  raise: () => Promise<Raised>;
};

const NO_EFFECTS: EffectsToCommit = {
  states: [],
  deadLetters: [],
  raise: () => Promise.resolve(NOTHING_RAISED),
};

/** A partition's place in the log, as walked in memory and as committed in the store, and the way between the two. */
export class PartitionLedger {
  /** First offset not yet walked; the committed one follows with the next effect, or within a second. */
  readTo: number;
  /** What was taken since the last checkpoint, and is written with the next one. */
  readonly history = new HistoryBuffer();
  private readonly checkpoints = new CheckpointClock();

  constructor(
    private readonly partition: number,
    private readonly position: PartitionPosition,
    private readonly matcher: PartitionMatcher,
    private readonly clock: PartitionClock,
    private readonly around: WorkerSurroundings,
  ) {
    this.readTo = position.nextOffset;
  }

  /** Where reading starts: records before the committed offset only bring last values back. */
  get startOffset(): number {
    return this.position.checkpointOffset;
  }

  /** True where the store's last values are older than its offset. */
  get hasToReplay(): boolean {
    return this.position.checkpointOffset < this.position.nextOffset;
  }

  /** The clock as committed, epoch ms; null before the first commit that had one. */
  get committedClock(): number | null {
    return this.position.clock;
  }

  /** True while a checkpoint would write something: last values, or the offset itself. */
  get isBehind(): boolean {
    return this.matcher.dirtyCount > 0 || this.readTo > this.position.nextOffset;
  }

  get checkpointIsDue(): boolean {
    return this.isBehind && (this.history.isFull || this.checkpoints.waitMs(this.around.now()) === 0);
  }

  get checkpointInMs(): number {
    return this.checkpoints.waitMs(this.around.now());
  }

  /** Writes last values, offset and clock, without anything else. */
  async checkpoint(signal: AbortSignal): Promise<void> {
    if (this.isBehind)
      await this.write(NO_EFFECTS, signal, { to: this.readTo, checkpoint: true, isLast: true });
  }

  /** Notes that the partition is listened to, and until when its timers were decided. */
  async keepClock(signal: AbortSignal): Promise<void> {
    await this.write(NO_EFFECTS, signal, { to: this.readTo, checkpoint: this.checkpointIsDue, isLast: true });
  }

  /**
   * Commits everything up to what was walked, behind the fence, for as long as it takes.
   * @returns what was raised
   * @throws Fenced if another owner has the partition
   */
  async commit(effects: EffectsToCommit, signal: AbortSignal): Promise<Raised> {
    const checkpoint = this.checkpointIsDue || this.matcher.needsCheckpoint;
    return this.write(effects, signal, { to: this.readTo, checkpoint, isLast: true });
  }

  /**
   * Commits a part of what was walked, up to `to`. Neither last values nor clock go along: they are of the whole, and
   * whoever reads the rest again must find them as they were.
   */
  async commitPart(effects: EffectsToCommit, signal: AbortSignal, to: number): Promise<Raised> {
    return this.write(effects, signal, { to, checkpoint: false, isLast: false });
  }

  private async write(
    effects: EffectsToCommit,
    signal: AbortSignal,
    { to, checkpoint, isLast }: Part,
  ): Promise<Raised> {
    const { epoch, nextOffset: from, commits } = this.position;
    const { stores, logName: log, metrics, now, onTrouble } = this.around;
    const values = checkpoint ? this.matcher.drainDirty().map(withClock) : [];
    const measures = checkpoint ? this.matcher.drainMeasures() : [];
    const history = checkpoint ? this.drainHistory() : [];
    const clock = isLast ? this.clock.stored : null;
    const { resumedAt } = this.clock;
    const move = { log, partition: this.partition, epoch, from, to, commits, checkpoint, clock, resumedAt };
    const began = now();
    let raised = NOTHING_RAISED;
    const onWait = (error: unknown): void => onTrouble(`partition ${this.partition} waits to commit`, error);
    await insist(signal, onWait, async (again) => {
      if (again && (await this.hasCommitted(commits))) return;
      raised = await effects.raise();
      await commitBatch(stores, { ...effects, raised, move, values, measures, history });
    });
    Object.assign(this.position, { nextOffset: to, commits: commits + 1, ...(clock !== null && { clock }) });
    metrics.commitSeconds.observe((now() - began) / 1000);
    if (checkpoint) this.checkpoints.done(now(), now() - began);
    if (raised.notifications.length > 0)
      this.around.onRaised(new Set(raised.notifications.map(({ lane }) => lane)));
    for (const reason of raised.held) metrics.noticesHeld.inc({ reason });
    return raised;
  }

  private drainHistory(): SeriesChunk[] {
    const chunks = this.history.drain();
    return [...chunks].map(([series, chunk]) => ({ ...this.matcher.nameOf(series), ...chunk }));
  }

  /** A commit whose answer was lost is looked for, not repeated. */
  private async hasCommitted(commits: number): Promise<boolean> {
    const { stores, logName } = this.around;
    const found = await stores.partitions.position(logName, this.partition);
    if (found?.epoch !== this.position.epoch) throw new Fenced();
    return found.commits > commits;
  }
}

interface Part {
  to: number;
  checkpoint: boolean;
  isLast: boolean;
}

function withClock({ clockAt, ...value }: SeriesValue): StoredValue {
  return { ...value, clockAt: clockAt ?? null };
}
