import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import {
  CHANNELS,
  DELIVERY_STATES,
  type Channel,
  type DeliveryState,
  type Lane,
  type NotificationKind,
} from '@app/contracts';
import { PageQuery } from '../http/page.dto';

export class DeliveriesQuery extends PageQuery {
  @IsOptional()
  @IsIn(DELIVERY_STATES)
  state?: DeliveryState;

  /** Only those of one alert. */
  @IsOptional()
  @IsUUID()
  alertId?: string;

  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;

  /** Why it is in its state. @example "providerError" */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  reason?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  topic?: string;
}

export class AllDeliveriesQuery extends DeliveriesQuery {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  customerId?: string;
}

export class DeliveryView {
  deliveryId: string;
  notificationId: string;
  /** Null for a public post. */
  customerId: string | null;
  contactPointId: string | null;
  kind: NotificationKind;
  topic: string;
  alertId: string | null;
  serviceAlertId: string | null;
  channel: Channel;
  lane: Lane;
  state: DeliveryState;
  /** Tries used. */
  attemptNo: number;
  /** Why it is in this state; a stable word, empty if there is nothing to say. */
  reason: string;
  /** The customer may get it twice: an earlier try ended without anybody knowing. */
  duplicatePossible: boolean;
  provider: string | null;
  notBefore: Date;
  expiresAt: Date;
  createdAt: Date;
  finishedAt: Date | null;
}

export class AttemptView {
  attemptNo: number;
  provider: string;
  startedAt: Date;
  endedAt: Date | null;
  /** `accepted`, `retryable`, `rejected` or `ambiguous`; null while it runs. */
  outcome: string | null;
  reason: string;
  providerMessageId: string | null;
}

export class DecisionView {
  channel: Channel | null;
  contactPointId: string | null;
  decision: string;
  reason: string;
  decidedAt: Date;
}

export class DeliveryDetailView extends DeliveryView {
  attempts: AttemptView[];
  /** What was decided about every way to this customer for the same notification. */
  decisions: DecisionView[];
}

export class DeliveryPage {
  items: DeliveryView[];
  nextCursor: string | null;
}
