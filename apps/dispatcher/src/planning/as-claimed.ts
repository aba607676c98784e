import type { ClaimedDelivery, UnplannedNotification } from '@app/persistence';
import type { PagePlan } from './plan-page';

const NOBODY = { name: '', timeZone: 'UTC', language: 'en' };

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
    const { deliveryId, notificationId, channel, lane, expiresAt } = delivery;
    const { topic, body, causedAt } = notification;
    return {
      ...{ deliveryId, notificationId, attemptId, channel, lane, topic, body, expiresAt, causedAt },
      attemptNo: 1,
      leaseEpoch: 1,
      duplicatePossible: false,
      address: plan.addresses.get(deliveryId) ?? null,
      recipient: (notification.customerId && plan.customers.get(notification.customerId)) || NOBODY,
    };
  });
}
