import { LANES, type Lane } from '@app/contracts';
import type { ClaimedDelivery, NotificationStore, Queryable, UnplannedNotification } from '@app/persistence';
import type { Delivery } from '../delivery/delivery';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import { Wakeable } from '../wakeable';
import { asClaimed } from './as-claimed';
import { planPage, type PagePlan } from './plan-page';

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

  /** What was leased with the plan is sent only once the plan is committed; a plan that fails gives its room back. */
  private async planLane(lane: Lane): Promise<boolean> {
    let leased = 0;
    let claimed: ClaimedDelivery[] = [];
    try {
      const planned = await this.parts.notifications.planNext(lane, PAGE, async (transaction, page) => {
        const plan = await this.plan(page);
        leased = plan.deliveries.filter((delivery) => delivery.lease).length;
        claimed = await this.save(transaction, page, plan);
      });
      this.parts.delivery.startReserved(lane, claimed, leased);
      return planned === PAGE;
    } catch (error) {
      this.parts.delivery.startReserved(lane, [], leased);
      throw error;
    }
  }

  private async plan(page: UnplannedNotification[]): Promise<PagePlan> {
    const { notifications, delivery, metrics, now } = this.parts;
    const plan = planPage(page, await notifications.recipientsOf(page), now());
    for (const planned of plan.deliveries) planned.lease = delivery.reserve(planned.lane, planned.channel);
    for (const { body } of page) metrics.notifications.inc({ kind: body.kind });
    return plan;
  }

  private async save(
    transaction: Queryable,
    page: UnplannedNotification[],
    plan: PagePlan,
  ): Promise<ClaimedDelivery[]> {
    const attempts = await this.parts.notifications.savePlan(
      transaction,
      page,
      plan.deliveries,
      plan.decisions,
    );
    return asClaimed(page, plan, attempts);
  }
}
