import type { Channel, DeliveryState, NotificationKind, ReceiptState } from '@app/contracts';

/** A notification whose way to a customer is asked about. */
export interface ExplainedNotification {
  notificationId: string;
  kind: NotificationKind;
  topic: string;
  causedAt: Date;
  plannedAt: Date | null;
  alertId: string | null;
}

/** One decision as it was made, and what has become of its delivery. */
export interface ExplainedDecision {
  channel: Channel | null;
  contactPointId: string | null;
  /** Null where the contact point is gone. */
  address: string | null;
  decision: string;
  reason: string;
  decidedAt: Date;
  notBefore: Date | null;
  /** As the planner left it; null of old decisions. */
  detail: unknown;
  delivery: ExplainedDelivery | null;
}

export interface ExplainedDelivery {
  deliveryId: string;
  state: DeliveryState;
  reason: string;
  /** Text in the zone of the database, as JSON writes it. */
  finishedAt: string | null;
  receipt: ReceiptState | null;
}
