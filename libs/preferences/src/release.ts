import type { PreferenceSheet } from '@app/contracts';
import { quietAt } from './quiet-hours';

/** What was held for the night is released within so much of its end. */
export const RELEASE_SPREAD_MS = 180_000;

/**
 * When what quiet hours held is told: as they end for some customers and up to three minutes later for others, always the
 * same for one. Everybody's nights end at seven, and a carrier takes so many messages a second.
 * @param until epoch ms at which the quiet ends
 * @returns an open instant: where another quiet would have begun by then, the very end of the first
 */
export function releaseAt(
  times: Pick<PreferenceSheet, 'quietHours' | 'holidays'>,
  timeZone: string,
  until: number,
  customerId: string,
): number {
  const at = until + Math.floor(fractionOf(customerId) * (RELEASE_SPREAD_MS + 1));
  return quietAt(times, timeZone, at) === null ? at : until;
}

/** From 0 to less than 1, evenly also over ids that differ in one letter: FNV-1a, mixed as MurmurHash3 ends. */
function fractionOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < id.length; place += 1)
    hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
