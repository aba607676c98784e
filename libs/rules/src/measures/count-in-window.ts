import type { UnknownReason } from '../instance';
import type { Test } from '../measure';
import type { Cuts } from '../plain/cuts';
import { OrderedRows } from './ordered-rows';
import type { SavedNumber } from './saved-number';
import { fromSaved, toSaved } from './saved-number';
import type { SeriesMeasure } from './series-measure';
import { passes, testOf } from './test-of';

export interface SavedCount {
  now: SavedNumber;
  knownFrom: SavedNumber;
  times: number[];
}

/**
 * How many events of the last `windowMs` pass, each leaving on its own millisecond. Only the latest times are kept,
 * one more than need to be told apart: however many there were, the newest of them decide whether it is that many.
 * About 430 bytes up to a dozen times, and 8 for each one more.
 */
export class CountInWindow implements SeriesMeasure {
  private readonly test: Cuts;
  private readonly times: OrderedRows;
  private now: number;
  /** Instant from which on there is an answer; NaN before the first event. */
  private knownFrom: number;

  constructor(
    where: Test | null,
    private readonly windowMs: number,
    private readonly options: { decidesEarly: boolean; upTo: number },
    saved: SavedCount | null,
  ) {
    this.test = testOf(where);
    this.now = fromSaved(saved?.now, Number.NEGATIVE_INFINITY);
    this.knownFrom = fromSaved(saved?.knownFrom, Number.NaN);
    this.times = new OrderedRows(1, saved?.times);
    while (this.times.size > options.upTo + 1) this.times.dropFirst();
  }

  get code(): number {
    return this.now >= this.knownFrom ? this.times.size : Number.NaN;
  }

  get reason(): UnknownReason | null {
    return this.now >= this.knownFrom ? null : 'warmingUp';
  }

  get dueAt(): number {
    if (Number.isNaN(this.knownFrom)) return Number.POSITIVE_INFINITY;
    return this.now < this.knownFrom ? this.knownFrom : this.times.firstKey + this.windowMs + 1;
  }

  take(value: number, at: number): void {
    this.advance(at);
    if (Number.isNaN(this.knownFrom)) {
      this.knownFrom = this.options.decidesEarly ? at : at + this.windowMs + 1;
    }
    if (at < this.now - this.windowMs || !passes(this.test, value)) return;
    const isFull = this.times.size > this.options.upTo;
    if (isFull && at < this.times.firstKey) return;
    if (isFull) this.times.dropFirst();
    this.times.insert(this.times.seek(at), at);
  }

  takeLate(value: number, at: number): void {
    this.take(value, at);
  }

  advance(t: number): void {
    if (t <= this.now) return;
    this.now = t;
    while (this.times.firstKey < t - this.windowMs) this.times.dropFirst();
  }

  save(): SavedCount {
    return { now: toSaved(this.now), knownFrom: toSaved(this.knownFrom), times: this.times.save() };
  }
}
