import { insertHistory } from './history.store';

/**
 * All effects of a batch in one statement, so in one transaction and one trip: on a busy machine a trip costs as
 * much as what it does, and seven of them were a third of the way from an event to its message. Every part joins
 * `moved`, which is empty where another owner has moved or taken the partition: then nothing is written at all.
 * Rows travel as JSON texts, one for each table; amounts stay exact, since JSON numbers become numeric, not binary.
 *
 * `commits` counts every commit, also one that moves no offset, so that a commit whose answer was lost can be told
 * from one that did not happen.
 */
export const COMMIT_BATCH = `with moved as (
    update partition_offsets
    set next_offset = $5, checkpoint_offset = case when $6 then $5 else checkpoint_offset end, commits = commits + 1,
      clock = coalesce(to_timestamp($15::float8 / 1000.0), clock),
      resumed_at = coalesce(to_timestamp($16::float8 / 1000.0), resumed_at)
    where log = $1 and partition = $2 and epoch = $3 and next_offset = $4 and commits = $14 returning 1 as fence),
  states as (
    update rule_instances i set state = coalesce(s.state, i.state), armed = coalesce(s.armed, i.armed),
      spent = coalesce(s.spent, i.spent), transition_seq = coalesce(s."transitionSeq", i.transition_seq),
      since = coalesce(to_timestamp(s.at / 1000.0), i.since),
      condition_version = case s."conditionVersion" when 'keep' then i.condition_version when 'forget' then null
        else s."conditionVersion"::int end,
      progress = case when s.state is null then i.progress else s.progress end,
      notice = case when s."hasNotice" then s.notice else i.notice end,
      notice_due_at = case when s."hasNotice" then to_timestamp(s."noticeDueAt" / 1000.0) else i.notice_due_at end
    from moved, json_to_recordset($7) as s ("instanceId" bigint, state text, armed boolean, spent boolean,
      "transitionSeq" int, at float8, "conditionVersion" text, progress jsonb, "hasNotice" boolean, notice jsonb,
      "noticeDueAt" float8)
    where i.id = s."instanceId"),
  opened as (
    insert into alerts (id, instance_id, rule_id, condition_version, customer_id, metric, subject, transition_seq,
      rule_title, condition, opened_at, opened_value, opened_by, level, severity, told, held_reason, measure, unit, scale,
      resolved_at, resolved_value, ended_by)
    select a."alertId", a."instanceId", a."ruleId", a."conditionVersion", a."customerId", a.metric, a.subject,
      a."transitionSeq", a."ruleTitle", a.condition, to_timestamp(a."openedAt" / 1000.0), a."openedValue", a."openedBy",
      a.level, a.severity, a.told, a."heldReason", a.measure, a.unit, a.scale,
      to_timestamp(a."resolvedAt" / 1000.0), a."resolvedValue", a."endedBy"
    from moved, json_to_recordset($8) as a ("alertId" uuid, "instanceId" bigint, "ruleId" uuid, "conditionVersion" int,
      "customerId" text, metric text, subject text, "transitionSeq" int, "ruleTitle" text, condition text,
      "openedAt" float8, "openedValue" bigint, "openedBy" text, level int, severity text, told boolean,
      "heldReason" text, measure text, unit text, scale smallint, "resolvedAt" float8, "resolvedValue" bigint, "endedBy" text)
    on conflict (id) do nothing),
  altered as (
    update alerts a set resolved_at = coalesce(a.resolved_at, to_timestamp(e."resolvedAt" / 1000.0)),
      resolved_value = case when a.resolved_at is null then e."resolvedValue" else a.resolved_value end,
      ended_by = coalesce(a.ended_by, e."endedBy"), level = coalesce(e.level, a.level),
      severity = coalesce(e.severity, a.severity), told = a.told or coalesce(e.told, false),
      held_reason = case when e.told is null then a.held_reason else e."heldReason" end
    from moved, json_to_recordset($9) as e ("instanceId" bigint, "transitionSeq" int, "resolvedAt" float8,
      "resolvedValue" bigint, "endedBy" text, level int, severity text, told boolean, "heldReason" text)
    where a.instance_id = e."instanceId" and a.transition_seq = e."transitionSeq"),
  notified as (
    insert into notifications (id, customer_id, topic, lane, channels, kind, facts, alert_id, caused_at)
    select n."notificationId", n."customerId", n.topic, n.lane, n.channels, n.kind, n.facts, n."alertId",
      to_timestamp(n."causedAt" / 1000.0)
    from moved, json_to_recordset($10) as n ("notificationId" uuid, "customerId" text, topic text, lane text,
      channels text[], kind text, facts jsonb, "alertId" uuid, "causedAt" float8, position int)
    order by n.position
    on conflict (id) do nothing returning 1),
  letters as (
    insert into dead_letters (log, partition, "offset", key, payload, reason, detail)
    select l.log, l.partition, l."offset", l.key, l.payload, l.reason, l.detail
    from moved, json_to_recordset($11) as l (log text, partition int, "offset" bigint, key text, payload text,
      reason text, detail text)
    on conflict (log, partition, "offset") do nothing),
  kept as (
    insert into series (metric, subject, partition, value, at, clock_at)
    select v.metric, v.subject, $2, v.value, to_timestamp(v.at / 1000.0), to_timestamp(v."clockAt" / 1000.0)
    from moved, json_to_recordset($12) as v (metric text, subject text, value bigint, at float8, "clockAt" float8)
    on conflict (metric, subject) do update
    set value = excluded.value, at = excluded.at, clock_at = excluded.clock_at, partition = excluded.partition),
  gathered as (
    insert into measures (metric, subject, key, partition, state)
    select m.metric, m.subject, m.key, $2, m.state
    from moved, json_to_recordset($17) as m (metric text, subject text, key text, state jsonb)
    where m.state is not null
    on conflict (metric, subject, key) do update set state = excluded.state, partition = excluded.partition),
  past as (
    ${insertHistory('$18', 'moved,')}),
  let_go as (
    delete from measures g
    using moved, json_to_recordset($17) as m (metric text, subject text, key text, state jsonb)
    where m.state is null and g.metric = m.metric and g.subject = m.subject and g.key = m.key)
  select (select count(*) from moved)::int as moved,
    (select count(pg_notify('notifications', $13)) from (select 1 from notified limit 1) as one) as woken`;
