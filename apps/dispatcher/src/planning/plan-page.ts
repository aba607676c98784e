import type { Customer } from '@app/contracts';
import type { DecisionToSave, PlannedDelivery, Recipients, UnplannedNotification } from '@app/persistence';
import { defaultPolicy, plainRecipient, planDelivery, toldKey, type Recipient } from '@app/preferences';
import { derivedId } from '../pipeline/derived-id';
import { expiryOf } from './expiry';

export interface PagePlan {
  deliveries: PlannedDelivery[];
  decisions: DecisionToSave[];
  /** Where each delivery goes, by its id. */
  addresses: Map<string, string>;
  customers: Map<string, Customer>;
}

/** Plans each notification of a page in its order, since a recovery asks where its firing was told. */
export function planPage(
  page: readonly UnplannedNotification[],
  recipients: Recipients,
  now: number,
): PagePlan {
  const customers = new Map(recipients.customers.map((customer) => [customer.id, customer]));
  const plan: PagePlan = { deliveries: [], decisions: [], addresses: new Map(), customers };
  const points = Map.groupBy(recipients.contactPoints, (point) => point.customerId);
  const preferences = Map.groupBy(recipients.preferences, (preference) => preference.customerId);
  const recipientOf = (customerId: string, topic: string): Recipient =>
    plainRecipient({
      customerId,
      contactPoints: points.get(customerId) ?? [],
      preferences: preferences.get(customerId) ?? [],
      topic: defaultPolicy(topic),
    });
  for (const notification of page) {
    const { customerId } = notification;
    if (customerId === null) planPublicPost(notification, plan, now);
    else planFor(notification, recipientOf(customerId, notification.topic), recipients.told, { plan, now });
  }
  return plan;
}

interface Planning {
  plan: PagePlan;
  now: number;
}

function planFor(
  notification: UnplannedNotification,
  recipient: Recipient,
  told: Recipients['told'],
  { plan, now }: Planning,
): void {
  const { notificationId, alertId, body } = notification;
  const tellsSame = body.kind === 'alertRecovered' && alertId !== null;
  const { send, decisions } = planDelivery(
    notification,
    { ...recipient, told: tellsSame ? (told.get(alertId) ?? null) : null },
    now,
  );
  for (const way of send) {
    addDelivery(notification, way, plan, now);
    // A recovery on the same page must find its firing told, though the firing is not in the store yet.
    if (alertId) told.get(alertId)?.push(toldKey(way));
  }
  for (const decision of decisions) plan.decisions.push({ notificationId, ...decision });
}

type Way = Pick<PlannedDelivery, 'channel' | 'contactPointId'> & { address: string };

function addDelivery(notification: UnplannedNotification, way: Way, plan: PagePlan, now: number): void {
  const { notificationId, customerId, lane } = notification;
  const { channel, contactPointId, address } = way;
  const deliveryId = derivedId('delivery', notificationId, channel, contactPointId ?? '');
  const expiresAt = expiryOf(notification, now);
  plan.deliveries.push({
    deliveryId,
    notificationId,
    customerId,
    contactPointId,
    channel,
    lane,
    expiresAt,
    lease: null,
  });
  plan.addresses.set(deliveryId, address);
}

/** A post has no recipient to ask: whoever confirmed the service alert wanted it in public. */
function planPublicPost(notification: UnplannedNotification, plan: PagePlan, now: number): void {
  const { notificationId } = notification;
  addDelivery(notification, { channel: 'social', contactPointId: null, address: 'public' }, plan, now);
  plan.decisions.push({
    notificationId,
    channel: 'social',
    contactPointId: null,
    decision: 'sent',
    reason: 'publicPost',
  });
}
