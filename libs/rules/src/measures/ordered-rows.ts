/**
 * Rows of a few numbers in ascending order of the first, their key, end to end in one array of doubles: they are
 * added behind and dropped in front, each at a constant cost on average; late ones are moved in between.
 * A row is named by the index of its key.
 */
export class OrderedRows {
  readonly cells: number[];
  /** Index of the first row; equal to `end` when there is none. */
  head = 0;
  /** Index behind the last row. What the array holds beyond is room. */
  end: number;

  constructor(
    readonly width: number,
    saved: readonly number[] = [],
  ) {
    this.cells = saved.slice();
    this.end = saved.length;
  }

  get size(): number {
    return (this.end - this.head) / this.width;
  }

  /** Key of the first row, Infinity without one. */
  get firstKey(): number {
    return this.head === this.end ? Number.POSITIVE_INFINITY : this.cells[this.head]!;
  }

  /** The first row whose key is not below; `end` without one. Searches from behind, where nearly every key belongs. */
  seek(key: number): number {
    let row = this.end;
    while (row > this.head && this.cells[row - this.width]! >= key) row -= this.width;
    return row;
  }

  /** Puts a row of zeros with this key in front of `row`, and returns where it came to lie. */
  insert(row: number, key: number): number {
    const at = row - this.makeRoom();
    for (let cell = this.end - 1; cell >= at; cell--) this.cells[cell + this.width] = this.cells[cell]!;
    this.end += this.width;
    this.cells[at] = key;
    for (let column = 1; column < this.width; column++) this.cells[at + column] = 0;
    return at;
  }

  dropFirst(): void {
    this.head += this.width;
    if (this.head === this.end) this.head = this.end = 0;
  }

  /** Takes out the rows from `from` up to, without, `to`. */
  remove(from: number, to: number): void {
    this.closeGap(from, to);
  }

  save(): number[] {
    return this.cells.slice(this.head, this.end);
  }

  /** Makes room for one more row at the end. @returns by how far all rows moved towards the front */
  private makeRoom(): number {
    if (this.end + this.width <= this.cells.length) return 0;
    const dropped = this.head;
    if (dropped * 8 < this.end || dropped === 0) {
      for (let column = 0; column < this.width; column++) this.cells.push(0);
      return 0;
    }
    this.closeGap(0, dropped);
    this.head = 0;
    return dropped;
  }

  /** By hand: `copyWithin` of a plain array asks for every single element whether it is there. */
  private closeGap(from: number, to: number): void {
    const by = to - from;
    for (let cell = to; cell < this.end; cell++) this.cells[cell - by] = this.cells[cell]!;
    this.end -= by;
  }
}
