import type { SendOutcome } from '@app/contracts';
import type { ClaimedDelivery, DeliverySettlement } from '@app/persistence';
import { isWorthAnotherCarrier } from './provider-fault';
import { retryPolicyOf, waitBeforeRetry, type RetryPolicy } from './retry-policy';

/** A throttled call uses no try, but must not come back at once either. */
const SHORTEST_THROTTLE_MS = 1_000;
const CALLS_UNTIL_LONGEST_THROTTLE = 4;
/** A telephone that is off may be on again soon; after that the next channel is the better idea. */
const TRIES_OF_AN_UNREACHABLE_HANDSET = 3;

interface Circumstances {
  provider: string;
  /** Sending again shows one message at most. */
  idempotent: boolean;
  /** The carrier can be asked later what became of an attempt. */
  canAsk: boolean;
  /** There is another carrier that could take it. */
  hasOther: boolean;
  /** Epoch ms. */
  now: number;
  /** In [0, 1). */
  random: number;
}

type Attempted = Pick<
  ClaimedDelivery,
  | 'attemptNo'
  | 'leaseEpoch'
  | 'body'
  | 'lane'
  | 'channel'
  | 'onAmbiguous'
  | 'waitedFor'
  | 'expiresAt'
  | 'duplicatePossible'
>;

/** Stage 8, pure: where one attempt's outcome leaves its delivery, with the reason a person will read. */
export function settleDelivery(
  delivery: Attempted,
  outcome: SendOutcome,
  circumstances: Circumstances,
): DeliverySettlement {
  const policy = retryPolicyOf({ ...delivery, kind: delivery.body.kind });
  switch (outcome.kind) {
    case 'accepted':
      return settled('accepted', '');
    case 'rejected':
      return refused(delivery, policy, outcome, circumstances);
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

type Failure = Exclude<SendOutcome, { kind: 'accepted' }> & { retryAfterMs?: number };

/**
 * A refusal ends the delivery, unless it is about our account there: then another carrier may take the message, and
 * without one it waits for the person who has to act.
 */
function refused(
  delivery: Attempted,
  policy: RetryPolicy,
  outcome: Failure,
  circumstances: Circumstances,
): DeliverySettlement {
  // A network that refuses to post the same text twice proves that an attempt of unknown end had arrived.
  if (outcome.reason === 'duplicateContent' && delivery.duplicatePossible)
    return settled('accepted', outcome.reason);
  const mayStillGo = outcome.reason === 'unauthorized' || circumstances.hasOther;
  return isWorthAnotherCarrier(outcome) && mayStillGo
    ? again(delivery, policy, outcome, circumstances)
    : settled('failed', outcome.reason);
}

function throttled(
  delivery: Attempted,
  policy: RetryPolicy,
  outcome: Failure,
  { now, random }: Circumstances,
): DeliverySettlement {
  const asked = Math.max(outcome.retryAfterMs ?? 0, SHORTEST_THROTTLE_MS);
  // No try is used, so the waits grow with the calls: all that is throttled together would otherwise come together.
  const calls = Math.min(delivery.leaseEpoch, CALLS_UNTIL_LONGEST_THROTTLE, policy.ceilingsMs.length);
  const wait = waitBeforeRetry(policy, calls, random, asked) ?? asked;
  return { ...retryIn(delivery, wait, outcome.reason, now), usedTry: false };
}

function again(
  delivery: Attempted,
  policy: RetryPolicy,
  outcome: Failure,
  { provider, hasOther, now, random }: Circumstances,
): DeliverySettlement {
  const { reason, retryAfterMs } = outcome;
  const isLast = reason === 'unreachableHandset' && delivery.attemptNo >= TRIES_OF_AN_UNREACHABLE_HANDSET;
  const wait = isLast ? null : waitBeforeRetry(policy, delivery.attemptNo, random, retryAfterMs);
  if (wait === null) return settled('failed', reason);
  const elsewhere = hasOther && isWorthAnotherCarrier(outcome);
  // What is urgent goes to the other carrier now; only once, or two broken ones would play ball with it.
  const first = delivery.lane === 'urgent' && elsewhere && delivery.attemptNo === 1;
  const next = retryIn(delivery, first ? 0 : wait, reason, now);
  return { ...next, avoidProvider: elsewhere ? provider : null };
}

/** What may have left waits: for a receipt, for the provider's answer to our question, or for a person. */
function unsure(
  delivery: Attempted,
  policy: RetryPolicy,
  outcome: Failure,
  circumstances: Circumstances,
): DeliverySettlement {
  const { idempotent, canAsk, provider, now, random } = circumstances;
  if (idempotent) return again(delivery, policy, outcome, circumstances);
  const marked = { duplicatePossible: true, avoidProvider: provider };
  if (policy.onAmbiguous === 'hold' && !canAsk) return { ...settled('ambiguous', outcome.reason), ...marked };
  const wait = waitBeforeRetry(policy, delivery.attemptNo, random, policy.ambiguousWaitMs);
  if (wait === null) return { ...settled('failed', outcome.reason), ...marked };
  return { ...retryIn(delivery, wait, outcome.reason, now), ...marked };
}

/** A wait that ends after the message has become pointless ends it now, with the reason that was met. */
function retryIn(delivery: Attempted, waitMs: number, reason: string, now: number): DeliverySettlement {
  if (now + waitMs >= delivery.expiresAt) return settled('failed', reason);
  return { ...settled('retry', reason), waitMs };
}

function settled(state: DeliverySettlement['state'], reason: string): DeliverySettlement {
  return { state, reason, waitMs: 0, usedTry: true, duplicatePossible: false, avoidProvider: null };
}
