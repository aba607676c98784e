import type { OpenedBy, Severity } from '@app/rules';
import type { Database } from '../database';

/** An alert as it is shown: values are integers of its scale. */
export interface AlertRecord {
  seq: number;
  alertId: string;
  ruleId: string;
  ruleTitle: string;
  condition: string;
  customerId: string;
  metric: string;
  metricTitle: string;
  /** What its numbers are, as it follows "the"; null: the metric's latest value. */
  measure: string | null;
  unit: string;
  scale: number;
  subject: string;
  severity: Severity | null;
  level: number;
  openedAt: Date;
  openedBy: OpenedBy;
  openedValue: number;
  resolvedAt: Date | null;
  resolvedValue: number | null;
  endedBy: string | null;
  /** Whether any message of it was to go out. */
  told: boolean;
  /** Why its firing was not told, as far as it was not. */
  heldReason: string | null;
}

export interface AlertFilter {
  /** Null reads all customers'. */
  customerId: string | null;
  state: 'open' | 'resolved' | null;
}

/** Alerts as customers and admins read them. */
export class AlertHistoryStore {
  constructor(private readonly database: Database) {}

  /** Newest first, below the given place. */
  async list({ customerId, state }: AlertFilter, before: number, limit: number): Promise<AlertRecord[]> {
    return this.database.query<AlertRecord>(
      `${ALERTS} where ($1::text is null or a.customer_id = $1) and a.seq < $3
         and ($2::text is null or (a.resolved_at is null) = ($2 = 'open'))
       order by a.seq desc limit $4`,
      [customerId, state, before, limit],
    );
  }

  async find(customerId: string, alertId: string): Promise<AlertRecord | null> {
    const [row] = await this.database.query<AlertRecord>(`${ALERTS} where a.customer_id = $1 and a.id = $2`, [
      customerId,
      alertId,
    ]);
    return row ?? null;
  }
}

const ALERTS = `select a.seq, a.id as "alertId", a.rule_id as "ruleId", a.rule_title as "ruleTitle", a.condition,
    a.customer_id as "customerId", a.metric, m.title as "metricTitle", a.measure,
    coalesce(a.unit, m.unit) as unit, coalesce(a.scale, m.scale) as scale, a.subject, a.severity, a.level, a.told,
    a.held_reason as "heldReason", a.opened_at as "openedAt", a.opened_value as "openedValue", a.opened_by as "openedBy",
    a.resolved_at as "resolvedAt",
    a.resolved_value as "resolvedValue", a.ended_by as "endedBy"
  from alerts a join metrics m on m.name = a.metric`;
