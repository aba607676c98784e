import type { Digest, PreferenceSheet } from '@app/contracts';
import { calendarOf, offsetMs, wallInstants } from '@app/wall-time';
import { minutesOf, openFrom } from './quiet-hours';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A digest that gathers; `time` gathers nothing. */
export type GatheringDigest = Exclude<Digest, { every: 'time' }>;

/**
 * When the digest that gathers at `now` is told: always after `now`, the same instant for everything until then, and
 * never in quiet hours. A wall time that comes twice closes at its earlier reading, one in a gap right after the gap.
 * @param timeZone IANA, of the customer
 */
export function digestClosesAt(
  digest: GatheringDigest,
  sheet: Pick<PreferenceSheet, 'quietHours' | 'holidays'>,
  timeZone: string,
  now: number,
): number {
  return openFrom(sheet, timeZone, nextBoundary(digest, timeZone, now));
}

function nextBoundary(digest: GatheringDigest, timeZone: string, now: number): number {
  if (digest.every === 'hour') return calendarOf('hour', timeZone).spanOf(now).end;
  const today = Math.floor((now + offsetMs(now, timeZone)) / DAY_MS);
  for (let day = today; ; day += 1) {
    if (digest.every === 'week' && ((((day + 3) % 7) + 7) % 7) + 1 !== digest.day) continue;
    const at = wallInstants(day * DAY_MS + minutesOf(digest.at) * MINUTE_MS, timeZone).earlier;
    if (at > now) return at;
  }
}
