import type { UnknownReason } from '../instance';
import type { SavedNumber } from './saved-number';
import { fromSaved, toSaved } from './saved-number';
import type { SeriesMeasure } from './series-measure';

/** A window moves on in steps of a sixtieth: the price of never keeping single events. */
export const SLICES = 60;

export interface SavedWindow {
  now: SavedNumber;
  knownFrom: SavedNumber;
}

/**
 * A window of the current slice and the 59 before it, by slice number `floor(at / sliceMs)`. It knows where time
 * stands and whether a full window has been seen; what is in the slices is kept by the class that extends it.
 */
export abstract class SlidingWindow implements SeriesMeasure {
  private readonly sliceMs: number;
  private now: number;
  /** Slice from which on there is an answer; NaN before the first event. */
  private knownFrom: number;

  /** @param partial answers before a full window has been seen */
  constructor(
    windowMs: number,
    private readonly partial: boolean,
    saved: SavedWindow | null,
  ) {
    this.sliceMs = Math.ceil(windowMs / SLICES);
    this.now = fromSaved(saved?.now, Number.NEGATIVE_INFINITY);
    this.knownFrom = fromSaved(saved?.knownFrom, Number.NaN);
  }

  get code(): number {
    return this.now >= this.knownFrom ? this.answer() : Number.NaN;
  }

  get reason(): UnknownReason | null {
    if (!(this.now >= this.knownFrom)) return 'warmingUp';
    return Number.isNaN(this.answer()) ? this.whyUnknown() : null;
  }

  get dueAt(): number {
    if (Number.isNaN(this.knownFrom)) return Number.POSITIVE_INFINITY;
    if (this.now < this.knownFrom) return this.knownFrom * this.sliceMs;
    return (this.firstSlice() + SLICES) * this.sliceMs;
  }

  advance(t: number): void {
    const slice = Math.floor(t / this.sliceMs);
    if (slice > this.now) this.moveTo(slice);
  }

  abstract take(value: number, at: number): void;
  abstract takeLate(value: number, at: number): void;
  abstract save(): SavedWindow;

  /** The code once a window has been seen; NaN where it says nothing. */
  protected abstract answer(): number;
  /** The oldest slice that the answer depends on; Infinity without one. */
  protected abstract firstSlice(): number;
  /** Everything up to this slice has left the window. */
  protected abstract dropThrough(slice: number): void;

  protected whyUnknown(): UnknownReason {
    return 'undefined';
  }

  /** Moves time to an event, if it is not there yet. @returns the event's slice */
  protected reach(at: number): number {
    const slice = Math.floor(at / this.sliceMs);
    if (slice > this.now) this.moveTo(slice);
    if (Number.isNaN(this.knownFrom)) this.knownFrom = this.partial ? slice : slice + SLICES;
    return slice;
  }

  protected hasLeft(slice: number): boolean {
    return slice <= this.now - SLICES;
  }

  protected saveWindow(): SavedWindow {
    return { now: toSaved(this.now), knownFrom: toSaved(this.knownFrom) };
  }

  private moveTo(slice: number): void {
    this.now = slice;
    this.dropThrough(slice - SLICES);
  }
}
