import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Channel, NotificationKind } from '@app/contracts';
import { PageQuery } from '../http/page.dto';

export class AlertsQuery extends PageQuery {
  @IsOptional()
  @IsIn(['open', 'resolved'])
  state?: 'open' | 'resolved';
}

export class AllAlertsQuery extends AlertsQuery {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  customerId?: string;
}

export class AlertView {
  alertId: string;
  customerId: string;
  ruleId: string;
  ruleTitle: string;
  /** The condition in words, as it was when it fired. */
  condition: string;
  metric: string;
  metricTitle: string;
  unit: string;
  subject: string;
  openedAt: Date;
  /** Decimal text in the metric's unit. */
  openedValue: string;
  /** Null while it is open. */
  resolvedAt: Date | null;
  resolvedValue: string | null;
  /** What ended it: the value, or a change of its rule. */
  endedBy: string | null;
}

/** What was decided about one way to the customer. */
export class WhyView {
  notificationId: string;
  kind: NotificationKind;
  channel: Channel | null;
  contactPointId: string | null;
  decision: string;
  /** Stable word. */
  reason: string;
  decidedAt: Date;
}

export class AlertDetailView extends AlertView {
  /** Why each message of it was sent, or was not. */
  why: WhyView[];
}

export class AlertPage {
  items: AlertView[];
  nextCursor: string | null;
}
