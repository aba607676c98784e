import { ComposedMatcher } from './composed/composed-matcher';
import type { TakenEvent } from './composed/date-event';
import type { SavedMeasure } from './composed/saved-measure';
import type { ChangeSink, InstanceChange, InstanceDefinition, InstanceState } from './instance';
import { PlainMatcher } from './plain/plain-matcher';
import type { SeriesValue } from './plain/series-table';
import { IN_GAP, LEFT_GAP, OLDER, SeriesTable } from './plain/series-table';
import { NEW_INSTANCE } from './plain/settle';
import type { TransitionLog } from './plain/transition-log';

/**
 * `older`: dated before the series' last value, which stays; windows may have taken it. `tooLate`: windows have not
 * either. `repeated`: it was taken before, and changes nothing.
 */
export type Matched = 'moved' | 'unchanged' | 'older' | 'tooLate' | 'repeated';

/**
 * So many levels are passed in one go, before `match` or `continue` returns: a fraction of a millisecond of work. A
 * number and not a time, so that the same events always end in the same pieces.
 */
const SLICE = 32_768;

/**
 * All rule instances of one partition, and what each event changes about them. Pure state in memory: it is
 * rebuilt from persisted instance states, with or without the last values, and goes on as if it had never stopped.
 *
 * Values are safe integers (scaled), instants epoch ms; the event's parser has refused everything else.
 */
export class PartitionMatcher {
  private readonly series = new SeriesTable();
  private readonly plain: PlainMatcher;
  private readonly composed = new ComposedMatcher(this.series, (metric, subject) =>
    this.seriesOf(metric, subject),
  );

  /** @param slice how many levels an event passes in one go; see `match` */
  constructor(slice = SLICE) {
    this.plain = new PlainMatcher(this.series, slice);
  }

  get instanceCount(): number {
    return this.plain.size + this.composed.size;
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
      return this.composed.arm(definition, persisted ?? NEW_INSTANCE, others);
    }
    const series = this.seriesOf(definition.metric, definition.subject);
    return this.plain.arm(definition, persisted, series);
  }

  /**
   * Goes on watching an instance where its persisted state left it, and decides nothing: the state knows values
   * that a checkpoint may lack. The next event of its series settles it.
   */
  resume(definition: InstanceDefinition, persisted: InstanceState): void {
    this.disarm(definition.instanceId);
    if (definition.composed) return this.composed.resume(definition, persisted);
    this.plain.resume(definition, persisted, this.seriesOf(definition.metric, definition.subject));
  }

  /** True while an instance of this id is held, spent or not. */
  has(instanceId: number): boolean {
    return this.plain.has(instanceId) || this.composed.has(instanceId);
  }

  /** Stops watching. @returns where the instance stood, or null if there is none of this id */
  disarm(instanceId: number): InstanceState | null {
    return this.plain.disarm(instanceId) ?? this.composed.disarm(instanceId);
  }

  /** What a series is called. */
  nameOf(series: number): { metric: string; subject: string } {
    return { metric: this.series.metricOf(series), subject: this.series.subjectOf(series) };
  }

  /** The number of a series that was named before, or -1. */
  findSeries(metric: string, subject: string): number {
    return this.series.find(metric, subject);
  }

  /**
   * As `findSeries`, without a string for the subject.
   * @param bytes hold the subject in UTF-8 from `from` to before `to`
   */
  findSeriesIn(metric: string, bytes: Uint8Array, from: number, to: number): number {
    return this.series.findIn(metric, bytes, from, to);
  }

  /** The number of a series for `match`; a new one if it was never named. Good as long as the matcher lives. */
  seriesOf(metric: string, subject: string): number {
    const series = this.series.intern(metric, subject);
    this.plain.reserve(series + 1);
    return series;
  }

  /**
   * Takes one event. A value dated as the last one counts as newer, so that order decides between equals.
   * @param series from `seriesOf`
   * @param out receives the changes to persist, at most one for each instance, in no promised order; those that open
   *   or end an alert say so in `transition`. A `TransitionLog` may receive a part of them: of an event that passes
   *   very many levels `continue` gives the rest, so that the caller may look after others in between
   * @throws Error on NaN, and while the event before is not finished
   */
  match(series: number, value: number, at: number, out: ChangeSink): Matched {
    this.insistOnFinished();
    const last = this.series.valueOf(series);
    const moved = this.series.move(series, value, at);
    if (moved === OLDER) return 'older';
    if (moved === LEFT_GAP) this.plain.leaveGap(series, last, out);
    return value === last ? 'unchanged' : 'moved';
  }

  /**
   * True where the last event has more changes than `match` gave. Rules may come and go in between: to each of them
   * the event has happened, or has not, but never halfway.
   */
  get isUnfinished(): boolean {
    return this.plain.isUnfinished;
  }

  /** Goes on with an event that is not finished, as far as `match` would; does nothing where none is. */
  continue(out: TransitionLog): void {
    this.plain.continue(out);
  }

  private insistOnFinished(): void {
    if (this.plain.isUnfinished) throw new Error('the event before is not finished: call continue');
  }

  /**
   * Takes one event of the log: decides first what is due by its clock, then what it changes.
   * @param series from `seriesOf`
   * @param clock epoch ms at which the log took the event; one that goes back counts as standing still
   * @param out receives the changes to persist; of a composed instance several, in the order in which they happen
   */
  take(series: number, event: TakenEvent, clock: number, out: ChangeSink): Matched {
    const { composed } = this;
    if (clock > composed.clock) composed.clock = clock;
    this.decideDue(out);
    if (composed.isRepetition(series, event)) return 'repeated';
    const last = this.series.valueOf(series);
    if (this.series.moveQuietly(series, event.value, event.at, composed.clock) === IN_GAP)
      return event.value === last ? 'unchanged' : 'moved';
    if (composed.watches(series)) {
      const taken = this.takeWatched(series, event, out);
      this.decideDue(out); // what an event of long ago began may be due already
      if (taken !== 'older' && !this.isUnfinished) composed.quieten(series);
      return taken;
    }
    const matched = this.match(series, event.value, event.at, out);
    if (matched !== 'older') this.stampTaken(series);
    return matched;
  }

  /** Goes to the checkpoint even where value and time are the old ones: deadlines count from when the log took them. */
  private stampTaken(series: number): void {
    this.series.stamp(series, this.composed.clock);
    this.series.markDirty(series);
  }

  private decideDue(out: ChangeSink): void {
    const { composed } = this;
    if (composed.clock >= composed.nextDueClock) composed.advanceClock(composed.clock, out);
  }

  private takeWatched(series: number, event: TakenEvent, out: ChangeSink): Matched {
    const { composed } = this;
    const dated = composed.date(series, event);
    if (dated === 'repeated' || dated === 'tooLate') return dated;
    composed.beforeEvent(series, event.at, out);
    let matched: Matched = 'older';
    if (dated === 'newer') {
      matched = this.match(series, event.value, event.at, out);
      this.stampTaken(series);
    }
    composed.takeEvent(series, event, dated, out);
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

  /** True where the next commit has to hold a checkpoint: no replay of events could tell what happened to a measure. */
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
  restoreSeries({ metric, subject, value, at, clockAt = Number.NaN }: SeriesValue): void {
    this.restore(metric, subject, value, at);
    this.series.stamp(this.seriesOf(metric, subject), clockAt);
  }

  /**
   * Repeats an event whose effects are persisted, but not what measures and series gathered from it: after `resume`,
   * each event since the checkpoint with its log clock, and in the end `replayClock`.
   */
  replayEvent(series: number, event: TakenEvent, clock: number): Matched {
    const { composed } = this;
    composed.replayClock(clock);
    const isWatched = composed.watches(series);
    const dated = composed.date(series, event);
    if (dated === 'repeated' || dated === 'tooLate' || (dated === 'older' && !isWatched)) return dated;
    if (isWatched) composed.beforeEvent(series, event.at, null);
    if (dated === 'newer') {
      this.restoreAt(series, event.value, event.at);
      this.series.markDirty(series);
      this.series.stamp(series, composed.clock);
    }
    if (isWatched) composed.takeEvent(series, event, dated, null);
    return dated === 'newer' ? 'moved' : 'older';
  }

  /** Ends a replay, and is called without one too: what was due up to the log clock of the last commit is decided. */
  replayClock(clock: number): void {
    this.composed.endReplay(clock);
  }

  /**
   * Puts back a last value that the checkpoint holds, without deciding anything: persisted states already
   * know it. Should they not, the next event settles every instance of the series.
   */
  restore(metric: string, subject: string, value: number, at: number): void {
    this.restoreAt(this.seriesOf(metric, subject), value, at);
  }

  private restoreAt(series: number, value: number, at: number): void {
    this.insistOnFinished();
    if (at < this.series.atOf(series)) return;
    this.series.write(series, value, at);
    this.series.unsettle(series);
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
}
