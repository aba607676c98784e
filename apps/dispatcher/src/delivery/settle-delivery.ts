import type { SendOutcome } from '@app/contracts';
import type { ClaimedDelivery, DeliverySettlement } from '@app/persistence';
import { retryPolicyOf, waitBeforeRetry, type RetryPolicy } from './retry-policy';

/** A throttled call uses no try, but must not come back at once either. */
const SHORTEST_THROTTLE_MS = 1_000;
const CALLS_UNTIL_LONGEST_THROTTLE = 4;

interface Circumstances {
  /** Sending again shows one message at most. */
  idempotent: boolean;
  /** Epoch ms. */
  now: number;
  /** In [0, 1). */
  random: number;
}

type Attempted = Pick<
  ClaimedDelivery,
  'attemptNo' | 'leaseEpoch' | 'body' | 'lane' | 'expiresAt' | 'duplicatePossible'
>;

/** Stage 8, pure: where one attempt's outcome leaves its delivery, with the reason a person will read. */
export function settleDelivery(
  delivery: Attempted,
  outcome: SendOutcome,
  circumstances: Circumstances,
): DeliverySettlement {
  const policy = retryPolicyOf(delivery.body.kind, delivery.lane);
  switch (outcome.kind) {
    case 'accepted':
      return settled('accepted', '');
    case 'rejected':
      return isAlreadyThere(delivery, outcome.reason)
        ? settled('accepted', outcome.reason)
        : settled('failed', outcome.reason);
    case 'retryable':
      return outcome.reason === 'throttled'
        ? throttled(delivery, policy, outcome, circumstances)
        : again(delivery, policy, outcome, circumstances);
    case 'ambiguous':
      return unsure(delivery, policy, outcome, circumstances);
    default:
      throw new Error(`unheard-of outcome ${JSON.stringify(outcome satisfies never)}`);
  }
}

/** A network that refuses to post the same text twice proves that an attempt of unknown end had arrived. */
function isAlreadyThere(delivery: Attempted, reason: string): boolean {
  return reason === 'duplicateContent' && delivery.duplicatePossible;
}

function throttled(
  delivery: Attempted,
  policy: RetryPolicy,
  outcome: { reason: string; retryAfterMs?: number },
  { now, random }: Circumstances,
): DeliverySettlement {
  const asked = Math.max(outcome.retryAfterMs ?? 0, SHORTEST_THROTTLE_MS);
  // No try is used, so the waits grow with the calls: all that is throttled together would otherwise come together.
  const calls = Math.min(delivery.leaseEpoch, CALLS_UNTIL_LONGEST_THROTTLE);
  const wait = waitBeforeRetry(policy, calls, random, asked) ?? asked;
  return { ...retryIn(delivery, wait, outcome.reason, now), usedTry: false };
}

function again(
  delivery: Attempted,
  policy: RetryPolicy,
  outcome: { reason: string; retryAfterMs?: number },
  { now, random }: Circumstances,
): DeliverySettlement {
  const wait = waitBeforeRetry(policy, delivery.attemptNo, random, outcome.retryAfterMs);
  return wait === null ? settled('failed', outcome.reason) : retryIn(delivery, wait, outcome.reason, now);
}

function unsure(
  delivery: Attempted,
  policy: RetryPolicy,
  outcome: { reason: string },
  circumstances: Circumstances,
): DeliverySettlement {
  const { idempotent, now } = circumstances;
  if (idempotent) return again(delivery, policy, outcome, circumstances);
  const marked = { duplicatePossible: true };
  if (policy.onAmbiguous === 'hold') return { ...settled('ambiguous', outcome.reason), ...marked };
  const wait = waitBeforeRetry(policy, delivery.attemptNo, circumstances.random, policy.ambiguousWaitMs);
  if (wait === null) return { ...settled('failed', outcome.reason), ...marked };
  return { ...retryIn(delivery, wait, outcome.reason, now), ...marked };
}

/** A wait that ends after the message has become pointless ends it now, with the reason that was met. */
function retryIn(delivery: Attempted, waitMs: number, reason: string, now: number): DeliverySettlement {
  if (now + waitMs >= delivery.expiresAt) return settled('failed', reason);
  return { ...settled('retry', reason), waitMs };
}

function settled(state: DeliverySettlement['state'], reason: string): DeliverySettlement {
  return { state, reason, waitMs: 0, usedTry: true, duplicatePossible: false };
}
