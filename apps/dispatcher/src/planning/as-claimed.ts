import type { ClaimedDelivery, UnplannedNotification } from '@app/persistence';
import type { PagePlan } from './plan-page';

const NOBODY = { name: '', timeZone: 'UTC', language: 'en' };

/** What a claim would have to look up again is as fresh as the plan; addresses with secrets are never leased by it. */
const AS_PLANNED = {
  keys: null,
  waitedFor: '',
  pinnedProvider: null,
  avoidProvider: null,
  former: null,
  suppression: null,
  switchedOff: false,
  deferredBy: null,
  resolvedAt: null,
  resolvedValue: null,
  whenOver: null,
  onAmbiguous: null,
  isCritical: false,
} satisfies Partial<ClaimedDelivery>;

/** The deliveries of a plan that were born leased, as the claim would have read them back. */
export function asClaimed(
  page: readonly UnplannedNotification[],
  plan: PagePlan,
  attempts: ReadonlyMap<string, string>,
): ClaimedDelivery[] {
  const notifications = new Map(page.map((notification) => [notification.notificationId, notification]));
  return plan.deliveries.flatMap((delivery) => {
    const attemptId = attempts.get(delivery.deliveryId);
    const notification = notifications.get(delivery.notificationId);
    if (!attemptId || !notification) return [];
    const { deliveryId, notificationId, customerId, contactPointId, channel, lane, expiresAt } = delivery;
    const { topic, body, causedAt } = notification;
    return {
      ...AS_PLANNED,
      ...{ customerId, contactPointId, provider: delivery.lease?.provider ?? '' },
      ...{ deliveryId, notificationId, attemptId, channel, lane, topic, body, expiresAt, causedAt },
      attemptNo: 1,
      leaseEpoch: 1,
      duplicatePossible: false,
      address: plan.addresses.get(deliveryId) ?? null,
      recipient: (notification.customerId && plan.customers.get(notification.customerId)) || NOBODY,
    };
  });
}
