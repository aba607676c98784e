import type { CalendarPeriod } from '../calendar';

/** No clock change, and no offset, falls between two of these steps. */
const STEP_MS = 15 * 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const labels = new Map<string, string>();
const starts = new Map<string, number>();

/**
 * Start of a period by walking back a quarter of an hour at a time for as long as the wall clock names the same
 * period. Right only where no clocks are put back over midnight.
 */
export function slowStartOf(period: CalendarPeriod, timeZone: string, t: number): number {
  let step = Math.floor(t / STEP_MS);
  const key = `${period} ${timeZone} ${step}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const label = labelOf(period, timeZone, step);
  while (labelOf(period, timeZone, step - 1) === label) step -= 1;
  starts.set(key, step * STEP_MS);
  return step * STEP_MS;
}

function labelOf(period: CalendarPeriod, timeZone: string, step: number): string {
  const key = `${timeZone} ${step}`;
  const known = labels.get(key) ?? wallClock(timeZone, step * STEP_MS);
  labels.set(key, known);
  const [date] = known.split(' ');
  if (period === 'hour') return known;
  if (period === 'month') return date!.slice(0, 7);
  if (period === 'day') return date!;
  const midnight = new Date(`${date}T00:00:00Z`);
  const daysSinceMonday = (midnight.getUTCDay() + 6) % 7;
  return new Date(midnight.getTime() - daysSinceMonday * 86_400_000).toISOString();
}

/** Date, then hour and offset: an hour that comes twice is two hours. */
function wallClock(timeZone: string, t: number): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'longOffset',
    });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(t).map(({ type, value }) => [type, value]));
  const date = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  return `${date} ${parts.get('hour')}${parts.get('timeZoneName')}`;
}
