import type { SeriesTable } from '../plain/series-table';
import { DeadlineQueue } from './deadline-queue';
import type { Queued } from './deadline-queue';

/**
 * The time of day of rules that look at the same series: as late as their latest event, and from there on as late as
 * the log clock has gone since. One of these for each set of series, so that an event need not look for the rules
 * whose deadlines it brings nearer.
 */
export class EventClock {
  /** Instances and lines. */
  readonly deadlines = new DeadlineQueue<Queued>();
  instances = 0;
  /** The event or deadline that is being decided. */
  instant = Number.NEGATIVE_INFINITY;
  private reached = Number.NEGATIVE_INFINITY;

  /**
   * @param number its timer in the wheel
   * @param series in ascending order
   */
  constructor(
    readonly number: number,
    readonly series: readonly number[],
    private readonly table: SeriesTable,
  ) {}

  /** Event time of the latest event on any of the series. */
  get anchorAt(): number {
    return this.table.atOf(this.latest);
  }

  /** As of when its lines were read last. Never goes back: what comes with an earlier time is looked at from here. */
  get now(): number {
    return Math.max(this.reached, this.anchorAt);
  }

  reach(instant: number): void {
    if (instant > this.reached) this.reached = instant;
  }

  /** Nobody remembers a time later than the latest event. */
  forgetReached(): void {
    this.reached = Number.NEGATIVE_INFINITY;
  }

  /** Has something looked at when its time comes; until then, every event of the series is told. */
  stand(item: Queued, due: number): void {
    if (due === Number.POSITIVE_INFINITY) return;
    for (const each of this.series) this.table.disturb(each);
    this.deadlines.stand(item, due);
  }

  /** The log clock at which the first deadline is due if no event comes before; Infinity without deadlines. */
  get dueClock(): number {
    return this.deadlines.first + this.lag;
  }

  /** What time it is when the log clock says `clock`, and never earlier than the lines were read last. */
  timeAt(clock: number): number {
    return Math.max(this.reached, this.runningAt(clock));
  }

  /** As late as the latest event, and from there on as the log clock has gone. */
  runningAt(clock: number): number {
    return Math.max(this.anchorAt, clock - this.lag);
  }

  /** Log clock minus event time of the latest event; 0 where the clock is not known: it counts as taken when it happened. */
  private get lag(): number {
    const series = this.latest;
    const clock = this.table.clockOf(series);
    return Number.isNaN(clock) ? 0 : clock - this.table.atOf(series);
  }

  /** The series with the latest event; of equals the one that was taken last. */
  private get latest(): number {
    const { table, series } = this;
    let latest = series[0]!;
    for (let i = 1; i < series.length; i += 1) {
      const each = series[i]!;
      const isLater = table.atOf(each) > table.atOf(latest);
      const isTie = table.atOf(each) === table.atOf(latest) && !(table.clockOf(each) < table.clockOf(latest));
      if (isLater || isTie) latest = each;
    }
    return latest;
  }
}
