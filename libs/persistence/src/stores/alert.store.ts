import type { Channel, Lane } from '@app/contracts';
import type { Condition } from '@app/rules';
import type { Database } from '../database';

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
  /** Set where it ended in the same batch. */
  end: AlertToEnd | null;
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

/** Who stands behind an alert, for its words. */
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
}

type ContextRow = Omit<AlertContext, 'condition'> & Condition;

function toContext({ operator, threshold, upper, recovery, ...rest }: ContextRow): AlertContext {
  return { ...rest, condition: { operator, threshold, upper, recovery } };
}
