import type { Channel, DeliveryState, Lane, NotificationKind } from '@app/contracts';

/** A delivery as it is shown; what it says stays with the message. */
export interface DeliveryRecord {
  seq: number;
  deliveryId: string;
  notificationId: string;
  customerId: string | null;
  contactPointId: string | null;
  kind: NotificationKind;
  topic: string;
  alertId: string | null;
  serviceAlertId: string | null;
  channel: Channel;
  lane: Lane;
  state: DeliveryState;
  attemptNo: number;
  reason: string;
  duplicatePossible: boolean;
  provider: string | null;
  notBefore: Date;
  expiresAt: Date;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface AttemptRecord {
  attemptNo: number;
  provider: string;
  startedAt: Date;
  endedAt: Date | null;
  outcome: string | null;
  reason: string;
  providerMessageId: string | null;
}

/** What was decided about one way to the customer, and why. */
export interface DecisionRecord {
  channel: Channel | null;
  contactPointId: string | null;
  decision: string;
  reason: string;
  decidedAt: Date;
}

/** All of it at once; what is not named asks nothing. */
export interface DeliveryFilter {
  /** Null reads all customers'. */
  customerId: string | null;
  state?: DeliveryState | null;
  alertId?: string | null;
  channel?: Channel | null;
  reason?: string | null;
  topic?: string | null;
}
