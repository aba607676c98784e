import type { Database } from '../database';

/** An alert as it is shown: values are scaled integers of its metric. */
export interface AlertRecord {
  seq: number;
  alertId: string;
  ruleId: string;
  ruleTitle: string;
  condition: string;
  customerId: string;
  metric: string;
  metricTitle: string;
  unit: string;
  scale: number;
  subject: string;
  openedAt: Date;
  openedValue: number;
  resolvedAt: Date | null;
  resolvedValue: number | null;
  endedBy: string | null;
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
    a.customer_id as "customerId", a.metric, m.title as "metricTitle", m.unit, m.scale, a.subject,
    a.opened_at as "openedAt", a.opened_value as "openedValue", a.resolved_at as "resolvedAt",
    a.resolved_value as "resolvedValue", a.ended_by as "endedBy"
  from alerts a join metrics m on m.name = a.metric`;
