import { LANES, type Lane } from '@app/contracts';
import type {
  DecisionToSave,
  NotificationStore,
  PlannedDelivery,
  Queryable,
  Recipients,
  UnplannedNotification,
} from '@app/persistence';
import { planDelivery } from '@app/preferences';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import { derivedId } from '../pipeline/derived-id';
import { Wakeable } from '../wakeable';
import { expiryOf } from './expiry';

/** Enough to amortise four statements, few enough that a page is planned in some ten milliseconds. */
const PAGE = 500;

interface PagePlan {
  deliveries: PlannedDelivery[];
  decisions: DecisionToSave[];
}

/** Stage 5: turns notifications into deliveries, with the reason for each that is sent and each that is not. */
export class Planner {
  private readonly lanes: Wakeable[];

  constructor(
    private readonly notifications: NotificationStore,
    private readonly metrics: DispatcherMetrics,
    private readonly surroundings: {
      now: () => number;
      onTrouble: (message: string, error: unknown) => void;
    },
  ) {
    this.lanes = LANES.map(
      (lane) =>
        new Wakeable(
          () => this.planLane(lane),
          (error) => surroundings.onTrouble(`planning of lane ${lane} failed`, error),
        ),
    );
  }

  wake(): void {
    for (const lane of this.lanes) lane.wake();
  }

  /** Finishes the page under way. */
  async stop(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  private async planLane(lane: Lane): Promise<boolean> {
    const planned = await this.notifications.planNext(lane, PAGE, (transaction, page) =>
      this.planPage(transaction, page),
    );
    return planned === PAGE;
  }

  private async planPage(transaction: Queryable, page: UnplannedNotification[]): Promise<void> {
    const recipients = await this.notifications.recipientsOf(transaction, page);
    const plan: PagePlan = { deliveries: [], decisions: [] };
    for (const notification of page) {
      planOne(notification, recipients, plan, this.surroundings.now());
      this.metrics.notifications.inc({ kind: notification.body.kind });
    }
    await this.notifications.savePlan(transaction, plan.deliveries, plan.decisions);
  }
}

function planOne(
  notification: UnplannedNotification,
  recipients: Recipients,
  plan: PagePlan,
  now: number,
): void {
  const { notificationId, customerId, lane, alertId } = notification;
  const expiresAt = expiryOf(notification, now);
  if (customerId === null) return planPublicPost(notification, expiresAt, plan);
  const planned = planDelivery(
    notification,
    {
      customerId,
      contactPoints: recipients.contactPoints.filter((point) => point.customerId === customerId),
      preferences: recipients.preferences.filter((preference) => preference.customerId === customerId),
      told:
        notification.body.kind === 'alertRecovered' && alertId
          ? (recipients.told.get(alertId) ?? null)
          : null,
    },
    now,
  );
  for (const { channel, contactPointId } of planned.send) {
    const deliveryId = derivedId('delivery', notificationId, channel, contactPointId ?? '');
    plan.deliveries.push({
      deliveryId,
      notificationId,
      customerId,
      contactPointId,
      channel,
      lane,
      expiresAt,
    });
    // A recovery on the same page as its firing must find it told, though the firing is not in the store yet.
    if (alertId) recipients.told.get(alertId)?.push(`${channel}:${contactPointId ?? ''}`);
  }
  for (const decision of planned.decisions) plan.decisions.push({ notificationId, ...decision });
}

/** A post has no recipient to ask: whoever confirmed the service alert wanted it in public. */
function planPublicPost(
  { notificationId, lane }: UnplannedNotification,
  expiresAt: number,
  plan: PagePlan,
): void {
  const post = { notificationId, customerId: null, contactPointId: null, channel: 'social', lane } as const;
  plan.deliveries.push({
    ...post,
    deliveryId: derivedId('delivery', notificationId, 'social', ''),
    expiresAt,
  });
  plan.decisions.push({
    notificationId,
    channel: 'social',
    contactPointId: null,
    decision: 'sent',
    reason: 'publicPost',
  });
}
