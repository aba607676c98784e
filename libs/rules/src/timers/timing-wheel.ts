import { grown, nextLength } from '../plain/grown';
import { DueHeap } from './due-heap';

const TICK_MS = 1_000;
const SLOTS = 4_096;
const NOWHERE = -1;
/** `before` of the first timer in a slot's list: from here down it names the slot. */
const FIRST_OF_SLOT = -2;

/**
 * Timers that are moved far more often than they end: a hashed wheel (Varghese and Lauck, 1987) of one-second slots,
 * and a heap of those that end within the second that was reached, so that they come up at their exact instant and in
 * order. Nothing is done when a timer moves later: it comes up where it was, is asked again and is put back. 16 bytes
 * a timer. Instants are epoch ms of whichever clock drives the wheel.
 */
export class TimingWheel {
  private readonly heads = new Int32Array(SLOTS).fill(NOWHERE);
  private after = new Int32Array(256);
  private before = new Int32Array(256).fill(NOWHERE);
  /** Where the timer stands, which may be earlier than it is due; NaN where it stands nowhere. */
  private dues = new Float64Array(256).fill(Number.NaN);
  private readonly near = new DueHeap<number>();
  private inSlots = 0;
  private reached = Number.NEGATIVE_INFINITY;

  /** @param dueOf when a timer is due, asked anew each time it comes up; Infinity: it has been stopped */
  constructor(private readonly dueOf: (timer: number) => number) {}

  /** No timer is due before this instant; Infinity without timers. */
  get nextDue(): number {
    if (this.near.size > 0) return this.near.firstDue;
    return this.inSlots > 0 ? (this.reached + 1) * TICK_MS : Number.POSITIVE_INFINITY;
  }

  /** Starts a timer (any small whole number), or makes sure that one is looked at by then. */
  schedule(timer: number, due: number): void {
    if (timer >= this.dues.length) this.grow(timer);
    if (this.dues[timer]! <= due || due === Number.POSITIVE_INFINITY) return;
    this.unlink(timer);
    this.place(timer, due);
  }

  /** @returns the instant of the first timer that is due by this clock; Infinity if none is */
  peek(clock: number): number {
    this.reach(Math.floor(clock / TICK_MS));
    while (this.near.size > 0) {
      const { first: timer, firstDue: due } = this.near;
      if (due > clock) break;
      if (this.dues[timer] === due) {
        const actual = this.dueOf(timer);
        if (actual === due) return due;
        this.near.pop();
        this.replace(timer, actual);
      } else this.near.pop();
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Ends and returns the timer that `peek` has just found. */
  take(): number {
    const timer = this.near.first;
    this.near.pop();
    this.dues[timer] = Number.NaN;
    return timer;
  }

  private reach(tick: number): void {
    if (tick <= this.reached) return;
    const from = this.reached;
    this.reached = tick;
    if (this.inSlots === 0) return;
    if (tick - from >= SLOTS) for (let slot = 0; slot < SLOTS; slot += 1) this.empty(slot);
    else for (let each = from + 1; each <= tick; each += 1) this.empty(slotOf(each));
  }

  /** Puts each timer of a slot where it is due by now: the heap, another slot, or this one for another round. */
  private empty(slot: number): void {
    let timer = this.heads[slot]!;
    if (timer === NOWHERE) return;
    this.heads[slot] = NOWHERE;
    while (timer !== NOWHERE) {
      const next = this.after[timer]!;
      this.inSlots -= 1;
      this.before[timer] = NOWHERE;
      this.replace(timer, this.dueOf(timer));
      timer = next;
    }
  }

  private replace(timer: number, due: number): void {
    if (due === Number.POSITIVE_INFINITY) this.dues[timer] = Number.NaN;
    else this.place(timer, due);
  }

  private place(timer: number, due: number): void {
    this.dues[timer] = due;
    const tick = Math.floor(due / TICK_MS);
    if (tick <= this.reached) this.near.push(due, timer);
    else this.link(timer, slotOf(tick));
  }

  private link(timer: number, slot: number): void {
    const head = this.heads[slot]!;
    this.after[timer] = head;
    this.before[timer] = FIRST_OF_SLOT - slot;
    if (head !== NOWHERE) this.before[head] = timer;
    this.heads[slot] = timer;
    this.inSlots += 1;
  }

  private unlink(timer: number): void {
    const before = this.before[timer]!;
    if (before === NOWHERE) return;
    const after = this.after[timer]!;
    if (before <= FIRST_OF_SLOT) this.heads[FIRST_OF_SLOT - before] = after;
    else this.after[before] = after;
    if (after !== NOWHERE) this.before[after] = before;
    this.before[timer] = NOWHERE;
    this.inSlots -= 1;
  }

  private grow(timer: number): void {
    const from = this.dues.length;
    const length = Math.max(timer + 1, nextLength(from));
    this.after = grown(this.after, length);
    this.before = grown(this.before, length).fill(NOWHERE, from);
    this.dues = grown(this.dues, length).fill(Number.NaN, from);
  }
}

/** SLOTS is a power of two; a tick of today no longer fits a small integer, and the remainder of a double is slow. */
function slotOf(tick: number): number {
  return tick & (SLOTS - 1);
}
