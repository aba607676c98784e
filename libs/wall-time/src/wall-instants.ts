import { offsetMs, shiftBetween } from './zone-offset';

const DAY_MS = 86_400_000;

/** When a clock on the wall shows a time. Two instants only where the clocks are put back over it. */
export interface WallInstants {
  earlier: number;
  later: number;
}

/**
 * @param wall a local time written as if it were universal time, ms
 * @returns where the clocks are put forward over it, twice the first instant after the gap
 * @throws RangeError for a zone that is not known; such a one is refused when saved
 */
export function wallInstants(wall: number, timeZone: string): WallInstants {
  const before = offsetMs(wall - DAY_MS, timeZone);
  const after = offsetMs(wall + DAY_MS, timeZone);
  const shows = (offset: number): boolean => offsetMs(wall - offset, timeZone) === offset;
  const shown = [Math.max(before, after), Math.min(before, after)]
    .filter(shows)
    .map((offset) => wall - offset);
  const earlier = shown[0] ?? endOfGap(wall, before, after, timeZone);
  return { earlier, later: shown[1] ?? earlier };
}

function endOfGap(wall: number, before: number, after: number, timeZone: string): number {
  const to = wall - Math.min(before, after);
  return shiftBetween(wall - Math.max(before, after), to, timeZone) ?? to;
}
