import { grown, nextLength } from '../plain/grown';
import type { SeriesTable } from '../plain/series-table';
import { TimingWheel } from '../timers/timing-wheel';
import type { ComposedInstance } from './composed-instance';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * When silence is due, for each slot of an instance. An event puts a timer off by nothing but its series' clock; the
 * wheel asks when the timer comes up. It asks for a million of them every few minutes, so the answer lies in columns
 * and not behind five objects: 20 bytes a slot.
 */
export class Silences {
  readonly wheel: TimingWheel;
  /** Nobody listened before this log clock. */
  listeningSince = Number.NEGATIVE_INFINITY;
  private afterMs = new Float64Array(256).fill(NEVER);
  private armedAt = new Float64Array(256);
  private series = new Int32Array(256);

  constructor(private readonly table: SeriesTable) {
    this.wheel = new TimingWheel((slot) => this.dueOf(slot));
  }

  /** Waits for silence of the instance's first leaf, as far as that still means anything to it. */
  watch({ slot, rule, state, lines }: ComposedInstance): void {
    const { noData } = rule.terms;
    if (!noData || noData.treat === 'ignore' || state.progress.silent) return this.forget(slot);
    if (slot >= this.afterMs.length) this.grow(slot);
    this.afterMs[slot] = noData.afterMs;
    this.armedAt[slot] = state.progress.armedAt;
    this.series[slot] = lines[0]!.series;
    this.wheel.schedule(slot, this.dueOf(slot));
  }

  forget(slot: number): void {
    if (slot < this.afterMs.length) this.afterMs[slot] = NEVER;
  }

  private dueOf(slot: number): number {
    const heard = this.table.clockOf(this.series[slot]!);
    return (
      Math.max(Number.isNaN(heard) ? this.armedAt[slot]! : heard, this.listeningSince) + this.afterMs[slot]!
    );
  }

  private grow(slot: number): void {
    const from = this.afterMs.length;
    const length = Math.max(slot + 1, nextLength(from));
    this.afterMs = grown(this.afterMs, length).fill(NEVER, from);
    this.armedAt = grown(this.armedAt, length);
    this.series = grown(this.series, length);
  }
}
