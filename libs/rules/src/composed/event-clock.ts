import type { ComposedInstance } from './composed-instance';
import { DeadlineQueue } from './deadline-queue';
import type { Line } from './line';

/**
 * The time of day of rules that look at the same series: as late as their latest event, and from there on as late as
 * the log clock has gone since. One of these for each set of series, so that an event need not look for the rules
 * whose deadlines it brings nearer.
 */
export class EventClock {
  /** Event time of the latest event on any of the series (of equals the last one), and the log clock when it was taken. */
  anchorAt = Number.NEGATIVE_INFINITY;
  private anchorClock = Number.NaN;
  readonly deadlines = new DeadlineQueue<ComposedInstance | Line>();
  instances = 0;
  /** The event or deadline that is being decided. */
  instant = Number.NEGATIVE_INFINITY;
  /** As of when its lines were read last. Never goes back: what comes with an earlier time is looked at from here. */
  now = Number.NEGATIVE_INFINITY;

  /**
   * @param number its timer in the wheel
   * @param series in ascending order
   */
  constructor(
    readonly number: number,
    readonly series: readonly number[],
  ) {}

  /** @param clock log clock; NaN if it is not known: then the event counts as taken when it happened */
  anchor(at: number, clock: number): void {
    if (at < this.anchorAt || (at === this.anchorAt && clock < this.anchorClock)) return;
    this.anchorAt = at;
    this.anchorClock = clock;
    this.reach(at);
  }

  reach(instant: number): void {
    if (instant > this.now) this.now = instant;
  }

  /** The log clock at which the first deadline is due if no event comes before; Infinity without deadlines. */
  get dueClock(): number {
    return this.deadlines.first + this.lag;
  }

  /** What time it is when the log clock says `clock`. */
  timeAt(clock: number): number {
    return Math.max(this.now, clock - this.lag);
  }

  private get lag(): number {
    return Number.isNaN(this.anchorClock) ? 0 : this.anchorClock - this.anchorAt;
  }
}
