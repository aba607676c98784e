import { ComposedMatcher } from './composed/composed-matcher';
import type { TakenEvent } from './composed/composed-matcher';
import type { SavedMeasure } from './composed/saved-measure';
import { truthOf } from './plain/cuts';
import { InstanceTable } from './plain/instance-table';
import type { ChangeSink, InstanceChange, InstanceDefinition, InstanceState } from './instance';
import type { Passage } from './plain/passage';
import type { SeriesValue } from './plain/series-table';
import { SeriesTable } from './plain/series-table';
import { NEW_INSTANCE } from './plain/settle';
import { isArmed, isSpent, shapeOf, stateNameOf, step, transitionOf } from './plain/status';
import { ThresholdIndex } from './plain/threshold-index';

/**
 * `older`: dated before the series' last value, which stays; windows may have taken it. `tooLate`: windows have not
 * either. `repeated`: it was taken before, and changes nothing.
 */
export type Matched = 'moved' | 'unchanged' | 'older' | 'tooLate' | 'repeated';

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
  private readonly composed = new ComposedMatcher(this.series, (metric, subject) =>
    this.seriesOf(metric, subject),
  );

  get instanceCount(): number {
    return this.instances.size + this.composed.size;
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
   *   `fired`; null where there is nothing to persist. Its value and time are those of that last value. Of a composed
   *   instance there is always something to persist. If `needsCheckpoint` is true afterwards, persist both together.
   * @param clock log clock; needed for composed instances
   * @param others receives the change of a partner that ends because this one fires
   */
  arm(
    definition: InstanceDefinition,
    persisted: InstanceState | null,
    ...[clock = 0, others = []]: [clock?: number, others?: ChangeSink]
  ): InstanceChange | null {
    this.disarm(definition.instanceId);
    if (definition.composed) {
      this.composed.clock = Math.max(this.composed.clock, clock);
      return this.composed.arm(definition, persisted, others);
    }
    const { slot, series } = this.place(definition, persisted ?? NEW_INSTANCE);
    const value = this.series.valueOf(series);
    return Number.isNaN(value) ? null : this.settle(slot, value, this.series.atOf(series));
  }

  /**
   * Goes on watching an instance where its persisted state left it, and decides nothing: the state knows values
   * that a checkpoint may lack. The next event of its series settles it.
   */
  resume(definition: InstanceDefinition, persisted: InstanceState): void {
    this.disarm(definition.instanceId);
    if (definition.composed) return this.composed.resume(definition, persisted);
    const { series } = this.place(definition, persisted);
    this.series.forgetGap(series);
    this.series.setUnsettled(series, true);
  }

  private place(definition: InstanceDefinition, state: InstanceState): { slot: number; series: number } {
    const series = this.seriesOf(definition.metric, definition.subject);
    const slot = this.instances.add(definition, state, series);
    if (!isSpent(this.instances.status[slot]!)) this.enterIndex(slot, series);
    return { slot, series };
  }

  /** True while an instance of this id is held, spent or not. */
  has(instanceId: number): boolean {
    return this.instances.find(instanceId) >= 0 || this.composed.has(instanceId);
  }

  /** Stops watching. @returns where the instance stood, or null if there is none of this id */
  disarm(instanceId: number): InstanceState | null {
    const slot = this.instances.find(instanceId);
    if (slot < 0) return this.composed.disarm(instanceId);
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
   * Takes one event of the log: decides first what is due by its clock, then what it changes.
   * @param series from `seriesOf`
   * @param clock epoch ms at which the log took the event; one that goes back counts as standing still
   * @param out receives the changes to persist; of a composed instance several, in the order in which they happen
   */
  take(series: number, event: TakenEvent, clock: number, out: InstanceChange[]): Matched {
    const { composed } = this;
    if (clock > composed.clock) composed.clock = clock;
    if (clock >= composed.nextDueClock) composed.advanceClock(clock, out);
    const matched = this.match(series, event.value, event.at, out);
    if (matched !== 'older') this.series.stamp(series, composed.clock);
    return matched;
  }

  /** Nothing is due before this log clock; Infinity where nothing will ever be without an event. */
  get nextDueClock(): number {
    return this.composed.nextDueClock;
  }

  /** Decides everything that is due up to this log clock: what no event decides, because none comes. */
  advanceClock(clock: number, out: ChangeSink): void {
    this.composed.advanceClock(clock, out);
  }

  /** Nobody listened until this clock: silence counts from here at the earliest. */
  resumedAt(clock: number): void {
    this.composed.resumedAt(clock);
  }

  /** True where a measure has begun that no drained state holds: replaying could not tell where it began. */
  get needsCheckpoint(): boolean {
    return this.composed.needsCheckpoint;
  }

  /** What the measures that changed since the last call have gathered; belongs to the same checkpoint as `drainDirty`. */
  drainMeasures(): SavedMeasure[] {
    return this.composed.drainMeasures();
  }

  /** Puts back a measure that the checkpoint holds: after last values, before `resume`. */
  restoreMeasure(saved: SavedMeasure): void {
    this.composed.restoreMeasure(saved);
  }

  /** Puts back a last value with its log clock; see `restore`. */
  restoreSeries({ metric, subject, value, at, clockAt }: SeriesValue): void {
    this.restore(metric, subject, value, at);
    if (clockAt !== undefined) this.series.stamp(this.seriesOf(metric, subject), clockAt);
  }

  /**
   * Repeats an event whose effects are persisted, but not what measures and series gathered from it: after `resume`,
   * each event since the checkpoint with its log clock, and in the end `replayClock`.
   */
  replayEvent(series: number, event: TakenEvent, clock: number): void {
    this.composed.replayClock(clock);
    this.replay(this.series.metrics[series]!, this.series.subjects[series]!, event.value, event.at);
    this.series.stamp(series, clock);
  }

  /** Ends a replay: what was due up to the log clock of the last commit has been decided. */
  replayClock(clock: number): void {
    this.composed.replayClock(clock);
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
