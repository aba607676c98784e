import type { Channel, Lane, Metric, Severity } from '@app/contracts';
import type {
  ComposedTerms,
  Condition,
  EndedBy,
  HeldReason,
  Mutes,
  NoticePolicy,
  NoticeState,
  OpenedBy,
} from '@app/rules';
import type { Database } from '../database';

/** What an alert, its words and the telling of it need to know about the rule behind an instance. */
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
  composed: ComposedTerms | null;
  /** Metrics that the composed terms name. */
  otherMetrics: Pick<Metric, 'name' | 'title' | 'unit' | 'scale' | 'kind'>[];
  /** Of a rule without levels. */
  severity: Severity | null;
  topic: string;
  /** The admin has made the topic one that nothing may hold up. */
  isCritical: boolean;
  channels: Channel[] | null;
  notifyRecovery: boolean;
  /** Null: the firing is told, and the recovery if `notifyRecovery`. */
  policy: NoticePolicy | null;
  /** Null before anything was told or held back under a policy. */
  notice: NoticeState | null;
  mutes: Mutes;
  /** The customer's, IANA. */
  timeZone: string;
  /** Firings so far, the open alert's included. */
  transitionSeq: number;
  /** The alert that is open; null if none is. Instants are epoch ms, the value is scaled. */
  open: OpenAlert | null;
}

export interface OpenAlert {
  openedAt: number;
  openedValue: number;
  openedBy: OpenedBy;
  level: number;
  told: boolean;
}

export interface AlertToOpen {
  alertId: string;
  context: AlertContext;
  transitionSeq: number;
  conditionWords: string;
  openedAt: number;
  openedValue: number;
  openedBy: OpenedBy;
  /** What its numbers are, where they are not the metric's latest value, and how they are written. */
  measure: string | null;
  unit: string;
  scale: number;
  /** Index of its level, counted from 1; 0 without levels. */
  level: number;
  severity: Severity | null;
  told: boolean;
  /** Why the firing is not told, as far as it is not. */
  heldReason: HeldReason | null;
  /** Set where it ended in the same batch. */
  end: AlertToEnd | null;
}

export interface AlertToEnd {
  instanceId: number;
  transitionSeq: number;
  resolvedAt: number;
  resolvedValue: number | null;
  endedBy: EndedBy | 'edited' | 'paused' | 'removed';
}

/** A change of an alert that was there before; what is left out stays. */
export interface AlertToAlter {
  instanceId: number;
  transitionSeq: number;
  level?: number;
  severity?: Severity | null;
  told?: boolean;
  /** Together with `told`. */
  heldReason?: HeldReason | null;
}

/** Where an instance's notices stand. */
export interface NoticeToSave {
  instanceId: number;
  notice: NoticeState | null;
  /** Epoch ms. */
  noticeDueAt: number | null;
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

/** Who stands behind an alert, for its words and for whether it is told. */
export class AlertStore {
  constructor(private readonly database: Database) {}

  /**
   * @param since earliest instant that is decided about, epoch ms: maintenance that was over a day before is left out
   * @returns without instances that nobody stands behind any more
   */
  async contextsOf(instanceIds: readonly number[], since: number): Promise<Map<number, AlertContext>> {
    const rows = await this.database
      .forRows(instanceIds.length)
      .query<ContextRow>(CONTEXTS, [instanceIds, since]);
    return new Map(rows.map((row) => [row.instanceId, toContext(row)]));
  }
}

// The windows come once for all instances: there are few of them, and mostly none. An alert that is open is its
// instance's last one; found by its number it needs no index of those that are open, which every end would rewrite.
const CONTEXTS = `with windows as (
    select metric, subject, (extract(epoch from starts_at) * 1000)::bigint as "from",
      (extract(epoch from ends_at) * 1000)::bigint as until
    from maintenance_windows where ends_at > to_timestamp($2::float8 / 1000.0) - interval '1 day')
  select i.id as "instanceId", r.id as "ruleId", coalesce(i.condition_version, r.condition_version) as "conditionVersion",
    r.customer_id as "customerId", r.title as "ruleTitle", r.metric, m.title as "metricTitle", m.unit, m.scale,
    m.visibility = 'owned' as owned, i.subject, r.operator, r.threshold, r.upper, r.recovery, r.composed, r.severity,
    case when r.composed is not null then (
      select json_agg(json_build_object('name', n.name, 'title', n.title, 'unit', n.unit, 'scale', n.scale, 'kind', n.kind))
      from metrics n where n.name in (select jsonb_path_query(r.composed, '$.tree.**.metric') #>> '{}')) end as "otherMetrics",
    r.topic, coalesce((t.policy ->> 'isCritical')::boolean, false) as "isCritical", r.channels,
    r.notify_recovery as "notifyRecovery", r.notices as policy, i.notice,
    (extract(epoch from r.snoozed_until) * 1000)::bigint as "snoozedUntil", c.time_zone as "timeZone",
    i.transition_seq as "transitionSeq", (extract(epoch from a.opened_at) * 1000)::bigint as "openedAt",
    a.opened_value as "openedValue", a.opened_by as "openedBy", a.level, a.told,
    (select json_agg(w) from windows w
     where (w.metric is null or w.metric = r.metric) and (w.subject is null or w.subject = i.subject)) as windows
  from rule_instances i join rules r on r.id = i.rule_id join metrics m on m.name = r.metric
  join customers c on c.id = r.customer_id left join topics t on t.name = r.topic
  left join alerts a on a.instance_id = i.id and a.transition_seq = i.transition_seq and a.resolved_at is null
  where i.id = any($1::bigint[])`;

type ContextRow = Omit<AlertContext, 'condition' | 'mutes' | 'open' | 'otherMetrics'> &
  Condition & {
    otherMetrics: AlertContext['otherMetrics'] | null;
    snoozedUntil: number | null;
    windows: { from: number; until: number }[] | null;
  } & { [Part in keyof OpenAlert]: OpenAlert[Part] | null };

function toContext(row: ContextRow): AlertContext {
  const { operator, threshold, upper, recovery, snoozedUntil, windows, ...rest } = row;
  const { openedAt, openedValue, openedBy, level, told, ...context } = rest;
  return {
    ...context,
    otherMetrics: row.otherMetrics ?? [],
    condition: { operator, threshold, upper, recovery },
    mutes: { snoozedUntil, maintenance: windows ?? [] },
    open: openedAt === null ? null : ({ openedAt, openedValue, openedBy, level, told } as OpenAlert),
  };
}
