import { offsetMs } from './zone-offset';

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
