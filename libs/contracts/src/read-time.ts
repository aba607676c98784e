const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const WITH_SECONDS = '2026-05-01T12:00:00Z'.length;
const WITH_MILLIS = '2026-05-01T12:00:00.000Z'.length;

/** The text being read, one number a character, so that a text and the bytes of one are read by the same lines. */
const units = new Uint16Array(WITH_MILLIS);

/**
 * Reads an RFC 3339 instant with a zone.
 *
 * The two forms that nearly all publishers write, `2026-05-01T12:00:00Z` and the same with milliseconds, are read
 * by their digits: a tenth of the time of an expression and `Date.parse`, which were a fifth of reading an event.
 * @returns epoch ms, NaN where it is not an instant that exists
 */
export function readTime(time: unknown): number {
  if (typeof time !== 'string') return Number.NaN;
  if (time.length > WITH_MILLIS) return carefulTime(time);
  for (let i = 0; i < time.length; i += 1) units[i] = time.charCodeAt(i);
  const quick = quickTime(units, 0, time.length);
  return Number.isNaN(quick) ? carefulTime(time) : quick;
}

/**
 * Reads one of the two usual forms from text or bytes.
 * @returns epoch ms; NaN means only that `readTime` has to decide
 */
export function quickTime(codes: ArrayLike<number>, from: number, to: number): number {
  const length = to - from;
  const hasMillis = length === WITH_MILLIS;
  if ((!hasMillis && length !== WITH_SECONDS) || !hasFrame(codes, from, to)) return Number.NaN;
  const millis = hasMillis ? pair(codes, from + 20) * 10 + digit(codes, from + 22) : 0;
  return quickDay(codes, from) + quickClock(codes, from) + millis;
}

/** Days up to 28 exist in every month; the rest, leap days too, is for the calendar to decide. */
function quickDay(codes: ArrayLike<number>, from: number): number {
  const month = pair(codes, from + 5);
  const day = pair(codes, from + 8);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 28)) return Number.NaN;
  return daysSinceEpoch(pair(codes, from) * 100 + pair(codes, from + 2), month, day) * DAY_MS;
}

function quickClock(codes: ArrayLike<number>, from: number): number {
  const hour = pair(codes, from + 11);
  const minute = pair(codes, from + 14);
  const second = pair(codes, from + 17);
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
}

function hasFrame(codes: ArrayLike<number>, from: number, to: number): boolean {
  return (
    codes[from + 4] === 45 &&
    codes[from + 7] === 45 &&
    codes[from + 10] === 84 &&
    codes[from + 13] === 58 &&
    codes[from + 16] === 58 &&
    codes[from + 19] === (to - from === WITH_MILLIS ? 46 : 90) &&
    codes[to - 1] === 90
  );
}

function digit(codes: ArrayLike<number>, at: number): number {
  const value = codes[at]! - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

function pair(codes: ArrayLike<number>, at: number): number {
  return digit(codes, at) * 10 + digit(codes, at + 1);
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
