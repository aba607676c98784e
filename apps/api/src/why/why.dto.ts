import { ApiProperty } from '@nestjs/swagger';
import type { Channel, DeliveryState, NotificationKind, ReceiptState } from '@app/contracts';

export class WhyDeliveryView {
  deliveryId: string;
  state: DeliveryState;
  /** A stable word, empty if there is nothing to say. */
  reason: string;
  /** The best that the provider said later; null: nothing yet. */
  receipt: ReceiptState | null;
}

export class WhyView {
  /** Null where it holds of no channel in particular. */
  channel: Channel | null;
  /** Null for the inbox, and where there is no contact point. */
  contactPointId: string | null;
  /** Null for the inbox, and where the contact point is gone. */
  address: string | null;
  /**
   * `sent`, `deferred`, `digested`, `capped`, `fallback` or `suppressed`; `reworded` or `withdrawn` where it was looked at
   * again when its time had come.
   */
  decision: string;
  /** A stable word. */
  reason: string;
  /** The same as a sentence to the customer, in the customer's time. */
  words: string;
  decidedAt: Date;
  notBefore: Date | null;
  /** False of a decision that a later one on the same way has replaced. */
  isCurrent: boolean;
  /** What was looked at: `ruleIds`, `sheetVersion`, `timeZone`, `localTime`, …; null of old decisions. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  detail: Record<string, unknown> | null;
  delivery: WhyDeliveryView | null;
}

export class NotificationWhyView {
  notificationId: string;
  kind: NotificationKind;
  topic: string;
  /** Of the topic. */
  title: string;
  alertId: string | null;
  causedAt: Date;
  /** Every decision in the order in which it was made; empty while none is made. */
  why: WhyView[];
}
