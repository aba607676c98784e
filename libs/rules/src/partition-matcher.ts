import { truthOf } from './plain/cuts';
import { InstanceTable } from './plain/instance-table';
import type { InstanceChange, InstanceDefinition, InstanceState } from './instance';
import type { Passage } from './plain/passage';
import type { SeriesValue } from './plain/series-table';
import { SeriesTable } from './plain/series-table';
import { NEW_INSTANCE } from './plain/settle';
import { isArmed, isSpent, shapeOf, stateNameOf, step, transitionOf } from './plain/status';
import { ThresholdIndex } from './plain/threshold-index';

/** `older`: dated before the series' last value, and therefore without effect. */
export type Matched = 'moved' | 'unchanged' | 'older';

/**
 * All rule instances of one partition, and what each event changes about them. Pure state in memory: it is
 * rebuilt from persisted instance states, with or without the last values, and goes on as if it had never stopped.
 *
 * Values are safe integers (scaled), instants epoch ms; the event's parser has refused everything else.
 */
export class PartitionMatcher {
  private readonly instances = new InstanceTable();
  private readonly series = new SeriesTable();
  private readonly index = new ThresholdIndex();

  get instanceCount(): number {
    return this.instances.size;
  }

  get seriesCount(): number {
    return this.series.size;
  }

  get dirtyCount(): number {
    return this.series.dirtyCount;
  }

  /**
   * Starts to watch an instance; one of the same id is replaced.
   *
   * @param definition its condition has passed `checkCondition`
   * @param persisted null for a new instance
   * @returns the change to persist where the series' last value is known and changes the instance, possibly
   *   `fired`; null where there is nothing to persist. Its value and time are those of that last value.
   */
  arm(definition: InstanceDefinition, persisted: InstanceState | null): InstanceChange | null {
    const { slot, series } = this.place(definition, persisted ?? NEW_INSTANCE);
    const value = this.series.valueOf(series);
    return Number.isNaN(value) ? null : this.settle(slot, value, this.series.atOf(series));
  }

  /**
   * Goes on watching an instance where its persisted state left it, and decides nothing: the state knows values
   * that a checkpoint may lack. The next event of its series settles it.
   */
  resume(definition: InstanceDefinition, persisted: InstanceState): void {
    const { series } = this.place(definition, persisted);
    this.series.forgetGap(series);
    this.series.setUnsettled(series, true);
  }

  private place(definition: InstanceDefinition, state: InstanceState): { slot: number; series: number } {
    this.disarm(definition.instanceId);
    const series = this.seriesOf(definition.metric, definition.subject);
    const slot = this.instances.add(definition, state, series);
    if (!isSpent(this.instances.status[slot]!)) this.enterIndex(slot, series);
    return { slot, series };
  }

  /** True while an instance of this id is held, spent or not. */
  has(instanceId: number): boolean {
    return this.instances.find(instanceId) >= 0;
  }

  /** Stops watching. @returns where the instance stood, or null if there is none of this id */
  disarm(instanceId: number): InstanceState | null {
    const slot = this.instances.find(instanceId);
    if (slot < 0) return null;
    const state = this.instances.stateOf(slot);
    if (!state.spent) this.leaveIndex(slot);
    this.instances.remove(slot);
    return state;
  }

  /** The number of a series that was named before, or -1. */
  findSeries(metric: string, subject: string): number {
    return this.series.find(metric, subject);
  }

  /** The number of a series for `match`; a new one if it was never named. Good as long as the matcher lives. */
  seriesOf(metric: string, subject: string): number {
    const series = this.series.intern(metric, subject);
    this.index.reserve(series + 1);
    return series;
  }

  /**
   * Takes one event. A value dated as the last one counts as newer, so that order decides between equals.
   * @param series from `seriesOf`
   * @param out receives the changes to persist, at most one for each instance, in no promised order;
   *   those that open or end an alert say so in `transition`
   */
  match(series: number, value: number, at: number, out: InstanceChange[]): Matched {
    if (at < this.series.atOf(series)) return 'older';
    if (Number.isNaN(value)) throw new Error('a value must be a number: NaN lies between no two cuts');
    const last = this.series.valueOf(series);
    if (value !== last || at !== this.series.atOf(series)) this.series.markDirty(series);
    this.series.write(series, value, at);
    if (!this.series.isInGap(series, value)) this.leaveGap(series, last, out);
    return value === last ? 'unchanged' : 'moved';
  }

  /**
   * Puts back a last value that the checkpoint holds, without deciding anything: persisted states already
   * know it. Should they not, the next event settles every instance of the series.
   */
  restore(metric: string, subject: string, value: number, at: number): void {
    const series = this.seriesOf(metric, subject);
    if (at < this.series.atOf(series)) return;
    this.series.write(series, value, at);
    this.series.forgetGap(series);
    this.series.setUnsettled(series, true);
  }

  /**
   * Repeats an event whose effects are persisted, but which the checkpoint of last values does not hold yet:
   * like `restore`, and the series counts as changed since the last drain.
   */
  replay(metric: string, subject: string, value: number, at: number): void {
    const series = this.seriesOf(metric, subject);
    if (at < this.series.atOf(series)) return;
    this.restore(metric, subject, value, at);
    this.series.markDirty(series);
  }

  /** @returns null where no value has been seen */
  lastValue(metric: string, subject: string): { value: number; at: number } | null {
    const series = this.series.find(metric, subject);
    if (series < 0 || Number.isNaN(this.series.valueOf(series))) return null;
    return { value: this.series.valueOf(series), at: this.series.atOf(series) };
  }

  /** The series that changed since the last call, each once, in the order in which they first changed. */
  drainDirty(): SeriesValue[] {
    return this.series.drainDirty();
  }

  /** Settles what lies between the last value and the new one, or everything where nobody knows what does. */
  private leaveGap(series: number, last: number, out: InstanceChange[]): void {
    const value = this.series.valueOf(series);
    if (Number.isNaN(last) || this.series.isUnsettled(series)) {
      const gap = this.index.pass(series, value, value);
      this.series.setGap(series, gap.before, gap.after);
      this.series.setUnsettled(series, false);
      this.settlePassed(
        this.index.pass(series, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
        series,
        out,
      );
    } else if (value >= last) {
      const way = this.index.pass(series, last, value);
      this.series.setGap(series, way.count > 0 ? way.last : way.before, way.after);
      this.settlePassed(way, series, out);
    } else {
      const way = this.index.pass(series, value, last);
      this.series.setGap(series, way.before, way.count > 0 ? way.first : way.after);
      this.settlePassed(way, series, out);
    }
  }

  private settlePassed(passage: Passage, series: number, out: InstanceChange[]): void {
    const value = this.series.valueOf(series);
    const at = this.series.atOf(series);
    for (let i = 0; i < passage.count; i += 1) {
      const change = this.settle(passage.slots[i]!, value, at);
      if (change) out.push(change);
    }
  }

  /**
   * An instance whose two cuts were both passed comes here twice; the second time changes nothing, which is
   * cheaper than remembering who was here.
   */
  private settle(slot: number, value: number, at: number): InstanceChange | null {
    const { status, first, second, transitionSeq, ids } = this.instances;
    const before = status[slot]!;
    const after = step(before, truthOf(shapeOf(before), first[slot]!, second[slot]!, value));
    if (after === before) return null;
    status[slot] = after;
    const transition = transitionOf(before, after);
    if (transition === 'fired') transitionSeq[slot]! += 1;
    if (isSpent(after)) this.leaveIndex(slot);
    return {
      instanceId: ids[slot]!,
      state: stateNameOf(after),
      armed: isArmed(after),
      spent: isSpent(after),
      transitionSeq: transitionSeq[slot]!,
      transition,
      value,
      at,
    };
  }

  private enterIndex(slot: number, series: number): void {
    const first = this.instances.first[slot]!;
    const second = this.instances.second[slot]!;
    this.index.insert(series, first, slot);
    this.series.narrowGap(series, first);
    if (second === first) return;
    this.index.insert(series, second, slot);
    this.series.narrowGap(series, second);
  }

  /** The series' gap stays as it is: without a cut it could only be wider. */
  private leaveIndex(slot: number): void {
    const { series, first, second } = this.instances;
    this.index.remove(series[slot]!, first[slot]!, slot);
    if (second[slot] !== first[slot]) this.index.remove(series[slot]!, second[slot]!, slot);
  }
}
