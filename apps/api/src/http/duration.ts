import { ValidateBy } from 'class-validator';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** Each part at most once and in this order, and at least one; only seconds may have decimals. */
const DURATION = /^P(?!$)(\d{1,6}W)?(\d{1,6}D)?(?:T(?=\d)(\d{1,6}H)?(\d{1,7}M)?(\d{1,9}(?:\.\d{1,3})?S)?)?$/;
const PARTS_MS = [WEEK_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS] as const;

/**
 * Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds: `PT5M`, `P1DT12H`. A day is 24 hours. Months
 * and years are refused: they have no length of their own. Written here because the kept packages for it read months too.
 * @returns ms, or NaN where it is not such a duration
 */
export function readDuration(text: unknown): number {
  const parts = typeof text === 'string' ? DURATION.exec(text) : null;
  if (!parts) return Number.NaN;
  const ms = PARTS_MS.reduce(
    (sum, size, index) => sum + Number.parseFloat(parts[index + 1] ?? '0') * size,
    0,
  );
  return Math.round(ms);
}

/** The shortest way to write it, in days, hours, minutes and seconds. */
export function writeDuration(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const hours = Math.floor((ms % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  const seconds = (ms % MINUTE_MS) / SECOND_MS;
  const date = days > 0 ? `${days}D` : '';
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 ? `${seconds}S` : ''}`;
  if (date === '' && time === '') return 'PT0S';
  return `P${date}${time === '' ? '' : `T${time}`}`;
}

/** Only the form; how long it may be depends on the field. */
export function IsDuration(): PropertyDecorator {
  return ValidateBy({
    name: 'isDuration',
    validator: {
      validate: (value: unknown) => !Number.isNaN(readDuration(value)),
      defaultMessage: (told) =>
        `${told?.property} must be an ISO 8601 duration of weeks to seconds such as "PT5M" or "P1D"`,
    },
  });
}
