/** What a clock on the wall shows. */
export interface WallTime {
  /** `YYYY-MM-DD` */
  date: string;
  /** ISO, 1 Monday to 7 Sunday. */
  weekday: number;
  /** Since local midnight as the clock counts them, not as they passed. */
  minutes: number;
}

const DAY_MS = 86_400_000;
/** Making a formatter costs a thousand times its use; there are some hundred zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a zone that is not known; such a one is refused when saved */
export function wallTime(at: number, timeZone: string): WallTime {
  const local = at + offsetMs(at, timeZone);
  const day = Math.floor(local / DAY_MS);
  return {
    date: new Date(day * DAY_MS).toISOString().slice(0, 10),
    weekday: ((((day + 3) % 7) + 7) % 7) + 1,
    minutes: Math.floor((local - day * DAY_MS) / 60_000),
  };
}

const HOUR_MS = 3_600_000;
/** A zone's offset in each hour that was asked for lately; NaN where it changes within. */
const hours = new Map<string, Map<number, number>>();
const HOURS_KEPT = 1_024;

/**
 * What the wall clock shows minus UTC, ms, whole seconds. Looked up once for each hour: to look it up takes some 20 µs,
 * and to find when a week's hours begin takes hundreds of answers.
 */
export function offsetMs(at: number, timeZone: string): number {
  const hour = Math.floor(at / HOUR_MS);
  let known = hours.get(timeZone);
  if (!known) hours.set(timeZone, (known = new Map()));
  let offset = known.get(hour);
  if (offset === undefined) {
    if (known.size >= HOURS_KEPT) known.clear();
    offset = lookUpOffset(hour * HOUR_MS, timeZone);
    if (lookUpOffset((hour + 1) * HOUR_MS, timeZone) !== offset) offset = Number.NaN;
    known.set(hour, offset);
  }
  return Number.isNaN(offset) ? lookUpOffset(at, timeZone) : offset;
}

function lookUpOffset(at: number, timeZone: string): number {
  const second = Math.floor(at / 1000) * 1000;
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(second)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, shown.second ?? 0) - second;
}

/** The instant in (from, to] at which the offset first differs from that at `from`, to the second; null: it does not. */
export function shiftBetween(from: number, to: number, timeZone: string): number | null {
  const offset = offsetMs(from, timeZone);
  if (offsetMs(to, timeZone) === offset) return null;
  let before = Math.floor(from / 1000);
  let after = Math.ceil(to / 1000);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(middle * 1000, timeZone) === offset) before = middle;
    else after = middle;
  }
  return after * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const date = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, ...date, ...time });
  formats.set(timeZone, format);
  return format;
}
