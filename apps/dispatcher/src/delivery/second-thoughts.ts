import type { NotificationKind } from '@app/contracts';
import type { ClaimedDelivery, LaterDecision } from '@app/persistence';
import { recheckDeferred, type DecisionDetail, type DecisionReason } from '@app/preferences';

/** What its customer asked for a moment ago, or must hear, goes whatever the switches say. */
const PASSES_SWITCHES: ReadonlySet<NotificationKind> = new Set([
  'verificationCode',
  'answer',
  'contactPointLost',
]);

/** Whether a delivery still goes as it is, goes in other words, or not at all; and what its customer is told of that. */
export type SecondThought =
  | { kind: 'goes'; delivery: ClaimedDelivery }
  | { kind: 'reworded'; delivery: ClaimedDelivery; decided: LaterDecision }
  | { kind: 'withdrawn'; reason: string; decided: LaterDecision };

/**
 * Looks at a delivery again as it is claimed: what held when it was planned may not hold any more. An attempt that may have
 * left is repeated in its own words, or its provider could not be asked for them.
 */
export function lookAgain(delivery: ClaimedDelivery): SecondThought {
  const withdrawn = withdrawnBecause(delivery);
  if (withdrawn !== null) return withdrawn;
  if (delivery.deferredBy === null || mayHaveLeft(delivery)) return { kind: 'goes', delivery };
  const rechecked = recheckDeferred(delivery.body, delivery, delivery.whenOver);
  const detail = { topic: delivery.topic, ruleIds: ['sheet.whenOver'] };
  switch (rechecked.kind) {
    case 'asItIs':
      return { kind: 'goes', delivery };
    case 'reworded':
      return {
        kind: 'reworded',
        delivery: { ...delivery, body: rechecked.body },
        decided: { decision: 'reworded', reason: 'toldWithItsEnd', detail },
      };
    case 'withdrawn':
      return withdrawnFor(rechecked.reason, { reason: rechecked.reason, detail });
    default:
      return rechecked satisfies never;
  }
}

function mayHaveLeft({ former }: ClaimedDelivery): boolean {
  return former !== null && (former.outcome === null || former.outcome === 'ambiguous');
}

function withdrawnBecause(delivery: ClaimedDelivery): SecondThought | null {
  const { suppression, switchedOff, isCritical, body, topic, channel } = delivery;
  if (suppression !== null) {
    const detail = { topic, suppression, ruleIds: [`address.suppressed.${suppression}`] };
    return withdrawnFor(`suppressed:${suppression}`, { reason: 'addressSuppressed', detail });
  }
  if (!switchedOff || isCritical || PASSES_SWITCHES.has(body.kind)) return null;
  const detail = { topic, ruleIds: [`switch.${topic}.${channel}`] };
  return withdrawnFor('switchedOff', { reason: 'switchedOff', detail });
}

/** @param reason of the delivery; that of the decision is a word of the plan's */
function withdrawnFor(
  reason: string,
  decided: { reason: DecisionReason | 'overMeanwhile'; detail: Partial<DecisionDetail> },
): SecondThought {
  return { kind: 'withdrawn', reason, decided: { decision: 'withdrawn', ...decided } };
}
