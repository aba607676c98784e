import { DateTime, IANAZone } from 'luxon';

/** Clocks of the world as Luxon reads them: another library, another way from wall time to instants. */

const DAY_MS = 86_400_000;
/** No zone shifts twice within it. */
const STRIDE_MS = 5 * DAY_MS;

/** Epoch ms. */
export const TWO_YEARS = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2028, 0, 1) };

export interface Shift {
  timeZone: string;
  /** Epoch ms of the first instant with the new offset. */
  at: number;
}

/** Every zone that the runtime knows. */
export function everyZone(): string[] {
  return Intl.supportedValuesOf('timeZone');
}

/** Every instant of the two years at which a zone puts its clocks forward or back. */
export function shiftsOf(timeZone: string): Shift[] {
  const zone = IANAZone.create(timeZone);
  const shifts: Shift[] = [];
  for (let from = TWO_YEARS.from; from < TWO_YEARS.to; from += STRIDE_MS) {
    const before = zone.offset(from);
    if (zone.offset(from + STRIDE_MS) === before) continue;
    let early = from / 1000;
    let late = (from + STRIDE_MS) / 1000;
    while (late - early > 1) {
      const middle = Math.floor((early + late) / 2);
      if (zone.offset(middle * 1000) === before) early = middle;
      else late = middle;
    }
    shifts.push({ timeZone, at: late * 1000 });
  }
  return shifts;
}

/**
 * All instants at which a zone shows a wall time, earliest first.
 * @param date `YYYY-MM-DD`
 * @param time `HH:MM`
 * @param shifts of the zone: where the time is skipped, the answer is the one that skips it
 */
export function luxonInstants(
  date: string,
  time: string,
  timeZone: string,
  shifts: readonly Shift[],
): number[] {
  const [year, month, day] = date.split('-').map(Number);
  const [hour, minute] = time.split(':').map(Number);
  const found = DateTime.fromObject({ year, month, day, hour, minute }, { zone: timeZone });
  if (found.day === day && found.hour === hour && found.minute === minute)
    return found
      .getPossibleOffsets()
      .map((each) => each.toMillis())
      .sort((a, b) => a - b);
  const near = shifts.filter(({ at }) => Math.abs(at - found.toMillis()) <= 2 * DAY_MS);
  if (near.length !== 1)
    throw new Error(`${date} ${time} in ${timeZone} is skipped by ${near.length} shifts`);
  return near.map(({ at }) => at);
}

/** Local dates around an instant, as texts, with their ISO weekdays. */
export function luxonDates(at: number, timeZone: string, days: number): { date: string; weekday: number }[] {
  const today = DateTime.fromMillis(at, { zone: timeZone }).startOf('day').plus({ hours: 12 });
  return Array.from({ length: 2 * days + 1 }, (_, index) => {
    const day = today.plus({ days: index - days });
    return { date: day.toFormat('yyyy-MM-dd'), weekday: day.weekday };
  });
}

export function luxonTime(at: number, timeZone: string): string {
  return DateTime.fromMillis(at, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm");
}
