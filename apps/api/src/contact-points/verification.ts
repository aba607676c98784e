import { createHash, randomInt, randomUUID } from 'node:crypto';
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

/** A new code for a contact point. It exists in the message alone; we keep its hash. */
export function newCode(contactPointId: string, now: number): CodeToSend {
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  return {
    notificationId: randomUUID(),
    facts: { contactPointId, code, expiresAt: now + CODE_LIFE_MS },
    codeHash: hashCode(contactPointId, code),
    tries: CODE_TRIES,
  };
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
