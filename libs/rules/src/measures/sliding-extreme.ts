import { RunningExtremes } from './running-extremes';
import type { SavedWindow } from './sliding-window';
import { SlidingWindow } from './sliding-window';

export interface SavedExtreme extends SavedWindow {
  rows: number[];
}

/** Smallest or largest value of a sliding window. About 350 bytes, under 600 with something in every slice. */
export class SlidingExtreme extends SlidingWindow {
  private readonly extremes: RunningExtremes;

  constructor(of: 'min' | 'max', window: { windowMs: number; partial: boolean }, saved: SavedExtreme | null) {
    super(window.windowMs, window.partial, saved);
    this.extremes = new RunningExtremes(of === 'max' ? 1 : -1, saved?.rows);
  }

  take(value: number, at: number): void {
    const slice = this.reach(at);
    if (!this.hasLeft(slice)) this.extremes.add(slice, value);
  }

  takeLate(value: number, at: number): void {
    this.take(value, at);
  }

  save(): SavedExtreme {
    return { ...this.saveWindow(), rows: this.extremes.save() };
  }

  protected answer(): number {
    return this.extremes.extreme;
  }

  protected firstSlice(): number {
    return this.extremes.firstKey;
  }

  protected dropThrough(slice: number): void {
    this.extremes.dropThrough(slice);
  }
}
