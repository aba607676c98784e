import type { UnknownReason } from '../instance';
import type { ChangeUnit } from '../measure';
import { codeOfChange } from './difference';
import { RunningExtremes } from './running-extremes';
import type { SavedNumber } from './saved-number';
import { fromSaved, toSaved } from './saved-number';
import type { SavedWindow } from './sliding-window';
import { SlidingWindow } from './sliding-window';

export interface SavedWindowChange extends SavedWindow {
  rows: number[];
  latest: SavedNumber;
}

/**
 * The latest value minus the highest or lowest of a sliding window; says nothing once the window is empty.
 * About 380 bytes, 600 with something in every slice.
 */
export class ChangeFromExtreme extends SlidingWindow {
  private readonly extremes: RunningExtremes;
  private latest: number;

  constructor(
    against: 'windowHigh' | 'windowLow',
    windowMs: number,
    private readonly unit: ChangeUnit,
    saved: SavedWindowChange | null,
  ) {
    super(windowMs, false, saved);
    this.extremes = new RunningExtremes(against === 'windowHigh' ? 1 : -1, saved?.rows);
    this.latest = fromSaved(saved?.latest, Number.NaN);
  }

  take(value: number, at: number): void {
    this.latest = value;
    this.takeLate(value, at);
  }

  takeLate(value: number, at: number): void {
    const slice = this.reach(at);
    if (!this.hasLeft(slice)) this.extremes.add(slice, value);
  }

  save(): SavedWindowChange {
    return { ...this.saveWindow(), rows: this.extremes.save(), latest: toSaved(this.latest) };
  }

  protected answer(): number {
    return codeOfChange(this.unit, this.latest, this.extremes.extreme);
  }

  protected override whyUnknown(): UnknownReason {
    return Number.isNaN(this.latest) ? 'warmingUp' : 'undefined';
  }

  protected firstSlice(): number {
    return this.extremes.firstKey;
  }

  protected dropThrough(slice: number): void {
    this.extremes.dropThrough(slice);
  }
}
