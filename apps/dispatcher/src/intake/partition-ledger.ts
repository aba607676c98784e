import type { PartitionPosition } from '@app/persistence';
import type { PartitionMatcher } from '@app/rules';
import { Fenced, commitBatch, type CommitEffects } from '../pipeline/commit-batch';
import { NOTHING_RAISED, type Raised } from '../pipeline/raise-alerts';
import { CheckpointClock } from './checkpoint-clock';
import { insist } from './insist';
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
  private readonly clock = new CheckpointClock();

  constructor(
    private readonly partition: number,
    private readonly position: PartitionPosition,
    private readonly matcher: PartitionMatcher,
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

  /** True while a checkpoint would write something: last values, or the offset itself. */
  get isBehind(): boolean {
    return this.matcher.dirtyCount > 0 || this.readTo > this.position.nextOffset;
  }

  get checkpointIsDue(): boolean {
    return this.isBehind && this.clock.waitMs(this.around.now()) === 0;
  }

  get checkpointInMs(): number {
    return this.clock.waitMs(this.around.now());
  }

  /** Writes last values and offset, without anything else. */
  async checkpoint(signal: AbortSignal): Promise<void> {
    if (this.isBehind) await this.commit(NO_EFFECTS, signal, true);
  }

  /**
   * Commits behind the fence, for as long as it takes; a commit whose answer was lost is looked for, not repeated.
   * @returns what was raised
   * @throws Fenced if another owner has the partition
   */
  async commit(
    effects: EffectsToCommit,
    signal: AbortSignal,
    checkpoint = this.checkpointIsDue,
  ): Promise<Raised> {
    const { epoch, nextOffset: from } = this.position;
    const { stores, logName: log, metrics, now, onTrouble } = this.around;
    const to = this.readTo;
    const values = checkpoint ? this.matcher.drainDirty() : [];
    const move = { log, partition: this.partition, epoch, from, to, checkpoint };
    const began = now();
    let raised = NOTHING_RAISED;
    const onWait = (error: unknown): void => onTrouble(`partition ${this.partition} waits to commit`, error);
    await insist(signal, onWait, async (again) => {
      if (again && (await this.hasCommitted(from, to))) return;
      raised = await effects.raise();
      await commitBatch(stores, { ...effects, raised, move, values });
    });
    this.position.nextOffset = to;
    metrics.commitSeconds.observe((now() - began) / 1000);
    if (checkpoint) this.clock.done(now(), now() - began);
    if (raised.notifications.length > 0) this.around.onRaised();
    return raised;
  }

  private async hasCommitted(from: number, to: number): Promise<boolean> {
    const { stores, logName } = this.around;
    const found = await stores.partitions.position(logName, this.partition);
    if (found?.epoch !== this.position.epoch) throw new Fenced();
    return to !== from && found.nextOffset === to;
  }
}
