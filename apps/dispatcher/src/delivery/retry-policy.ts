import type { Lane, NotificationKind } from '@app/contracts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Ceilings of the waits between tries; their number plus one is the number of tries. They end within a day. */
const CEILINGS_MS = {
  code: [2 * SECOND, 10 * SECOND, 30 * SECOND],
  alert: [
    5 * SECOND,
    15 * SECOND,
    45 * SECOND,
    2 * MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    45 * MINUTE,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    8 * HOUR,
  ],
  broadcast: [30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 45 * MINUTE, 2 * HOUR, 4 * HOUR, 8 * HOUR],
} as const;

export interface RetryPolicy {
  ceilingsMs: readonly number[];
  /** How long to wait for news of a message that may or may not have left, before a second copy is risked. */
  ambiguousWaitMs: number;
  /** `hold` shows it to a person instead: a service alert sent twice to many is worse than one missed. */
  onAmbiguous: 'resend' | 'hold';
}

export function retryPolicyOf(kind: NotificationKind, lane: Lane): RetryPolicy {
  if (kind === 'verificationCode')
    return { ceilingsMs: CEILINGS_MS.code, ambiguousWaitMs: 10 * SECOND, onAmbiguous: 'resend' };
  if (kind === 'serviceAlert')
    return { ceilingsMs: CEILINGS_MS.broadcast, ambiguousWaitMs: 2 * MINUTE, onAmbiguous: 'hold' };
  const ambiguousWaitMs = lane === 'urgent' ? 10 * SECOND : 2 * MINUTE;
  return { ceilingsMs: CEILINGS_MS.alert, ambiguousWaitMs, onAmbiguous: 'resend' };
}

/**
 * Exponential backoff with full jitter: anywhere between nothing and the ceiling, so that what failed together
 * does not come back together. A provider's own Retry-After is a lower bound.
 * @param tries used so far, at least 1
 * @param random in [0, 1)
 * @returns ms to wait, or null where all tries are used
 */
export function waitBeforeRetry(
  policy: RetryPolicy,
  tries: number,
  random: number,
  retryAfterMs = 0,
): number | null {
  const ceiling = policy.ceilingsMs[tries - 1];
  if (ceiling === undefined) return null;
  return Math.max(Math.floor(random * ceiling), retryAfterMs);
}
