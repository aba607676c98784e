import type { NotificationKind } from '@app/contracts';
import type { ClaimedDelivery } from '@app/persistence';
import { recheckDeferred } from '@app/preferences';

/** What its customer asked for a moment ago, or must hear, goes whatever the switches say. */
const PASSES_SWITCHES: ReadonlySet<NotificationKind> = new Set([
  'verificationCode',
  'answer',
  'contactPointLost',
]);

/** Whether a delivery still goes as it is, goes in other words, or not at all. */
export type SecondThought =
  { kind: 'goes'; delivery: ClaimedDelivery } | { kind: 'withdrawn'; reason: string };

/**
 * Looks at a delivery again as it is claimed: what held when it was planned may not hold any more. An attempt that may have
 * left is repeated in its own words, or its provider could not be asked for them.
 */
export function lookAgain(delivery: ClaimedDelivery): SecondThought {
  const reason = withdrawnBecause(delivery);
  if (reason !== null) return { kind: 'withdrawn', reason };
  if (delivery.deferredBy === null || mayHaveLeft(delivery)) return { kind: 'goes', delivery };
  const rechecked = recheckDeferred(delivery.body, delivery, delivery.whenOver);
  switch (rechecked.kind) {
    case 'asItIs':
      return { kind: 'goes', delivery };
    case 'reworded':
      return { kind: 'goes', delivery: { ...delivery, body: rechecked.body } };
    case 'withdrawn':
      return rechecked;
    default:
      return rechecked satisfies never;
  }
}

function mayHaveLeft({ former }: ClaimedDelivery): boolean {
  return former !== null && (former.outcome === null || former.outcome === 'ambiguous');
}

function withdrawnBecause(
  delivery: Pick<ClaimedDelivery, 'suppression' | 'switchedOff' | 'isCritical' | 'body'>,
): string | null {
  if (delivery.suppression !== null) return `suppressed:${delivery.suppression}`;
  const passes = delivery.isCritical || PASSES_SWITCHES.has(delivery.body.kind);
  return delivery.switchedOff && !passes ? 'switchedOff' : null;
}
