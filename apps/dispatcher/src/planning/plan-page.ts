import type {
  CapCount,
  DecisionToSave,
  PlanToSave,
  PlannedCustomer,
  PlannedDelivery,
  PlannedDigestItem,
  PlannedStep,
  Recipients,
  UnplannedNotification,
} from '@app/persistence';
import { planDelivery, toldKey, type Plan, type PlannedSend, type Recipient } from '@app/preferences';
import { derivedId } from '../pipeline/derived-id';
import { expiryOf } from './expiry';
import { PeopleOfPage } from './recipient-of';

export interface PagePlan extends PlanToSave {
  deliveries: PlannedDelivery[];
  decisions: DecisionToSave[];
  digestItems: PlannedDigestItem[];
  steps: PlannedStep[];
  /** Where each delivery goes, by its id. */
  addresses: Map<string, { address: string; keys: Record<string, string> | null }>;
  customers: ReadonlyMap<string, PlannedCustomer>;
  people: PeopleOfPage;
}

export interface PlanningTerms {
  /** Epoch ms. */
  now: number;
  /** Carriers that post in public: each has the post once. */
  publicCarriers: readonly string[];
  onTrouble: (message: string, error: unknown) => void;
}

/** Plans each notification of a page in its order: a recovery asks where its firing was told, a cap what came before. */
export function planPage(
  page: readonly UnplannedNotification[],
  recipients: Recipients,
  terms: PlanningTerms,
): PagePlan {
  const people = new PeopleOfPage(recipients);
  const plan: PagePlan = {
    ...{ deliveries: [], decisions: [], digestItems: [], steps: [] },
    ...{ addresses: new Map(), customers: people.customers, people },
  };
  for (const notification of page) {
    const { customerId } = notification;
    if (customerId === null) planPublicPost(notification, plan, terms);
    else planFor({ ...notification, customerId }, plan, terms);
  }
  return plan;
}

type ToCustomer = UnplannedNotification & { customerId: string };

function planFor(notification: ToCustomer, plan: PagePlan, terms: PlanningTerms): void {
  const { notificationId, customerId, topic } = notification;
  const { people } = plan;
  const recipient = people.recipientOf(notification, customerId);
  const planned = planSafely(notification, recipient, terms);
  const taken = people.takenBy(notificationId);
  const isNew = (way: Parameters<typeof toldKey>[0]): boolean => !taken.has(toldKey(way));
  const send = planned.send.filter(isNew);
  for (const way of send) addSend(notification, way, { plan, terms, planned });
  for (const { channel, contactPointId, key, closesAt, because } of planned.digest.filter(isNew))
    plan.digestItems.push({
      ...{ notificationId, customerId, topic, channel, contactPointId, key, closesAt, because },
    });
  for (const { detail, ...decision } of planned.decisions.filter(isNew))
    plan.decisions.push({ notificationId, ...decision, detail });
  if (planned.steps) plan.steps.push({ notificationId, ...planned.steps });
  for (const way of send) people.noteUse(customerId, usesOf(way, planned));
}

/** A customer who cannot be planned, for a zone that this system does not know, must not hold up all the others. */
function planSafely(notification: ToCustomer, recipient: Recipient, terms: PlanningTerms): Plan {
  try {
    return planDelivery(notification, recipient, terms.now);
  } catch (error) {
    terms.onTrouble('a customer is planned without their hours and in UTC', error);
    return planDelivery(notification, { ...recipient, timeZone: 'UTC', sheet: {} }, terms.now);
  }
}

interface Planning {
  plan: PagePlan;
  terms: PlanningTerms;
  planned: Plan;
}

function addSend(notification: ToCustomer, way: PlannedSend, { plan, terms, planned }: Planning): void {
  const { customerId, topic, body } = notification;
  const { channel, contactPointId, notBefore, step, address } = way;
  const point = plan.people.pointOf(customerId, contactPointId);
  // What a later step tells may be over by now: it is looked at again before it goes, as if it had been held.
  const deferredBy = way.deferredBy ?? (notification.step > 0 ? 'laterStep' : null);
  const delivery = deliveryOf(notification, { channel, contactPointId, step });
  plan.deliveries.push({
    ...delivery,
    ...{ notBefore, deferredBy, pinnedProvider: point?.provider ?? null },
    expiresAt: expiryOf(notification, plan.people.policyOf(topic), notBefore ?? terms.now),
    followed: planned.steps !== null,
    digestId: body.kind === 'digest' ? body.facts.digestId : null,
    counted: usesOf(way, planned),
  });
  plan.addresses.set(delivery.deliveryId, { address, keys: point?.keys ?? null });
  if (deferredBy === null) plan.people.noteTold(notification, way);
}

/** Each message on a channel takes one of every cap that counts the channel. */
function usesOf({ channel }: PlannedSend, { capUse }: Plan): CapCount[] {
  return capUse
    .filter((use) => use.channel === channel || (use.channel === 'all' && channel !== 'inbox'))
    .map((use) => ({ ...use, used: 1 }));
}

type BareDelivery = Omit<
  PlannedDelivery,
  'notBefore' | 'deferredBy' | 'pinnedProvider' | 'expiresAt' | 'followed' | 'digestId' | 'counted'
>;

/** Ids are derived: what is planned twice is one delivery. */
function deliveryOf(
  { notificationId, customerId, lane }: UnplannedNotification,
  { channel, contactPointId, step }: Pick<PlannedDelivery, 'channel' | 'contactPointId' | 'step'>,
  ...more: string[]
): BareDelivery {
  const parts = [notificationId, channel, contactPointId ?? '', ...(step > 0 ? [step] : []), ...more];
  const deliveryId = derivedId('delivery', ...parts);
  return { deliveryId, notificationId, customerId, contactPointId, channel, lane, step, lease: null };
}

/** A post has no recipient to ask: whoever confirmed the service alert wanted it in public, wherever we can. */
function planPublicPost(notification: UnplannedNotification, plan: PagePlan, terms: PlanningTerms): void {
  const { notificationId, topic } = notification;
  const way = { channel: 'social', contactPointId: null } as const;
  for (const provider of terms.publicCarriers) {
    const delivery = deliveryOf(notification, { ...way, step: 0 }, provider);
    plan.deliveries.push({
      ...delivery,
      ...{ notBefore: null, deferredBy: null, followed: false, digestId: null, counted: [] },
      pinnedProvider: provider,
      expiresAt: expiryOf(notification, plan.people.policyOf(topic), terms.now),
    });
    plan.addresses.set(delivery.deliveryId, { address: 'public', keys: null });
  }
  plan.decisions.push({ notificationId, ...way, decision: 'sent', reason: 'publicPost' });
}
