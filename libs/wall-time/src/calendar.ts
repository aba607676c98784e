import { wallInstants } from './wall-instants';
import { offsetMs, shiftBetween } from './zone-offset';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type CalendarPeriod = 'hour' | 'day' | 'week' | 'month';

/** Half-open, epoch ms. */
export interface Span {
  start: number;
  end: number;
}

const calendars = new Map<string, Calendar>();

/**
 * The hours, days, weeks (from Monday) or months on the wall clock of a time zone, shared by all who ask.
 * @param timeZone IANA name
 * @throws RangeError where the name is unknown: it is refused when a rule is saved
 */
export function calendarOf(period: CalendarPeriod, timeZone: string): Calendar {
  const key = `${period} ${timeZone}`;
  const known = calendars.get(key);
  if (known) return known;
  const calendar = new Calendar(period, timeZone);
  calendars.set(key, calendar);
  return calendar;
}

/**
 * A day begins when the wall clock first shows its midnight, or, where the clocks skip that, when they have been put
 * forward; weeks and months begin with their first day. An hour runs between full hours of the wall clock, and a
 * change of the clocks begins a new one: the hour that comes twice is two hours.
 */
export class Calendar {
  /** The span asked for last and the one before it: around a boundary, series are on both of its sides. */
  private recent: Span = { start: 0, end: 0 };
  private before: Span = { start: 0, end: 0 };

  constructor(
    private readonly period: CalendarPeriod,
    private readonly timeZone: string,
  ) {
    this.offsetAt(0); // an unknown zone is told here, not in the middle of events
  }

  /** The span that an instant lies in; two comparisons while it is one of the two asked for last. */
  spanOf(t: number): Span {
    if (t >= this.recent.start && t < this.recent.end) return this.recent;
    const span = t >= this.before.start && t < this.before.end ? this.before : this.find(t);
    this.before = this.recent;
    this.recent = span;
    return span;
  }

  private find(t: number): Span {
    if (this.period === 'hour') return this.hourOf(t);
    const local = t + this.offsetAt(t);
    const span = { start: this.beginning(local, 0), end: this.beginning(local, 1) };
    // Clocks put back over midnight show the old day again after the new one has begun.
    return t < span.end ? span : { start: span.end, end: this.beginning(local, 2) };
  }

  private hourOf(t: number): Span {
    const offset = this.offsetAt(t);
    const start = t - modulo(t + offset, HOUR_MS);
    const end = start + HOUR_MS;
    return {
      start: this.offsetAt(start) === offset ? start : this.shiftBetween(start, t),
      end: this.offsetAt(end - 1) === offset ? end : this.shiftBetween(t, end - 1),
    };
  }

  /** The instant at which the wall clock begins the period `later` periods after the one of a wall time. */
  private beginning(local: number, later: number): number {
    return wallInstants(wallStartOf(this.period, local, later), this.timeZone).earlier;
  }

  /** Where the clocks change after `from`; asked only where they do by `to`. */
  private shiftBetween(from: number, to: number): number {
    return shiftBetween(from, to, this.timeZone) ?? to;
  }

  private offsetAt(t: number): number {
    return offsetMs(t, this.timeZone);
  }
}

/** Wall times are written as if they were universal time. */
function wallStartOf(period: CalendarPeriod, local: number, later: number): number {
  const date = new Date(local);
  if (period === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1);
  const midnight = local - modulo(local, DAY_MS);
  if (period === 'day') return midnight + later * DAY_MS;
  return midnight - modulo(date.getUTCDay() - 1, 7) * DAY_MS + later * 7 * DAY_MS;
}

function modulo(dividend: number, divisor: number): number {
  return ((dividend % divisor) + divisor) % divisor;
}
