import type { InstanceDefinition } from '../instance';
import type { Measure } from '../measure';
import { openMeasure } from '../measures/open-measure';
import type { MeasureOptions, SeriesMeasure } from '../measures/series-measure';
import type { SeriesTable } from '../plain/series-table';
import { ComposedInstance } from './composed-instance';
import { EventClock } from './event-clock';
import { Line } from './line';
import type { LineOf } from './line';
import { LineIndex } from './line-index';
import { MeasureShelf, savedLine } from './measure-shelf';
import type { SavedLine } from './measure-shelf';
import { PLAIN_FACTS } from './metric-facts';
import type { MetricFacts } from './metric-facts';
import { programOf } from './program';
import type { Program, ProgramLeaf } from './program';
import { SeriesWatch } from './series-watch';
import type { ComposedState } from './turn';

/** Where a line is opened. */
interface Place {
  /** Event time as of now: a new line begins here, also with what an equal one has gathered. */
  t: number;
  clock: EventClock;
  key: string;
  definition: InstanceDefinition;
}

/**
 * Who watches what: the composed instances of a partition, the series that they look at, and between the two the lines
 * and event clocks that they share. It decides nothing.
 */
export class Roster {
  readonly index = new LineIndex();
  readonly shelf: MeasureShelf;
  readonly bySlot: (ComposedInstance | null)[] = [];
  readonly clocks: (EventClock | null)[] = [];
  private readonly freeSlots: number[] = [];
  private readonly freeClocks: number[] = [];
  private readonly byId = new Map<number, ComposedInstance>();
  private readonly watches: (SeriesWatch | undefined)[] = [];

  /** @param seriesOf number of a series, new if it was never named */
  constructor(
    readonly series: SeriesTable,
    private readonly seriesOf: (metric: string, subject: string) => number,
  ) {
    this.shelf = new MeasureShelf(series);
  }

  get size(): number {
    return this.byId.size;
  }

  find(instanceId: number): ComposedInstance | undefined {
    return this.byId.get(instanceId);
  }

  watchOf(series: number): SeriesWatch | undefined {
    return this.watches[series];
  }

  /**
   * Adds an instance, with its lines as far as nobody else has opened them. Its id must be new.
   * @param logClock as of when
   */
  add(definition: InstanceDefinition, state: ComposedState, logClock: number): ComposedInstance {
    const program = programOf(definition.composed!);
    const { terms, hasCrossing } = program;
    const waits = definition.onCreate === 'waitForCross' || hasCrossing;
    const rule = { terms, lifecycle: definition.lifecycle, waits };
    const clock = this.clockOf(definition, program);
    const slot = this.freeSlots.pop() ?? this.bySlot.length;
    const instance = new ComposedInstance(slot, definition, program, rule, clock, state);
    this.bySlot[slot] = instance;
    this.byId.set(definition.instanceId, instance);
    if (state.spent) instance.attached = false;
    else this.attach(instance, clock.timeAt(logClock));
    return instance;
  }

  remove(instance: ComposedInstance): void {
    this.detach(instance);
    this.byId.delete(instance.instanceId);
    this.bySlot[instance.slot] = null;
    this.freeSlots.push(instance.slot);
    this.dropClockIfIdle(instance.clock);
  }

  /** Takes a spent instance out of every index; its state stays. */
  detach(instance: ComposedInstance): void {
    if (!instance.attached) return;
    instance.attached = false;
    for (const [line, cuts] of instance.cuts())
      for (const cut of cuts) this.index.remove(line, cut, instance.slot);
    for (const line of instance.lines) this.leaveLine(line);
    instance.lines = [];
    for (const series of instance.clock.series) this.watches[series]?.waiting?.delete(instance);
    instance.clock.instances -= 1;
    this.dropClockIfIdle(instance.clock);
  }

  private attach(instance: ComposedInstance, t: number): void {
    const { definition, program, clock } = instance;
    clock.instances += 1;
    for (const each of clock.series) this.series.disturb(each);
    instance.lines = program.leaves.map((leaf) => this.lineOf(leaf, { t, definition, clock }));
    for (const [line, cuts] of instance.cuts())
      for (const cut of cuts) this.index.insert(line, cut, instance.slot);
  }

  private lineOf(leaf: ProgramLeaf, { t, definition, clock }: Omit<Place, 'key'>): Line {
    const series = this.seriesOf(leaf.metric, definition.subject);
    const watch = this.watches[series]!;
    const key = this.keyOf(leaf, definition, clock);
    let line = watch.lineOf.get(placeOf(clock, key));
    if (!line) {
      line = this.openLine(leaf, watch, { t, clock, key, definition });
      watch.lines.push(line);
      watch.lineOf.set(placeOf(clock, key), line);
    }
    line.users += 1;
    return line;
  }

  /** A trailing measure belongs to one instance, any other to all that share series, measure and clock. */
  private keyOf(leaf: ProgramLeaf, { instanceId }: InstanceDefinition, { series }: EventClock): string {
    const metrics = series.map((each) => this.series.metricOf(each)).sort();
    const others = metrics.length > 1 ? ` of ${metrics.join(',')}` : '';
    return `${leaf.key}${others}${leaf.measure.kind === 'trailing' ? ` #${instanceId}` : ''}`;
  }

  private openLine(leaf: ProgramLeaf, watch: SeriesWatch, place: Place): Line {
    const { series } = watch;
    const number = this.index.takeNumber();
    const { measure } = leaf;
    const { clock, key } = place;
    if (measure.kind === 'value')
      return this.openValue(number, { clock, series, key, measure, tracked: null });
    this.beginToSee(watch);
    const line = this.openMeasured(number, leaf, watch, place);
    this.index.move(line, line.tracked!, nobody);
    clock.stand(line, line.tracked!.dueAt);
    this.shelf.markLine(line);
    return line;
  }

  /** Goes on with what the checkpoint holds of this measure, or with what an equal one has gathered. */
  private openMeasured(number: number, leaf: ProgramLeaf, watch: SeriesWatch, place: Place): Line {
    const { t, clock, key, definition } = place;
    const { series } = watch;
    const { measure } = leaf;
    const restored = this.shelf.claim(series, key);
    const saved = restored ?? stateOfEqual(leaf, watch);
    const tracked = openMeasure(measure, this.optionsOf(leaf, series, definition), saved?.gathered ?? null);
    const line = new Line(number, { clock, series, key, measure, tracked }, this.series);
    line.begun = saved?.begun ?? this.takesLast(measure, series, tracked);
    if (restored) clock.reach(restored.now ?? Number.NEGATIVE_INFINITY);
    else {
      this.shelf.isUrgent = true;
      bringUpTo(t, line);
    }
    return line;
  }

  private openValue(number: number, of: LineOf): Line {
    const code = this.series.valueOf(of.series);
    const line = new Line(number, of, this.series);
    this.index.move(line, { code, reason: Number.isNaN(code) ? 'warmingUp' : null }, nobody);
    return line;
  }

  private beginToSee(watch: SeriesWatch): void {
    if (watch.seen) return;
    watch.seen = this.shelf.claimSeen(watch.series);
    this.shelf.markSeen(watch);
  }

  private optionsOf(leaf: ProgramLeaf, series: number, definition: InstanceDefinition): MeasureOptions {
    const { kind, scale, startsAtZero } = factsOf(definition, leaf.metric);
    const isUnseen = Number.isNaN(this.series.valueOf(series));
    const { decidesEarly, upTo } = leaf;
    return { kind, scale, startsAtZero: startsAtZero && isUnseen, decidesEarly, upTo };
  }

  /** What trails begins with the value that is known; everything else with the next event. */
  private takesLast({ kind }: Measure, series: number, tracked: SeriesMeasure): boolean {
    const value = this.series.valueOf(series);
    if (kind !== 'trailing' || Number.isNaN(value)) return false;
    tracked.take(value, this.series.atOf(series));
    return true;
  }

  private leaveLine(line: Line): void {
    line.users -= 1;
    if (line.users > 0) return;
    const watch = this.watches[line.series]!;
    watch.lines.splice(watch.lines.indexOf(line), 1);
    watch.lineOf.delete(placeOf(line.clock, line.key));
    this.index.release(line.number);
    this.shelf.closeLine(line);
    this.keepNowOf(line.clock);
    if (watch.seen && watch.lines.every(({ tracked }) => tracked === null)) this.shelf.closeSeen(watch);
  }

  /** What time a clock has reached is kept with its measures: those that remain have to tell it, and at once. */
  private keepNowOf(clock: EventClock): void {
    if (clock.now <= clock.anchorAt) return;
    const lines = clock.series.flatMap((series) => this.watches[series]!.lines);
    const remaining = lines.filter((line) => line.clock === clock && line.tracked !== null);
    for (const line of remaining) this.shelf.markLine(line);
    if (remaining.length === 0) clock.forgetReached();
    else this.shelf.isUrgent = true;
  }

  /** The clock of exactly these series. */
  private clockOf(definition: InstanceDefinition, { metrics }: Program): EventClock {
    const numbers = metrics
      .map((metric) => this.seriesOf(metric, definition.subject))
      .sort((one, other) => one - other);
    const watches = metrics.map((metric) => this.watch(metric, definition));
    const known = this.watches[numbers[0]!]!.clocks.find(
      ({ series }) => series.length === numbers.length && series.every((each, i) => each === numbers[i]),
    );
    if (known) return known;
    const clock = new EventClock(this.freeClocks.pop() ?? this.clocks.length, numbers, this.series);
    this.clocks[clock.number] = clock;
    for (const watch of watches) watch.clocks.push(clock);
    return clock;
  }

  private watch(metric: string, definition: InstanceDefinition): SeriesWatch {
    const series = this.seriesOf(metric, definition.subject);
    const { allowedLatenessMs } = factsOf(definition, metric);
    return (this.watches[series] ??= new SeriesWatch(series, allowedLatenessMs));
  }

  private dropClockIfIdle(clock: EventClock): void {
    if (clock.instances > 0 || this.clocks[clock.number] !== clock) return;
    this.clocks[clock.number] = null;
    this.freeClocks.push(clock.number);
    for (const series of clock.series) {
      const watch = this.watches[series]!;
      watch.clocks.splice(watch.clocks.indexOf(clock), 1);
      if (watch.clocks.length > 0) continue;
      this.watches[series] = undefined;
      this.series.disturb(series);
    }
  }
}

/** What has left an equal measure's window meanwhile must not be news to this one, least of all after a restart. */
function bringUpTo(t: number, { clock, tracked }: Line): void {
  if (!tracked || tracked.dueAt > t) return;
  clock.reach(t);
  tracked.advance(t);
}

function placeOf(clock: EventClock, key: string): string {
  return `${clock.number} ${key}`;
}

/** A new line has no instances yet. */
const nobody = (): void => undefined;

function factsOf(definition: InstanceDefinition, metric: string): MetricFacts {
  return definition.metrics?.[metric] ?? PLAIN_FACTS;
}

/** What an equal measure of the same series has gathered, so that a later rule need not warm up again. */
function stateOfEqual({ key, measure }: ProgramLeaf, { lines }: SeriesWatch): SavedLine | null {
  if (measure.kind === 'trailing') return null;
  const equal = lines.find((line) => line.key === key || line.key.startsWith(`${key} of `));
  return equal ? savedLine(equal) : null;
}
