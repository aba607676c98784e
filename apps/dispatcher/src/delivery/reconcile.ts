import type { Found } from '@app/channels';
import type { ClaimedDelivery, UnsentSettlement } from '@app/persistence';
import { retryPolicyOf } from './retry-policy';

type Doubtful = Pick<
  ClaimedDelivery,
  'former' | 'waitedFor' | 'body' | 'lane' | 'channel' | 'onAmbiguous' | 'leaseEpoch'
>;

/** What to do about the attempt before this one: nothing, ask its carrier, or end the claim like this. */
export type Doubt = 'none' | 'ask' | UnsentSettlement;

/**
 * Before a second copy is risked: did the first one arrive?
 * @param carrier of the former attempt
 */
export function doubtAbout(delivery: Doubtful, carrier: { idempotent: boolean; canAsk: boolean }): Doubt {
  const { former } = delivery;
  if (former === null || former.outcome !== 'ambiguous') return 'none';
  if (delivery.waitedFor === 'redriven') return 'none'; // a person has looked at it and wants it sent
  if (former.hasReceipt) return unsent('accepted', 'receiptCame', { asked: former });
  if (carrier.idempotent) return 'none';
  if (carrier.canAsk) return 'ask';
  return choiceOf(delivery) === 'hold' ? unsent('ambiguous', reasonOf(delivery)) : 'none';
}

/**
 * After its carrier was asked. A message that is not found may still turn up, so the topic's choice decides: what goes
 * again stays marked.
 * @returns null to send it
 */
export function afterAsking(delivery: Doubtful, found: Found): UnsentSettlement | null {
  const former = delivery.former;
  if (former === null) return null;
  const asked = { attemptId: former.attemptId, providerMessageId: former.providerMessageId };
  if (found.kind === 'found') {
    const providerMessageId = found.receipt.providerMessageId ?? former.providerMessageId;
    return unsent('accepted', 'foundByAsking', { asked: { ...asked, providerMessageId } });
  }
  const isAgain = found.kind === 'unknown' && former.askCount + 1 < policyOf(delivery).questions;
  if (isAgain) return unsent('retry', reasonOf(delivery), { asked, waitMs: waitOf(delivery) });
  return choiceOf(delivery) === 'hold' ? unsent('ambiguous', reasonOf(delivery), { asked }) : null;
}

const policyOf = (delivery: Doubtful) => retryPolicyOf({ ...delivery, kind: delivery.body.kind });
const choiceOf = (delivery: Doubtful): 'resend' | 'hold' => policyOf(delivery).onAmbiguous;
const waitOf = (delivery: Doubtful): number => policyOf(delivery).ambiguousWaitMs;
const reasonOf = (delivery: Doubtful): string => delivery.waitedFor || 'leaseExpired';

function unsent(
  state: UnsentSettlement['state'],
  reason: string,
  more: Partial<UnsentSettlement> = {},
): UnsentSettlement {
  return { state, reason, waitMs: 0, asked: null, decided: null, ...more };
}
