import type { ClaimedDelivery, PlannedDelivery, UnplannedNotification } from '@app/persistence';
import type { PagePlan } from './plan-page';

const NOBODY = { name: '', timeZone: 'UTC', language: 'en' };

/** Of a first attempt that is made as it is planned: nothing came before it, and nothing can have changed since. */
const JUST_PLANNED = {
  attemptNo: 1,
  leaseEpoch: 1,
  duplicatePossible: false,
  waitedFor: '',
  avoidProvider: null,
  former: null,
  suppression: null,
  switchedOff: false,
  deferredBy: null,
  resolvedAt: null,
  resolvedValue: null,
  whenOver: null,
} as const;

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
    return attemptId && notification ? [claimed(delivery, notification, plan, attemptId)] : [];
  });
}

function claimed(
  delivery: PlannedDelivery,
  { topic, body, causedAt }: UnplannedNotification,
  plan: PagePlan,
  attemptId: string,
): ClaimedDelivery {
  const { deliveryId, notificationId, customerId, contactPointId, channel, lane, expiresAt } = delivery;
  const { onAmbiguous, isCritical } = plan.people.policyOf(topic);
  const { address = null, keys = null } = plan.addresses.get(deliveryId) ?? {};
  return {
    ...JUST_PLANNED,
    ...{ deliveryId, notificationId, attemptId, customerId, contactPointId, channel, lane, topic, body },
    ...{ expiresAt, causedAt, onAmbiguous, isCritical, address, keys },
    pinnedProvider: delivery.pinnedProvider,
    provider: delivery.lease?.provider ?? '',
    recipient: (customerId !== null && plan.customers.get(customerId)) || NOBODY,
  };
}
