import type { Channel, DeliveryState, NotificationKind } from '@app/contracts';

export class NotifiedDeliveryView {
  deliveryId: string;
  channel: Channel;
  /** Null for the inbox. */
  contactPointId: string | null;
  state: DeliveryState;
  /** Why it is in this state; a stable word, empty if there is nothing to say. */
  reason: string;
  finishedAt: Date | null;
}

export class NotificationView {
  notificationId: string;
  kind: NotificationKind;
  topic: string;
  /** Of the topic. */
  title: string;
  alertId: string | null;
  serviceAlertId: string | null;
  /** When what it tells of happened. */
  causedAt: Date;
  /** Empty while nothing is decided, and where it goes nowhere or in a digest: `why` says which. */
  deliveries: NotifiedDeliveryView[];
  /** Path of every decision about it, in words. */
  why: string;
}

export class NotificationPage {
  items: NotificationView[];
  nextCursor: string | null;
}
