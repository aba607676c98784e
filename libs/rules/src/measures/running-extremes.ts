import { OrderedRows } from './ordered-rows';

/**
 * The largest value of every window that ends now: a value stays only while no later one is as large, so that the
 * first row is the largest of all. A monotonic deque rather than two stacks, since late values can be put in
 * between: whatever lies before and is no larger goes, and it does not come in if a larger one lies behind.
 */
export class RunningExtremes extends OrderedRows {
  /** @param sign 1 for the largest, -1 for the smallest, which is kept as the largest of the negated */
  constructor(
    private readonly sign: 1 | -1,
    saved?: readonly number[],
  ) {
    super(2, saved);
  }

  /** NaN of an empty window. */
  get extreme(): number {
    if (this.head === this.end) return Number.NaN;
    // Adding 0 turns the -0 of a negated 0 into 0.
    return this.sign * this.cells[this.head + 1]! + 0;
  }

  add(slice: number, value: number): void {
    const signed = this.sign * value;
    const row = this.seek(slice);
    const isTaken = row < this.end && this.cells[row] === slice;
    if (row < this.end && this.cells[row + 1]! >= signed) return;
    let from = row;
    while (from > this.head && this.cells[from - 1]! <= signed) from -= 2;
    this.remove(from, isTaken ? row + 2 : row);
    this.cells[this.insert(from, slice) + 1] = signed;
  }

  dropThrough(slice: number): void {
    while (this.firstKey <= slice) this.dropFirst();
  }
}
