import type { Calendar } from '@app/wall-time';
import type { UnknownReason } from '../instance';
import { growthOf } from './counter-growth';
import { codeOfRatio } from './exact-ratio';
import { ExactSum, HALF, highOf } from './exact-sum';
import type { SavedNumber } from './saved-number';
import { fromSaved, toSaved } from './saved-number';
import type { MeasureContext, SeriesMeasure } from './series-measure';

export interface SavedCalendarWindow {
  start: SavedNumber;
  startedAt: SavedNumber;
  high: number;
  low: number;
  count: number;
  extreme: SavedNumber;
  previous: SavedNumber;
}

/** Sum, average, smallest or largest value since the beginning of the current hour, day, week or month. About 280 bytes. */
export class CalendarWindow implements SeriesMeasure {
  /** The current period; none before anything happened. */
  private start: number;
  private end: number;
  /** Time of the first event, NaN before it. */
  private startedAt: number;
  private readonly total: ExactSum;
  private count: number;
  private extreme: number;
  /** Latest value of a counter. */
  private previous: number;

  constructor(
    private readonly of: 'sum' | 'avg' | 'min' | 'max',
    private readonly window: { calendar: Calendar; partial: boolean },
    private readonly context: MeasureContext,
    saved: SavedCalendarWindow | null,
  ) {
    this.start = fromSaved(saved?.start, Number.NEGATIVE_INFINITY);
    this.end = Number.isFinite(this.start) ? window.calendar.spanOf(this.start).end : this.start;
    this.startedAt = fromSaved(saved?.startedAt, Number.NaN);
    this.total = new ExactSum(saved?.high, saved?.low);
    this.count = saved?.count ?? 0;
    this.extreme = fromSaved(saved?.extreme, Number.NaN);
    this.previous = fromSaved(saved?.previous, Number.NaN);
  }

  get code(): number {
    return this.isKnown ? this.answer() : Number.NaN;
  }

  get reason(): UnknownReason | null {
    if (!this.isKnown) return 'warmingUp';
    return Number.isNaN(this.answer()) ? 'undefined' : null;
  }

  get dueAt(): number {
    const isAtRest = this.isKnown ? this.count === 0 : Number.isNaN(this.startedAt);
    return isAtRest ? Number.POSITIVE_INFINITY : this.end;
  }

  take(value: number, at: number): void {
    if (!this.isGrowth) return this.takeLate(value, at);
    const growth = growthOf(value, this.previous, this.context.startsAtZero);
    this.previous = value;
    this.enter(growth, at);
  }

  takeLate(value: number, at: number): void {
    // By how much a counter had grown before is in the growth that was counted after.
    this.enter(this.isGrowth ? 0 : value, at);
  }

  advance(t: number): void {
    if (t < this.end) return;
    const span = this.window.calendar.spanOf(t);
    this.start = span.start;
    this.end = span.end;
    this.total.clear();
    this.count = 0;
    this.extreme = Number.NaN;
  }

  save(): SavedCalendarWindow {
    return {
      start: toSaved(this.start),
      startedAt: toSaved(this.startedAt),
      high: this.total.high,
      low: this.total.low,
      count: this.count,
      extreme: toSaved(this.extreme),
      previous: toSaved(this.previous),
    };
  }

  private get isKnown(): boolean {
    return this.window.partial ? !Number.isNaN(this.startedAt) : this.start > this.startedAt;
  }

  private get isGrowth(): boolean {
    return this.context.kind === 'counter' && this.of === 'sum';
  }

  private enter(amount: number, at: number): void {
    this.advance(at);
    if (Number.isNaN(this.startedAt)) this.startedAt = at;
    if (at < this.start) return;
    this.count += 1;
    const high = highOf(amount);
    this.total.add(high, amount - high * HALF);
    const isFurther = this.of === 'min' ? amount < this.extreme : amount > this.extreme;
    if (isFurther || Number.isNaN(this.extreme)) this.extreme = amount;
  }

  private answer(): number {
    if (this.of === 'sum') return this.total.value;
    if (this.count === 0) return Number.NaN;
    return this.of === 'avg' ? codeOfRatio(this.total.value, this.count) : this.extreme;
  }
}
