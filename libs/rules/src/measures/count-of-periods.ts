import type { UnknownReason } from '../instance';
import type { Test } from '../measure';
import type { Cuts } from '../plain/cuts';
import { BitRing } from './bit-ring';
import type { SavedNumber } from './saved-number';
import { fromSaved, toSaved } from './saved-number';
import type { SeriesMeasure } from './series-measure';
import { passes, testOf } from './test-of';

export interface SavedCountOfPeriods {
  now: SavedNumber;
  knownFrom: SavedNumber;
  held: number;
  words: number[];
}

/**
 * How many of the last full periods, `floor(at / periodMs)`, had a last value that passes. The ring has one more
 * place than it counts: the current period's, which counts only once it is over.
 * About 300 bytes for up to 31.
 */
export class CountOfPeriods implements SeriesMeasure {
  private readonly test: Cuts;
  private readonly last: number;
  private readonly periodMs: number;
  private readonly ring: BitRing;
  private now: number;
  /** Period from which on there is an answer; NaN before the first event. */
  private knownFrom: number;

  constructor(
    measure: { where: Test; last: number; periodMs: number },
    private readonly decidesEarly: boolean,
    saved: SavedCountOfPeriods | null,
  ) {
    this.test = testOf(measure.where);
    this.last = measure.last;
    this.periodMs = measure.periodMs;
    this.ring = new BitRing(measure.last + 1, saved?.held, saved?.words);
    this.now = fromSaved(saved?.now, Number.NEGATIVE_INFINITY);
    this.knownFrom = fromSaved(saved?.knownFrom, Number.NaN);
  }

  get code(): number {
    if (!(this.now >= this.knownFrom)) return Number.NaN;
    return this.ring.held - (this.ring.has(this.now) ? 1 : 0);
  }

  get reason(): UnknownReason | null {
    return this.now >= this.knownFrom ? null : 'warmingUp';
  }

  get dueAt(): number {
    if (Number.isNaN(this.knownFrom)) return Number.POSITIVE_INFINITY;
    if (this.now < this.knownFrom) return this.knownFrom * this.periodMs;
    return this.ring.held === 0 ? Number.POSITIVE_INFINITY : (this.now + 1) * this.periodMs;
  }

  take(value: number, at: number): void {
    this.advance(at);
    const period = Math.floor(at / this.periodMs);
    if (Number.isNaN(this.knownFrom)) this.knownFrom = this.decidesEarly ? period : period + this.last + 1;
    if (period >= this.now - this.last) this.ring.set(period, passes(this.test, value));
  }

  takeLate(): void {
    // Never the last value of the current period, and a period that is over is not judged again.
  }

  advance(t: number): void {
    const period = Math.floor(t / this.periodMs);
    if (period <= this.now) return;
    const begun = Math.min(period - this.now, this.ring.size);
    for (let back = 0; back < begun; back++) this.ring.set(period - back, false);
    this.now = period;
  }

  save(): SavedCountOfPeriods {
    return {
      now: toSaved(this.now),
      knownFrom: toSaved(this.knownFrom),
      held: this.ring.held,
      words: this.ring.save(),
    };
  }
}
