/** Something that stands in a queue at an instant, perhaps an earlier one than it is due at; NaN: in none. */
export interface Queued {
  queuedAt: number;
}

/**
 * Deadlines on one event clock, the earliest first. An entry is moved only to an earlier instant; where it moves later,
 * or ends, it comes up where it stood and whoever takes it asks anew.
 */
export class DeadlineQueue<T extends Queued> {
  private readonly instants: number[] = [];
  private readonly items: T[] = [];

  /** The first instant at which anything may be due; Infinity if nothing is. */
  get first(): number {
    while (this.items.length > 0 && this.items[0]!.queuedAt !== this.instants[0]) this.pop();
    return this.instants[0] ?? Number.POSITIVE_INFINITY;
  }

  stand(item: T, due: number): void {
    if (item.queuedAt <= due || due === Number.POSITIVE_INFINITY) return;
    item.queuedAt = due;
    this.push(due, item);
  }

  /** Takes out everything that stands at the first instant; in no promised order. */
  takeFirst(): T[] {
    const instant = this.first;
    const taken: T[] = [];
    while (this.first === instant && this.items.length > 0) {
      const item = this.items[0]!;
      this.pop();
      item.queuedAt = Number.NaN;
      taken.push(item);
    }
    return taken;
  }

  private push(instant: number, item: T): void {
    const { instants, items } = this;
    let place = items.length;
    instants.push(instant);
    items.push(item);
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (instants[parent]! <= instant) break;
      instants[place] = instants[parent]!;
      items[place] = items[parent]!;
      place = parent;
    }
    instants[place] = instant;
    items[place] = item;
  }

  private pop(): void {
    const { instants, items } = this;
    const instant = instants.pop()!;
    const item = items.pop()!;
    const size = items.length;
    if (size === 0) return;
    let place = 0;
    for (let child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && instants[child + 1]! < instants[child]!) child += 1;
      if (instants[child]! >= instant) break;
      instants[place] = instants[child]!;
      items[place] = items[child]!;
      place = child;
    }
    instants[place] = instant;
    items[place] = item;
  }
}
