/** Pairs of an instant and a thing, the earliest first; of equal instants in no promised order. */
export class DueHeap<T> {
  private readonly dues: number[] = [];
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  /** Infinity if it is empty. */
  get firstDue(): number {
    return this.dues[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Meaningful if `size` is not 0. */
  get first(): T {
    return this.items[0]!;
  }

  push(due: number, item: T): void {
    let place = this.items.length;
    this.dues.push(due);
    this.items.push(item);
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
    const due = this.dues.pop()!;
    const item = this.items.pop()!;
    const { size } = this;
    if (size === 0) return;
    let place = 0;
    for (let child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && this.dues[child + 1]! < this.dues[child]!) child += 1;
      if (this.dues[child]! >= due) break;
      this.move(child, place);
      place = child;
    }
    this.dues[place] = due;
    this.items[place] = item;
  }

  private move(from: number, to: number): void {
    this.dues[to] = this.dues[from]!;
    this.items[to] = this.items[from]!;
  }
}
