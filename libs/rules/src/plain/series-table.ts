import { grown, nextLength } from './grown';
import { SeriesNames } from './series-names';

/** What a checkpoint keeps of one series. */
export interface SeriesValue {
  metric: string;
  subject: string;
  /** Scaled integer. */
  value: number;
  /** Event time of the value, epoch ms. */
  at: number;
  /** Log clock when it was taken, epoch ms; absent where none was given. */
  clockAt?: number;
}

const WIDTH = 4;
const VALUE = 0;
const AT = 1;
const LOW = 2;
const HIGH = 3;

/** What became of a series' value: dated before the last one, still between the same two cuts, or perhaps not. */
export const OLDER = 0;
export const IN_GAP = 1;
export const LEFT_GAP = 2;
export type Moved = typeof OLDER | typeof IN_GAP | typeof LEFT_GAP;

const DIRTY = 1;
const UNSETTLED = 2;
const QUIET = 4;

/**
 * Every series that was ever named: its last value, and the cursor, which is the gap between two neighbouring
 * cuts in which that value lies. A value that stays in [low, high) passes nothing; it is decided by the 32 bytes
 * of the series alone, side by side in one cache line, without a look at the index.
 */
export class SeriesTable {
  private readonly names = new SeriesNames();
  private spots = new Float64Array(256 * WIDTH);
  private flags = new Uint8Array(256);
  private clocks = new Float64Array(256).fill(Number.NaN);
  private dirty: number[] = [];

  get size(): number {
    return this.names.size;
  }

  get dirtyCount(): number {
    return this.dirty.length;
  }

  /** @returns the number of a series, or -1 if it was never named */
  find(metric: string, subject: string): number {
    return this.names.find(metric, subject);
  }

  /** As `find`, for a subject in UTF-8. */
  findIn(metric: string, bytes: Uint8Array, from: number, to: number): number {
    return this.names.findIn(metric, bytes, from, to);
  }

  /** @returns the number of a series, new if it was never named */
  intern(metric: string, subject: string): number {
    const known = this.names.find(metric, subject);
    if (known >= 0) return known;
    const series = this.names.add(metric, subject);
    this.open(series);
    return series;
  }

  metricOf(series: number): string {
    return this.names.metricNameOf(series);
  }

  subjectOf(series: number): string {
    return this.names.subjectOf(series);
  }

  /** NaN before the first value. */
  valueOf(series: number): number {
    return this.spots[series * WIDTH + VALUE]!;
  }

  /** Minus infinity before the first value. */
  atOf(series: number): number {
    return this.spots[series * WIDTH + AT]!;
  }

  /**
   * Takes the value of an event, unless it is dated before the last one. All that most events ever meet: it is one
   * function so that the row is looked up once.
   * @throws Error on NaN, which lies between no two cuts
   */
  move(series: number, value: number, at: number): Moved {
    const { spots } = this;
    const spot = series * WIDTH;
    const lastAt = spots[spot + AT]!;
    if (at < lastAt) return OLDER;
    if (Number.isNaN(value)) throw new Error('a value must be a number: NaN lies between no two cuts');
    if (at !== lastAt || value !== spots[spot + VALUE]) this.markDirty(series);
    spots[spot + VALUE] = value;
    spots[spot + AT] = at;
    return value >= spots[spot + LOW]! && value < spots[spot + HIGH]! ? IN_GAP : LEFT_GAP;
  }

  /**
   * The same for a quiet series whose value stays in its gap. Nothing but this row is touched: a million series with
   * a rule on their silence are heard at 4 times the rate that a look at the rules allows.
   * @returns OLDER and without effect if the series is not quiet, or the event needs a closer look
   */
  moveQuietly(series: number, value: number, at: number, clock: number): Moved {
    if ((this.flags[series]! & QUIET) === 0) return OLDER;
    const { spots } = this;
    const spot = series * WIDTH;
    if (at < spots[spot + AT]! || !(value >= spots[spot + LOW]! && value < spots[spot + HIGH]!)) return OLDER;
    spots[spot + VALUE] = value;
    spots[spot + AT] = at;
    this.clocks[series] = clock;
    this.markDirty(series);
    return IN_GAP;
  }

  /** Composed rules need not hear of an event that stays in the gap, which becomes no wider than from `low` to before `high`. */
  quieten(series: number, low: number, high: number): void {
    const spot = series * WIDTH;
    this.setGap(series, Math.max(this.spots[spot + LOW]!, low), Math.min(this.spots[spot + HIGH]!, high));
    this.flags[series]! |= QUIET;
  }

  /** Composed rules want to hear of every event. */
  disturb(series: number): void {
    this.flags[series]! &= ~QUIET;
  }

  /** Log clock of the last value; NaN where none was given. */
  clockOf(series: number): number {
    return this.clocks[series]!;
  }

  stamp(series: number, clock: number): void {
    this.clocks[series] = clock;
  }

  write(series: number, value: number, at: number): void {
    this.spots[series * WIDTH + VALUE] = value;
    this.spots[series * WIDTH + AT] = at;
  }

  setGap(series: number, low: number, high: number): void {
    this.spots[series * WIDTH + LOW] = low;
    this.spots[series * WIDTH + HIGH] = high;
  }

  /** A cut was added: it may be the new end of the gap. */
  narrowGap(series: number, cut: number): void {
    const spot = series * WIDTH;
    if (cut <= this.spots[spot + VALUE]!) this.spots[spot + LOW] = Math.max(this.spots[spot + LOW]!, cut);
    else this.spots[spot + HIGH] = Math.min(this.spots[spot + HIGH]!, cut);
  }

  /** True where the instances of a series have not all seen its last value. */
  isUnsettled(series: number): boolean {
    return (this.flags[series]! & UNSETTLED) !== 0;
  }

  /** The next value looks at every instance, wherever it lies. */
  unsettle(series: number): void {
    this.setGap(series, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    this.flags[series]! |= UNSETTLED;
  }

  settled(series: number): void {
    this.flags[series]! &= ~UNSETTLED;
  }

  markDirty(series: number): void {
    const flags = this.flags[series]!;
    if ((flags & DIRTY) !== 0) return;
    this.flags[series] = flags | DIRTY;
    this.dirty.push(series);
  }

  drainDirty(): SeriesValue[] {
    const drained = this.dirty.map((series) => this.read(series));
    for (const series of this.dirty) this.flags[series]! &= ~DIRTY;
    this.dirty = [];
    return drained;
  }

  private read(series: number): SeriesValue {
    return {
      metric: this.metricOf(series),
      subject: this.subjectOf(series),
      value: this.valueOf(series),
      at: this.atOf(series),
      ...(Number.isNaN(this.clocks[series]) ? {} : { clockAt: this.clocks[series]! }),
    };
  }

  private open(series: number): void {
    if (series === this.flags.length) {
      const length = nextLength(series);
      this.flags = grown(this.flags, length);
      this.spots = grown(this.spots, length * WIDTH);
      this.clocks = grown(this.clocks, length);
    }
    this.write(series, Number.NaN, Number.NEGATIVE_INFINITY);
    this.stamp(series, Number.NaN);
    this.setGap(series, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  }
}
