import { growthOf } from './counter-growth';
import { codeOfProduct, codeOfRatio } from './exact-ratio';
import { ExactSum, HALF, highOf } from './exact-sum';
import { OrderedRows } from './ordered-rows';
import type { SavedNumber } from './saved-number';
import { fromSaved, toSaved } from './saved-number';
import type { MeasureContext } from './series-measure';
import type { SavedWindow } from './sliding-window';
import { SlidingWindow } from './sliding-window';

export interface SavedSum extends SavedWindow {
  rows: number[];
  previous: SavedNumber;
}

/** `rate`: the sum of `windowMs` told for `perMs`. */
export type SumUse = { of: 'sum' | 'avg' } | { of: 'rate'; perMs: number };

/** A row: slice, high and low part of its sum, number of its values. */
const WIDTH = 4;

/**
 * Sum, average or rate of a sliding window. Of a counter, sum and rate are its growth.
 * About 540 bytes, and up to 3,300 with something in every slice.
 */
export class SlidingSum extends SlidingWindow {
  private readonly rows: OrderedRows;
  private readonly total = new ExactSum();
  private count = 0;
  /** Latest value of a counter. */
  private previous: number;

  constructor(
    private readonly use: SumUse,
    private readonly window: { windowMs: number; partial: boolean },
    private readonly context: MeasureContext,
    saved: SavedSum | null,
  ) {
    super(window.windowMs, window.partial, saved);
    this.rows = new OrderedRows(WIDTH, saved?.rows);
    this.previous = fromSaved(saved?.previous, Number.NaN);
    const { cells, end } = this.rows;
    for (let row = 0; row < end; row += WIDTH) {
      this.total.add(cells[row + 1]!, cells[row + 2]!);
      this.count += cells[row + 3]!;
    }
  }

  take(value: number, at: number): void {
    const slice = this.reach(at);
    if (!this.isGrowth) return this.add(slice, value);
    const growth = growthOf(value, this.previous, this.context.startsAtZero);
    this.previous = value;
    this.add(slice, growth);
  }

  /** By how much a counter had grown before is in the growth that was counted after. */
  takeLate(value: number, at: number): void {
    const slice = this.reach(at);
    if (!this.isGrowth) this.add(slice, value);
  }

  save(): SavedSum {
    return { ...this.saveWindow(), rows: this.rows.save(), previous: toSaved(this.previous) };
  }

  protected answer(): number {
    const sum = this.total.value;
    if (this.use.of === 'sum') return sum;
    if (this.use.of === 'rate') return codeOfProduct(sum, this.use.perMs, this.window.windowMs);
    return this.count === 0 ? Number.NaN : codeOfRatio(sum, this.count);
  }

  protected firstSlice(): number {
    return this.rows.firstKey;
  }

  protected dropThrough(slice: number): void {
    const { rows } = this;
    for (; rows.firstKey <= slice; rows.dropFirst()) {
      this.total.remove(rows.cells[rows.head + 1]!, rows.cells[rows.head + 2]!);
      this.count -= rows.cells[rows.head + 3]!;
    }
  }

  private get isGrowth(): boolean {
    return this.context.kind === 'counter' && this.use.of !== 'avg';
  }

  private add(slice: number, amount: number): void {
    // Nothing changes a sum by 0: a counter that stands still needs neither rows nor timers.
    if (this.hasLeft(slice) || (amount === 0 && this.use.of !== 'avg')) return;
    const { rows } = this;
    const { cells } = rows;
    let row = rows.seek(slice);
    if (row === rows.end || cells[row] !== slice) row = rows.insert(row, slice);
    const high = highOf(amount);
    const low = cells[row + 2]! + (amount - high * HALF);
    cells[row + 1] = cells[row + 1]! + high + (low < HALF ? 0 : 1);
    cells[row + 2] = low < HALF ? low : low - HALF;
    cells[row + 3] = cells[row + 3]! + 1;
    this.total.add(high, amount - high * HALF);
    this.count += 1;
  }
}
