import { offsetMs, shiftBetween, wallTime } from '@app/wall-time';
import type { ActiveHours } from '../notice-policy';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** A window may lie wholly in the hour that spring skips: then only the week after next has it. */
const LOOK_AHEAD_MS = 16 * DAY_MINUTES * MINUTE_MS;

/**
 * Whether the wall clock stands inside one of the windows. Half-open: at `from` yes, at `to` no. Overnight windows
 * belong to the day on which they start; equal ends mean the 24 hours from there. In the hour that autumn repeats, what
 * the clock shows decides, both times.
 * @param hours empty: always
 */
export function isActive(hours: readonly ActiveHours[], at: number): boolean {
  return hours.length === 0 || hours.some((window) => isInside(window, at));
}

/**
 * The first instant from `at` on at which a window is open.
 * @returns null where none ever opens (no days)
 */
export function nextActiveAt(hours: readonly ActiveHours[], at: number): number | null {
  if (isActive(hours, at)) return at;
  const openings = hours.map((window) => nextOpening(window, at)).filter((opening) => opening !== null);
  return openings.length === 0 ? null : Math.min(...openings);
}

/** A window opens only where the clock shows its `from`, at midnight, or where the clock is put forward or back. */
function nextOpening(window: ActiveHours, at: number): number | null {
  const { timeZone } = window;
  let now = at;
  while (now - at < LOOK_AHEAD_MS) {
    const mark = now + untilMark(now + offsetMs(now, timeZone), minutesOf(window.from));
    now = shiftBetween(now, mark, timeZone) ?? mark;
    if (isInside(window, now)) return now;
  }
  return null;
}

/** From a local time to the next one that shows `from` or midnight, ms. */
function untilMark(local: number, from: number): number {
  const day = DAY_MINUTES * MINUTE_MS;
  const sinceMidnight = local - Math.floor(local / day) * day;
  const fromMs = from * MINUTE_MS;
  return (sinceMidnight < fromMs ? fromMs : day) - sinceMidnight;
}

function isInside({ timeZone, days, ...window }: ActiveHours, at: number): boolean {
  const { weekday, minutes } = wallTime(at, timeZone);
  const from = minutesOf(window.from);
  const to = minutesOf(window.to);
  if (from < to) return days.includes(weekday) && minutes >= from && minutes < to;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return (days.includes(weekday) && minutes >= from) || (days.includes(yesterday) && minutes < to);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
