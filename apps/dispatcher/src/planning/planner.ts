import { LANES, type Lane } from '@app/contracts';
import type { ClaimedDelivery, NotificationStore } from '@app/persistence';
import type { Delivery } from '../delivery/delivery';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import { Wakeable } from '../wakeable';
import { asClaimed } from './as-claimed';
import { planPage } from './plan-page';

/** Enough to amortise the trips, few enough that a page is planned in some ten milliseconds. */
const PAGE = 500;

export interface PlannerParts {
  notifications: NotificationStore;
  delivery: Pick<Delivery, 'reserve' | 'startReserved'>;
  metrics: DispatcherMetrics;
  now: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

/** Stage 5: turns notifications into deliveries, with the reason for each that is sent and each that is not. */
export class Planner {
  private readonly lanes: Wakeable[];

  constructor(private readonly parts: PlannerParts) {
    this.lanes = LANES.map((lane) => {
      const onTrouble = (error: unknown): void => parts.onTrouble(`planning of lane ${lane} failed`, error);
      return new Wakeable(() => this.planLane(lane), onTrouble);
    });
  }

  wake(): void {
    for (const lane of this.lanes) lane.wake();
  }

  /** Finishes the page under way. */
  async stop(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  /** What was leased with the plan is sent once the plan is saved; a plan that fails gives its room back. */
  private async planLane(lane: Lane): Promise<boolean> {
    const { notifications, delivery, metrics, now } = this.parts;
    const page = await notifications.unplanned(lane, PAGE);
    if (page.length === 0) return false;
    const plan = planPage(page, await notifications.recipientsOf(page), now());
    for (const planned of plan.deliveries) {
      const address = plan.addresses.get(planned.deliveryId);
      planned.lease = delivery.reserve(planned.lane, planned.channel, address);
    }
    const leased = plan.deliveries.filter((planned) => planned.lease).length;
    let claimed: ClaimedDelivery[] = [];
    try {
      const attempts = await notifications.savePlan(page, plan.deliveries, plan.decisions);
      claimed = asClaimed(page, plan, attempts);
    } finally {
      delivery.startReserved(lane, claimed, leased);
    }
    for (const { body } of page) metrics.notifications.inc({ kind: body.kind });
    return page.length === PAGE;
  }
}
