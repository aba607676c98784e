import { grown, nextLength } from '../plain/grown';

/** Pairs of an instant and a number, the earliest first; of equal instants in no promised order. Columns, no objects. */
export class DueHeap {
  size = 0;
  private dues = new Float64Array(64);
  private items = new Int32Array(64);

  /** Infinity if it is empty. */
  get firstDue(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.dues[0]!;
  }

  /** Meaningful if `size` is not 0. */
  get first(): number {
    return this.items[0]!;
  }

  push(due: number, item: number): void {
    if (this.size === this.dues.length) this.grow();
    let place = this.size;
    this.size += 1;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (this.dues[parent]! <= due) break;
      this.move(parent, place);
      place = parent;
    }
    this.dues[place] = due;
    this.items[place] = item;
  }

  /** Drops the first pair. */
  pop(): void {
    this.size -= 1;
    const due = this.dues[this.size]!;
    let place = 0;
    for (let child = 1; child < this.size; child = 2 * place + 1) {
      if (child + 1 < this.size && this.dues[child + 1]! < this.dues[child]!) child += 1;
      if (this.dues[child]! >= due) break;
      this.move(child, place);
      place = child;
    }
    this.dues[place] = due;
    this.items[place] = this.items[this.size]!;
  }

  private move(from: number, to: number): void {
    this.dues[to] = this.dues[from]!;
    this.items[to] = this.items[from]!;
  }

  private grow(): void {
    const length = nextLength(this.dues.length);
    this.dues = grown(this.dues, length);
    this.items = grown(this.items, length);
  }
}
