import type { NotificationKind } from '@app/contracts';
import type { ClaimedDelivery } from '@app/persistence';

/** What its customer asked for a moment ago, or must hear, goes whatever the switches say. */
const PASSES_SWITCHES: ReadonlySet<NotificationKind> = new Set([
  'verificationCode',
  'answer',
  'contactPointLost',
]);

/**
 * Looks at a delivery again as it is claimed: what held when it was planned may not hold any more.
 * @returns why it is withdrawn, or null to send it
 */
export function withdrawnBecause(
  delivery: Pick<ClaimedDelivery, 'suppression' | 'switchedOff' | 'isCritical' | 'body'>,
): string | null {
  if (delivery.suppression !== null) return `suppressed:${delivery.suppression}`;
  const passes = delivery.isCritical || PASSES_SWITCHES.has(delivery.body.kind);
  return delivery.switchedOff && !passes ? 'switchedOff' : null;
}
