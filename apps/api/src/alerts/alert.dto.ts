import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Channel, NotificationKind } from '@app/contracts';
import type { OpenedBy, Severity } from '@app/rules';
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
  /** What its numbers are, as it follows "the"; null: the metric's latest value. */
  measure: string | null;
  /** Of its numbers: "EUR", "%", or empty for a count. */
  unit: string;
  subject: string;
  /** How serious it is; null where the rule does not say. */
  severity: Severity | null;
  /** Its level, counted from 1; 0 without levels. */
  level: number;
  openedAt: Date;
  /** A value, silence (`noData`), or the rule's end (`expiry`). */
  openedBy: OpenedBy;
  /** Decimal text in its unit. */
  openedValue: string;
  /** Null while it is open. */
  resolvedAt: Date | null;
  resolvedValue: string | null;
  /** What ended it: a value, silence or its end, time, the rule's partner, or a change of the rule. */
  endedBy: string | null;
  /** Whether its firing was told; if not, `heldReason` says why. */
  told: boolean;
  heldReason: string | null;
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
