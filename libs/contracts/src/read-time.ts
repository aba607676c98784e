const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Reads an RFC 3339 instant with a zone.
 *
 * The two forms that nearly all publishers write, `2026-05-01T12:00:00Z` and the same with milliseconds, are read
 * by their digits: a tenth of the time of an expression and `Date.parse`, which were a fifth of reading an event.
 * @returns epoch ms, NaN where it is not an instant that exists
 */
export function readTime(time: unknown): number {
  if (typeof time !== 'string') return Number.NaN;
  const quick = quickTime(time);
  return Number.isNaN(quick) ? carefulTime(time) : quick;
}

/** NaN means only that the other way has to decide. */
function quickTime(time: string): number {
  const hasMillis = time.length === 24;
  if ((!hasMillis && time.length !== 20) || !hasFrame(time, hasMillis)) return Number.NaN;
  return quickDay(time) + quickClock(time) + (hasMillis ? pair(time, 20) * 10 + digit(time, 22) : 0);
}

/** Days up to 28 exist in every month; the rest, leap days too, is for the calendar to decide. */
function quickDay(time: string): number {
  const month = pair(time, 5);
  const day = pair(time, 8);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 28)) return Number.NaN;
  return daysSinceEpoch(pair(time, 0) * 100 + pair(time, 2), month, day) * DAY_MS;
}

function quickClock(time: string): number {
  const hour = pair(time, 11);
  const minute = pair(time, 14);
  const second = pair(time, 17);
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
}

function hasFrame(time: string, hasMillis: boolean): boolean {
  return (
    time.charCodeAt(4) === 45 &&
    time.charCodeAt(7) === 45 &&
    time.charCodeAt(10) === 84 &&
    time.charCodeAt(13) === 58 &&
    time.charCodeAt(16) === 58 &&
    (!hasMillis || time.charCodeAt(19) === 46) &&
    time.charCodeAt(time.length - 1) === 90
  );
}

function digit(time: string, at: number): number {
  const value = time.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

function pair(time: string, at: number): number {
  return digit(time, at) * 10 + digit(time, at + 1);
}

/** Proleptic Gregorian, with the year begun in March so that the leap day is its last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The day must exist: Date.parse alone reads 30 February as 1 March. */
function carefulTime(time: string): number {
  if (!RFC3339.test(time)) return Number.NaN;
  const day = Number(time.slice(8, 10));
  const last = new Date(Date.UTC(Number(time.slice(0, 4)), Number(time.slice(5, 7)), 0)).getUTCDate();
  return day > 28 && day > last ? Number.NaN : Date.parse(time);
}
