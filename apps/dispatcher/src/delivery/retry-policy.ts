import type { Channel, Lane, NotificationKind } from '@app/contracts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const ceilings = (unit: number, ...counts: number[]): number[] => counts.map((count) => count * unit);

/** Ceilings of the waits between tries; their number plus one is the number of tries. */
const CEILINGS_MS = {
  code: ceilings(SECOND, 2, 10, 30),
  /** Sum 23.1 h. */
  alert: [...ceilings(SECOND, 5, 15, 45), ...ceilings(MINUTE, 2, 5, 15, 45), ...ceilings(HOUR, 2, 4, 8, 8)],
  /** Sum 20.1 h. */
  broadcast: [30 * SECOND, ...ceilings(MINUTE, 2, 5, 15, 45), ...ceilings(HOUR, 1, 2, 2, 4, 4, 6)],
  /** As Standard Webhooks proposes: 75.6 h. */
  webhook: [5 * SECOND, ...ceilings(MINUTE, 5, 30), ...ceilings(HOUR, 2, 5, 10, 14, 20, 24)],
} as const;

export interface RetryPolicy {
  ceilingsMs: readonly number[];
  /** How long to wait for news of a message that may or may not have left, before a second copy is risked. */
  ambiguousWaitMs: number;
  /** So often its carrier is asked about one, where it does not answer our question either. */
  questions: number;
  /** `hold` shows it to a person instead: a service alert sent twice to many is worse than one missed. */
  onAmbiguous: 'resend' | 'hold';
}

interface Retried {
  kind: NotificationKind;
  lane: Lane;
  channel: Channel;
  /** As the admin chose for the topic; null leaves it to the kind. */
  onAmbiguous: 'resend' | 'hold' | null;
}

/** @see docs/DELIVERY-STATES.md for the numbers in words */
export function retryPolicyOf({ kind, lane, channel, onAmbiguous }: Retried): RetryPolicy {
  const quick = kind === 'verificationCode' || kind === 'answer';
  const isPressing = quick || lane === 'urgent';
  const usual = kind === 'serviceAlert' ? 'hold' : 'resend';
  return {
    ceilingsMs: ceilingsOf(kind, channel),
    // Two questions, and the second copy is on its way within ten seconds, even if nobody answers them.
    ...(isPressing
      ? { ambiguousWaitMs: 4 * SECOND, questions: 2 }
      : { ambiguousWaitMs: 2 * MINUTE, questions: 3 }),
    onAmbiguous: onAmbiguous ?? usual,
  };
}

function ceilingsOf(kind: NotificationKind, channel: Channel): readonly number[] {
  if (kind === 'verificationCode') return CEILINGS_MS.code;
  if (channel === 'webhook') return CEILINGS_MS.webhook;
  return kind === 'serviceAlert' ? CEILINGS_MS.broadcast : CEILINGS_MS.alert;
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
