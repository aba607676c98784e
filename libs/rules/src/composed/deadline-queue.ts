import { DueHeap } from '../timers/due-heap';

/** Something that stands in a queue at an instant, perhaps an earlier one than it is due at; NaN: in none. */
export interface Queued {
  queuedAt: number;
}

/**
 * Deadlines on one event clock, the earliest first. An entry is moved only to an earlier instant; where it moves later,
 * or ends, it comes up where it stood and whoever takes it asks anew.
 */
export class DeadlineQueue<T extends Queued> {
  private readonly heap = new DueHeap<T>();

  /** The first instant at which anything may be due; Infinity if nothing is. */
  get first(): number {
    const { heap } = this;
    while (heap.size > 0 && heap.first.queuedAt !== heap.firstDue) heap.pop();
    return heap.firstDue;
  }

  stand(item: T, due: number): void {
    if (item.queuedAt <= due || due === Number.POSITIVE_INFINITY) return;
    item.queuedAt = due;
    this.heap.push(due, item);
  }

  /** Takes out everything that stands at the first instant; in no promised order. */
  takeFirst(): T[] {
    const instant = this.first;
    const taken: T[] = [];
    while (this.heap.size > 0 && this.first === instant) {
      const item = this.heap.first;
      this.heap.pop();
      item.queuedAt = Number.NaN;
      taken.push(item);
    }
    return taken;
  }
}
