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
  metrics: DispatcherMetrics;
  /** Carriers that post in public. */
  publicCarriers: readonly string[];
  now: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

/** Stage 5: turns notifications into deliveries, with the reason for each that is sent and each that is not. */
export class Planner {
  private readonly lanes: Wakeable[];

  constructor(private readonly parts: PlannerParts) {
    this.lanes = LANES.map((lane) => {
      const onTrouble = (error: unknown): void => parts.onTrouble(`planning of lane ${lane} failed`, error);
      const wakeable: Wakeable = new Wakeable(async () => {
        const { isMore, isLeft } = await this.planLane(lane);
        if (isLeft) wakeable.wakeIn(AGAIN_MS);
        return isMore;
      }, onTrouble);
      return wakeable;
    });
  }

  wake(): void {
    for (const lane of this.lanes) lane.wake();
  }

  /** Finishes the page under way. */
  async stop(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  /**
   * What was leased with the plan is sent once the plan is saved; a plan that fails gives its room back.
   * @returns whether more waits, and whether something of this page does
   */
  private async planLane(lane: Lane): Promise<{ isMore: boolean; isLeft: boolean }> {
    const { notifications, delivery, metrics, publicCarriers, now, onTrouble } = this.parts;
    const page = await notifications.unplanned(lane, PAGE);
    if (page.length === 0) return { isMore: false, isLeft: false };
    const recipients = await notifications.recipientsOf(page);
    const plan = planPage(page, recipients, { now: now(), publicCarriers, onTrouble });
    for (const planned of plan.deliveries)
      planned.lease = isForNow(planned) ? delivery.reserve(planned.lane, planned.channel) : null;
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
    const isLeft = planned.size < page.length;
    return { isMore: !isLeft && page.length === PAGE, isLeft };
  }
}

/** What waits, what must be looked at again first, and what one carrier alone may take goes by way of a claim. */
function isForNow({ notBefore, deferredBy, pinnedProvider }: PlannedDelivery): boolean {
  return notBefore === null && deferredBy === null && pinnedProvider === null;
}
