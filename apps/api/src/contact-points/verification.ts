import { createHash, randomInt, randomUUID } from 'node:crypto';
import type { Channel } from '@app/contracts';
import type { PublicLinks } from '@app/links';
import type { CodePosition, CodeToSend } from '@app/persistence';
import { tooMany, type Problem } from '../http/problem';

export const CODE_LIFE_MS = 10 * 60_000;
export const CODE_TRIES = 5;
const MIN_PAUSE_MS = 30_000;
/** Codes to one contact point before the last of them has run out. */
const MAX_LIVE_CODES = 5;
/** Codes for one customer in an hour: adding and removing addresses must not become a way to pester somebody. */
export const MAX_CODES_PER_HOUR = 20;
const HOUR_MS = 3_600_000;

/** Whose address is to be proven. */
export interface Unproven {
  customerId: string;
  contactPointId: string;
  channel: Channel;
}

/** Channels whose messages have room for a link, and readers with a browser. */
const WITH_LINK: readonly Channel[] = ['email', 'chat'];

/** A new code for a contact point, and a link that does the same. They exist in the message alone; we keep hashes. */
export function newCode(point: Unproven, links: PublicLinks | null, now: number): CodeToSend {
  const { customerId, contactPointId, channel } = point;
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const expiresAt = now + CODE_LIFE_MS;
  const link = WITH_LINK.includes(channel)
    ? links?.urlOf({ purpose: 'verify', customerId, contactPointId, expiresAt })
    : undefined;
  return {
    notificationId: randomUUID(),
    facts: { contactPointId, code, expiresAt, ...(link && { link }) },
    codeHash: hashCode(contactPointId, code),
    linkHash: link ? hashLink(link.slice(link.lastIndexOf('/') + 1)) : null,
    tries: CODE_TRIES,
  };
}

/** @param token the link's last part */
export function hashLink(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function hashCode(contactPointId: string, code: string): string {
  return createHash('sha256').update(`${contactPointId}:${code}`).digest('hex');
}

/** Says why no other code may be sent now, or null. */
export function refuseCode(last: CodePosition | null, now: number): Problem | null {
  if (!last) return null;
  const waitMs = last.sentAt.getTime() + MIN_PAUSE_MS - now;
  if (waitMs > 0) return tooMany('A code was sent a moment ago.', waitMs);
  const liveMs = last.expiresAt.getTime() - now;
  return liveMs > 0 && last.sentCount >= MAX_LIVE_CODES
    ? tooMany('Enough codes have been sent.', liveMs)
    : null;
}

export function refuseByHour(codesInLastHour: number): Problem | null {
  return codesInLastHour < MAX_CODES_PER_HOUR
    ? null
    : tooMany('Enough codes have been sent in this hour.', HOUR_MS / 4);
}
