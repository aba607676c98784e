import type { SendOutcome } from '@app/contracts';
import type { ClaimedDelivery, DeliverySettlement } from '@app/persistence';
import { retryPolicyOf, waitBeforeRetry, type RetryPolicy } from './retry-policy';

/** A throttled call uses no try, but must not come back at once either. */
const SHORTEST_THROTTLE_MS = 1_000;

interface Circumstances {
  /** Sending again shows one message at most. */
  idempotent: boolean;
  /** Epoch ms. */
  now: number;
  /** In [0, 1). */
  random: number;
}

type Attempted = Pick<ClaimedDelivery, 'attemptNo' | 'body' | 'lane' | 'expiresAt' | 'duplicatePossible'>;

/** Stage 8, pure: where one attempt's outcome leaves its delivery, with the reason a person will read. */
export function settleDelivery(
  delivery: Attempted,
  outcome: SendOutcome,
  circumstances: Circumstances,
): DeliverySettlement {
  const policy = retryPolicyOf(delivery.body.kind, delivery.lane);
  switch (outcome.kind) {
    case 'accepted':
      return settled('accepted', '', circumstances.now);
    case 'rejected':
      return isAlreadyThere(delivery, outcome.reason)
        ? settled('accepted', outcome.reason, circumstances.now)
        : settled('failed', outcome.reason, circumstances.now);
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
  const wait = waitBeforeRetry(policy, 1, random, asked) ?? asked;
  return { ...retryAt(delivery, now + wait, outcome.reason, now), usedTry: false };
}

function again(
  delivery: Attempted,
  policy: RetryPolicy,
  outcome: { reason: string; retryAfterMs?: number },
  { now, random }: Circumstances,
): DeliverySettlement {
  const wait = waitBeforeRetry(policy, delivery.attemptNo, random, outcome.retryAfterMs);
  if (wait === null) return settled('failed', outcome.reason, now);
  return retryAt(delivery, now + wait, outcome.reason, now);
}

function unsure(
  delivery: Attempted,
  policy: RetryPolicy,
  outcome: { reason: string },
  circumstances: Circumstances,
): DeliverySettlement {
  const { idempotent, now } = circumstances;
  if (idempotent) return again(delivery, policy, outcome, circumstances);
  if (policy.onAmbiguous === 'hold')
    return { ...settled('ambiguous', outcome.reason, now), duplicatePossible: true };
  const wait = waitBeforeRetry(policy, delivery.attemptNo, circumstances.random, policy.ambiguousWaitMs);
  if (wait === null) return { ...settled('failed', outcome.reason, now), duplicatePossible: true };
  return { ...retryAt(delivery, now + wait, outcome.reason, now), duplicatePossible: true };
}

/** A wait that ends after the message has become pointless ends it now, with the reason that was met. */
function retryAt(delivery: Attempted, notBefore: number, reason: string, now: number): DeliverySettlement {
  if (notBefore >= delivery.expiresAt) return settled('failed', reason, now);
  return { ...settled('retry', reason, now), notBefore };
}

function settled(state: DeliverySettlement['state'], reason: string, now: number): DeliverySettlement {
  return { state, reason, notBefore: now, usedTry: true, duplicatePossible: false };
}
