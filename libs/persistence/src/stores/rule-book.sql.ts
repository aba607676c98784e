import type { Condition } from '@app/rules';
import type { KeptRule, RuleTerms } from './rule-record';

/** Values of $3 to $20 of `INSERT_RULE` and `UPDATE_RULE`. */
export function columnsOf({ condition, ...terms }: RuleTerms): unknown[] {
  const { operator, threshold, upper, recovery } = condition;
  const { title, metric, subjectKind, lifecycle, onCreate, topic, channels, notifyRecovery } = terms;
  const { severity, thresholdAttribute, partnerRuleId, composed, notices } = terms;
  return [
    ...[title, metric, operator, threshold, upper, recovery, subjectKind, lifecycle, onCreate, topic],
    ...[channels, notifyRecovery, severity, thresholdAttribute, toJson(composed), toJson(notices)],
    composed?.expiresAt ? new Date(composed.expiresAt) : null,
    partnerRuleId,
  ];
}

export function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

export const INSERT_RULE = `insert into rules (id, customer_id, title, metric, operator, threshold, upper, recovery,
    subject_kind, lifecycle, on_create, topic, channels, notify_recovery, severity, threshold_attribute, composed,
    notices, expires_at, partner_rule_id, status)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 'active')
  on conflict (id) do nothing returning 1`;

export const UPDATE_RULE = `update rules set title = $3, metric = $4, operator = $5, threshold = $6, upper = $7,
    recovery = $8, subject_kind = $9, lifecycle = $10, on_create = $11, topic = $12, channels = $13,
    notify_recovery = $14, severity = $15, threshold_attribute = $16, composed = $17, notices = $18, expires_at = $19,
    partner_rule_id = $20, condition_version = condition_version + $21, revision = nextval('rule_revisions'), updated_at = now()
  where id = $1 and customer_id = $2 and revision = $22 and status <> 'removed' returning 1`;

const METRIC = `jsonb_build_object('name', m.name, 'title', m.title, 'unit', m.unit, 'scale', m.scale, 'kind', m.kind,
      'visibility', m.visibility)`;

/** Metrics that the composed terms of rule `r` look at, as rows of one text. */
export const METRICS_IN_TREE = `select jsonb_array_elements_text(jsonb_path_query_array(r.composed, '$.tree.**.metric'))`;

/** A customer's rules; more conditions may follow. */
export const RULES = `select r.id as "ruleId", r.customer_id as "customerId", r.title, r.metric, r.operator, r.threshold,
    r.upper, r.recovery, r.subject_kind as "subjectKind", r.lifecycle, r.on_create as "onCreate", r.topic, r.channels,
    r.notify_recovery as "notifyRecovery", r.severity, r.threshold_attribute as "thresholdAttribute",
    r.partner_rule_id as "partnerRuleId", r.composed, r.notices, r.snoozed_until as "snoozedUntil", r.status,
    r.condition_version as "conditionVersion", r.revision, r.created_at as "createdAt", r.updated_at as "updatedAt",
    to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || r.id as cursor,
    (select time_zone from customers where id = r.customer_id) as "timeZone",
    (select ${METRIC} from metrics m where m.name = r.metric) as "metricEntry",
    (select jsonb_agg(${METRIC}) from metrics m where m.name = r.metric or m.name in (${METRICS_IN_TREE}))
      as "metricEntries"
  from rules r where r.customer_id = $1 and r.status <> 'removed'`;

export type RuleRow = Omit<KeptRule, 'condition'> & Condition;

export function toRule({ operator, threshold, upper, recovery, ...rest }: RuleRow): KeptRule {
  return { ...rest, condition: { operator, threshold, upper, recovery } };
}
