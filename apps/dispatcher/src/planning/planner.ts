import { LANES, type Lane } from '@app/contracts';
import type { ClaimedDelivery, NotificationStore, PlannedDelivery } from '@app/persistence';
import type { Delivery } from '../delivery/delivery';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import { Wakeable } from '../wakeable';
import { asClaimed } from './as-claimed';
import { planPage } from './plan-page';

/** Enough to amortise the trips, few enough that a page is planned in some ten milliseconds. */
const PAGE = 500;
/** Until another look at customers whom somebody else was holding, or who had moved on while they were planned. */
const AGAIN_MS = 20;

export interface PlannerParts {
  notifications: NotificationStore;
  delivery: Pick<Delivery, 'reserve' | 'startReserved'>;
  metrics: Pick<DispatcherMetrics, 'notifications'>;
  /** Carriers that post in public. */
  publicCarriers: readonly string[];
  now: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

/** Stage 5: turns notifications into deliveries, with the reason for each that is sent and each that is not. */
export class Planner {
  private readonly lanes: ReadonlyMap<Lane, Wakeable>;

  constructor(parts: PlannerParts) {
    const open = (lane: Lane): Wakeable => {
      const onTrouble = (error: unknown): void => parts.onTrouble(`planning of lane ${lane} failed`, error);
      const wakeable: Wakeable = new Wakeable(async () => {
        const { found, planned } = await planNextPage(lane, parts);
        if (planned < found) wakeable.wakeIn(AGAIN_MS);
        return planned === PAGE;
      }, onTrouble);
      return wakeable;
    };
    this.lanes = new Map(LANES.map((lane) => [lane, open(lane)]));
  }

  /** @param lanes where something was raised; asking the others costs as many trips to the store as they are */
  wake(lanes: Iterable<Lane> = LANES): void {
    for (const lane of lanes) this.lanes.get(lane)?.wake();
  }

  /** Finishes the page under way. */
  async stop(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.stop()));
  }
}

/**
 * Plans a lane's next page. What was leased with the plan is sent once the plan is saved; a plan that fails gives its room
 * back.
 * @returns how many notifications the page had, and how many of them are planned now by this call
 */
export async function planNextPage(
  lane: Lane,
  { notifications, delivery, metrics, publicCarriers, now, onTrouble }: PlannerParts,
): Promise<{ found: number; planned: number }> {
  const { page, recipients } = await notifications.pageToPlan(lane, PAGE);
  if (page.length === 0) return { found: 0, planned: 0 };
  const plan = planPage(page, recipients, { now: now(), publicCarriers, onTrouble });
  for (const planned of plan.deliveries) {
    const to = plan.addresses.get(planned.deliveryId)?.address;
    planned.lease = isForNow(planned) ? delivery.reserve(lane, planned.channel, to) : null;
  }
  const leased = plan.deliveries.filter((planned) => planned.lease).length;
  let claimed: ClaimedDelivery[] = [];
  let planned: ReadonlySet<string> = new Set();
  try {
    const saved = await notifications.savePlan(page, recipients, plan);
    claimed = asClaimed(page, plan, saved.attempts);
    planned = saved.planned;
  } finally {
    delivery.startReserved(lane, claimed, leased);
  }
  for (const { body, notificationId, isReplanned } of page)
    if (planned.has(notificationId) && !isReplanned) metrics.notifications.inc({ kind: body.kind });
  return { found: page.length, planned: planned.size };
}

/** What waits, what must be looked at again first, and what one carrier alone may take goes by way of a claim. */
function isForNow({ notBefore, deferredBy, pinnedProvider }: PlannedDelivery): boolean {
  return notBefore === null && deferredBy === null && pinnedProvider === null;
}
