import type { Channel, Lane } from '@app/contracts';
import type { Condition } from '@app/rules';
import type { Database, Queryable } from '../database';

/** What the words of an alert need to know about the rule behind an instance. */
export interface AlertContext {
  instanceId: number;
  ruleId: string;
  conditionVersion: number;
  customerId: string;
  ruleTitle: string;
  metric: string;
  metricTitle: string;
  unit: string;
  scale: number;
  subject: string;
  /** The metric belongs to the subject's owner: "your balance". */
  owned: boolean;
  condition: Condition;
  topic: string;
  channels: Channel[] | null;
  notifyRecovery: boolean;
  /** Epoch ms of the open alert's firing; null if none is open. */
  openedAt: number | null;
}

export interface AlertToOpen {
  alertId: string;
  context: AlertContext;
  transitionSeq: number;
  conditionWords: string;
  openedAt: number;
  openedValue: number;
}

export interface AlertToEnd {
  instanceId: number;
  transitionSeq: number;
  resolvedAt: number;
  resolvedValue: number | null;
  endedBy: 'value' | 'edited' | 'paused' | 'removed';
}

export interface NotificationToSave {
  notificationId: string;
  customerId: string | null;
  topic: string;
  lane: Lane;
  channels: Channel[] | null;
  kind: string;
  facts: unknown;
  alertId: string | null;
  /** Epoch ms. */
  causedAt: number;
}

/** Alerts and the notifications they cause; written only inside the batch's fenced transaction. */
export class AlertStore {
  constructor(private readonly database: Database) {}

  async contextsOf(instanceIds: readonly number[]): Promise<Map<number, AlertContext>> {
    const rows = await this.database.query<ContextRow>(
      `select i.id as "instanceId", r.id as "ruleId", coalesce(i.condition_version, r.condition_version) as "conditionVersion",
         r.customer_id as "customerId", r.title as "ruleTitle", r.metric, m.title as "metricTitle", m.unit, m.scale,
         m.visibility = 'owned' as owned,
         i.subject, r.operator, r.threshold, r.upper, r.recovery, r.topic, r.channels,
         r.notify_recovery as "notifyRecovery", extract(epoch from a.opened_at)::float8 * 1000 as "openedAt"
       from rule_instances i join rules r on r.id = i.rule_id join metrics m on m.name = r.metric
       left join alerts a on a.instance_id = i.id and a.resolved_at is null
       where i.id = any($1::bigint[])`,
      [instanceIds],
    );
    return new Map(rows.map((row) => [row.instanceId, toContext(row)]));
  }

  async open(transaction: Queryable, alerts: readonly AlertToOpen[]): Promise<void> {
    if (alerts.length === 0) return;
    await transaction.query(
      `insert into alerts (id, instance_id, rule_id, condition_version, customer_id, metric, subject, transition_seq,
         rule_title, condition, opened_at, opened_value)
       select id, instance_id, rule_id, version, customer_id, metric, subject, seq, title, condition,
         to_timestamp(at / 1000.0), value
       from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::int[],
         $9::text[], $10::text[], $11::float8[], $12::bigint[])
         as a (id, instance_id, rule_id, version, customer_id, metric, subject, seq, title, condition, at, value)
       on conflict (id) do nothing`,
      [
        alerts.map((a) => a.alertId),
        alerts.map((a) => a.context.instanceId),
        alerts.map((a) => a.context.ruleId),
        alerts.map((a) => a.context.conditionVersion),
        alerts.map((a) => a.context.customerId),
        alerts.map((a) => a.context.metric),
        alerts.map((a) => a.context.subject),
        alerts.map((a) => a.transitionSeq),
        alerts.map((a) => a.context.ruleTitle),
        alerts.map((a) => a.conditionWords),
        alerts.map((a) => a.openedAt),
        alerts.map((a) => a.openedValue),
      ],
    );
  }

  async end(transaction: Queryable, ends: readonly AlertToEnd[]): Promise<void> {
    if (ends.length === 0) return;
    await transaction.query(
      `update alerts a set resolved_at = to_timestamp(e.at / 1000.0), resolved_value = e.value, ended_by = e.ended_by
       from unnest($1::bigint[], $2::int[], $3::float8[], $4::bigint[], $5::text[])
         as e (instance_id, seq, at, value, ended_by)
       where a.instance_id = e.instance_id and a.transition_seq = e.seq and a.resolved_at is null`,
      [
        ends.map((e) => e.instanceId),
        ends.map((e) => e.transitionSeq),
        ends.map((e) => e.resolvedAt),
        ends.map((e) => e.resolvedValue),
        ends.map((e) => e.endedBy),
      ],
    );
  }

  async notify(transaction: Queryable, notifications: readonly NotificationToSave[]): Promise<void> {
    if (notifications.length === 0) return;
    await transaction.query(
      `with saved as (
         insert into notifications (id, customer_id, topic, lane, channels, kind, facts, alert_id, caused_at)
         select id, customer_id, topic, lane, case when channels = '' then null else string_to_array(channels, ',') end,
           kind, facts, alert_id, to_timestamp(caused_at / 1000.0)
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::uuid[],
           $9::float8[]) with ordinality
           as n (id, customer_id, topic, lane, channels, kind, facts, alert_id, caused_at, position)
         order by position
         on conflict (id) do nothing returning 1)
       select pg_notify('notifications', '') from saved limit 1`,
      [
        notifications.map((n) => n.notificationId),
        notifications.map((n) => n.customerId),
        notifications.map((n) => n.topic),
        notifications.map((n) => n.lane),
        notifications.map((n) => n.channels?.join(',') ?? ''),
        notifications.map((n) => n.kind),
        notifications.map((n) => JSON.stringify(n.facts)),
        notifications.map((n) => n.alertId),
        notifications.map((n) => n.causedAt),
      ],
    );
  }
}

type ContextRow = Omit<AlertContext, 'condition'> & Condition;

function toContext({ operator, threshold, upper, recovery, ...rest }: ContextRow): AlertContext {
  return { ...rest, condition: { operator, threshold, upper, recovery } };
}
