import type { InstanceChange } from '../instance';
import { SLOT_SHIFT, STATUS_BITS, statusOfOutcome, transitionIn } from './entry-word';
import { grown, nextLength } from './grown';
import type { InstanceTable } from './instance-table';
import { TRANSITIONS, toState } from './status';

/** A row: slot and outcome in one word, and the number of firings; or the place of a change given as an object. */
export const ROW = 2;
const OBJECT = 0b11_1111;
const CAUSE = 2;

/**
 * What events changed, in columns: 8 bytes a change, and the value and time once for each event, so that a jump
 * over a million levels makes no million objects. A change becomes an object when somebody asks for it.
 *
 * One log is used again and again, by one matcher; `clear` it between batches. Its rows name slots: read them
 * before the matcher arms a rule in a slot that became free.
 */
export class TransitionLog implements Iterable<InstanceChange> {
  /** How many changes it holds. */
  length = 0;
  /** Written by `Settler` without a call for each row; see `ROW`. */
  rows = new Int32Array(256 * ROW);
  private causes = new Float64Array(64 * CAUSE);
  /** For each cause the first row it stands for. */
  private starts = new Uint32Array(64);
  private causeCount = 0;
  private objects: InstanceChange[] = [];
  private instances: InstanceTable | null = null;
  private reuses = 0;

  clear(): void {
    this.length = 0;
    this.causeCount = 0;
    this.instances = null;
    if (this.objects.length > 0) this.objects = [];
  }

  /** Takes a change that is an object already. */
  push(change: InstanceChange): void {
    this.reserve(1);
    this.rows[this.length * ROW] = OBJECT;
    this.rows[this.length * ROW + 1] = this.objects.push(change) - 1;
    this.length += 1;
  }

  /** The rows from here on are what one event did to plain instances; makes room for `most` of them. */
  begin(instances: InstanceTable, value: number, at: number, most: number): void {
    if (this.instances === null) {
      this.instances = instances;
      this.reuses = instances.reuses;
    } else this.insistOn(instances);
    this.reserve(most);
    if (this.causeCount === 0 || this.starts[this.causeCount - 1]! < this.length) this.openCause();
    this.causes[(this.causeCount - 1) * CAUSE] = value;
    this.causes[(this.causeCount - 1) * CAUSE + 1] = at;
  }

  /** @param outcome see `outcomeOf` */
  add(slot: number, outcome: number, transitionSeq: number): void {
    this.rows[this.length * ROW] = (slot << SLOT_SHIFT) | outcome;
    this.rows[this.length * ROW + 1] = transitionSeq;
    this.length += 1;
  }

  /** @param index from 0 to `length` - 1 */
  at(index: number): InstanceChange {
    const word = this.wordAt(index);
    const rest = this.rows[index * ROW + 1]!;
    const outcome = word & STATUS_BITS;
    if (outcome === OBJECT) return this.objects[rest]!;
    const cause = this.causeOf(index) * CAUSE;
    return {
      instanceId: this.instanceIdAt(index),
      ...toState(statusOfOutcome(outcome), rest),
      transition: TRANSITIONS[transitionIn(outcome)]!,
      value: this.causes[cause]!,
      at: this.causes[cause + 1]!,
    };
  }

  /** As `at(index).instanceId`, without the object. */
  instanceIdAt(index: number): number {
    const word = this.wordAt(index);
    if ((word & STATUS_BITS) === OBJECT) return this.objects[this.rows[index * ROW + 1]!]!.instanceId;
    const { instances } = this;
    if (!instances || instances.reuses !== this.reuses) {
      throw new Error('a slot has been given to another rule since: read a log before rules change');
    }
    return instances.ids[word >>> SLOT_SHIFT]!;
  }

  /** As `at(index).transition`, without the object. */
  transitionAt(index: number): InstanceChange['transition'] {
    const outcome = this.wordAt(index) & STATUS_BITS;
    if (outcome === OBJECT) return this.objects[this.rows[index * ROW + 1]!]!.transition;
    return TRANSITIONS[transitionIn(outcome)]!;
  }

  *[Symbol.iterator](): IterableIterator<InstanceChange> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }

  private wordAt(index: number): number {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`there is no change ${index}`);
    return this.rows[index * ROW]!;
  }

  private insistOn(instances: InstanceTable): void {
    if (instances !== this.instances) throw new Error('a log serves one matcher until it is cleared');
    if (instances.reuses !== this.reuses) {
      throw new Error('a slot has been given to another rule since: clear a log before rules change');
    }
  }

  private reserve(more: number): void {
    const needed = (this.length + more) * ROW;
    if (needed > this.rows.length)
      this.rows = grown(this.rows, Math.max(needed, nextLength(this.rows.length)));
  }

  private openCause(): void {
    if (this.causeCount === this.starts.length) {
      const length = nextLength(this.causeCount);
      this.starts = grown(this.starts, length);
      this.causes = grown(this.causes, length * CAUSE);
    }
    this.starts[this.causeCount] = this.length;
    this.causeCount += 1;
  }

  /** The last cause that starts at or before a row. */
  private causeOf(index: number): number {
    let low = 0;
    let high = this.causeCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
