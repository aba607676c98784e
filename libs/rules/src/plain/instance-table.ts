import { SLOT_LIMIT } from './entry-word';
import { grown, nextLength } from './grown';
import { IdTable } from './id-table';
import type { InstanceState } from '../instance';
import { toState } from './status';
import type { Status } from './status';

const NO_SLOT = -1;
/** In `series`: the instance is spent, belongs to no series any more, and `first` holds its state. */
const SPENT = -2;
const STATUS_RANGE = 256;

/**
 * Rule instances as columns: 20 bytes each and no object, since a million objects cost more than the rules. Only
 * what finds an instance in the index: its state lies there, beside its cut.
 * The row number is the slot that the index names; slots of disarmed instances are used again.
 */
export class InstanceTable {
  first = new Float64Array(256);
  ids = new Float64Array(256);
  /** Series of the instance; in a free row the next free slot. */
  series = new Int32Array(256);
  size = 0;
  /** Counts how often a slot was given to another instance: what was noted by slot before means nothing after. */
  reuses = 0;
  private used = 0;
  private freeHead = NO_SLOT;
  private readonly byId = new IdTable((slot) => this.ids[slot]!);

  /** @returns the slot, or -1 */
  find(instanceId: number): number {
    return this.byId.find(instanceId);
  }

  /** @returns the new slot; the id must not be in the table */
  add(instanceId: number, first: number, series: number): number {
    const slot = this.takeSlot();
    this.first[slot] = first;
    this.ids[slot] = instanceId;
    this.series[slot] = series;
    this.byId.add(slot);
    this.size += 1;
    return slot;
  }

  remove(slot: number): void {
    this.byId.remove(this.ids[slot]!);
    this.series[slot] = this.freeHead;
    this.freeHead = slot;
    this.size -= 1;
  }

  /** Keeps the state of an instance that leaves the index for good. */
  spend(slot: number, status: Status, transitionSeq: number): void {
    this.first[slot] = transitionSeq * STATUS_RANGE + status;
    this.series[slot] = SPENT;
  }

  /** The state of a spent instance; null of one that is in the index. */
  spentState(slot: number): InstanceState | null {
    if (this.series[slot] !== SPENT) return null;
    const kept = this.first[slot]!;
    return toState(kept % STATUS_RANGE, Math.floor(kept / STATUS_RANGE));
  }

  private takeSlot(): number {
    const free = this.freeHead;
    if (free !== NO_SLOT) {
      this.freeHead = this.series[free]!;
      this.reuses += 1;
      return free;
    }
    if (this.used === SLOT_LIMIT - 1)
      throw new RangeError(`a partition holds ${this.used} instances at most`);
    if (this.used === this.ids.length) this.grow();
    this.used += 1;
    return this.used - 1;
  }

  private grow(): void {
    const length = nextLength(this.ids.length);
    this.first = grown(this.first, length);
    this.ids = grown(this.ids, length);
    this.series = grown(this.series, length);
  }
}
