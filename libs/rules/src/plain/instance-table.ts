import { toCuts } from './cuts';
import { grown, nextLength } from './grown';
import { IdTable } from './id-table';
import type { InstanceDefinition, InstanceState } from '../instance';
import { toState, toStatus } from './status';

const NO_SLOT = -1;

/**
 * Rule instances as columns: 33 bytes each and no object, since a million objects cost more than the rules.
 * The row number is the slot that the index names; slots of disarmed instances are used again.
 */
export class InstanceTable {
  first = new Float64Array(256);
  second = new Float64Array(256);
  status = new Uint8Array(256);
  ids = new Float64Array(256);
  transitionSeq = new Int32Array(256);
  /** Series of the instance; in a free row the next free slot. */
  series = new Int32Array(256);
  size = 0;
  private used = 0;
  private freeHead = NO_SLOT;
  private readonly byId = new IdTable((slot) => this.ids[slot]!);

  /** @returns the slot, or -1 */
  find(instanceId: number): number {
    return this.byId.find(instanceId);
  }

  /** @returns the new slot; the id must not be in the table */
  add(definition: InstanceDefinition, state: InstanceState, series: number): number {
    const cuts = toCuts(definition.condition);
    const status = toStatus(definition, state);
    const slot = this.takeSlot();
    this.first[slot] = cuts.first;
    this.second[slot] = cuts.second;
    this.status[slot] = status;
    this.ids[slot] = definition.instanceId;
    this.transitionSeq[slot] = state.transitionSeq;
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

  stateOf(slot: number): InstanceState {
    return toState(this.status[slot]!, this.transitionSeq[slot]!);
  }

  private takeSlot(): number {
    const free = this.freeHead;
    if (free !== NO_SLOT) {
      this.freeHead = this.series[free]!;
      return free;
    }
    if (this.used === this.ids.length) this.grow();
    this.used += 1;
    return this.used - 1;
  }

  private grow(): void {
    const length = nextLength(this.ids.length);
    this.first = grown(this.first, length);
    this.second = grown(this.second, length);
    this.status = grown(this.status, length);
    this.ids = grown(this.ids, length);
    this.transitionSeq = grown(this.transitionSeq, length);
    this.series = grown(this.series, length);
  }
}
