import { PEOPLE_PER_PAGE } from './broadcast-ids';

/** The audience as it is now, a thousand to a row: a million people are kept within seconds, each of them by name. */
export const freeze = (audience: string): string => `with people as (
    select id, row_number() over (order by id) - 1 as place from (${audience}) a),
  pages as (
    insert into broadcast_pages (alert_seq, page, people, customer_ids)
    select $1, place / ${PEOPLE_PER_PAGE}, count(*), array_agg(id order by place) from people group by 2
    returning people)
  select coalesce(sum(people), 0)::int as people from pages`;

/**
 * A lane that nobody serves: what waits in it is neither planned, sent nor expired until somebody resumes.
 * Notifications first: once they are held, no delivery can join.
 */
export const HOLD = [
  `update notifications set lane = 'held' where service_alert_id = $1 and planned_at is null`,
  `update deliveries d set lane = 'held' from notifications n
   where n.service_alert_id = $1 and d.notification_id = n.id and d.state in ('pending', 'retry', 'sending')`,
];

/** What was held gets a day again, as if it had been confirmed now. */
export const RELEASE = [
  `update notifications set lane = 'bulk' where service_alert_id = $1 and lane = 'held'`,
  `update deliveries d set lane = 'bulk', expires_at = now() + interval '24 hours' from notifications n
   where n.service_alert_id = $1 and d.notification_id = n.id and d.lane = 'held'`,
  `update broadcast_batches b set expires_at = now() + interval '24 hours' from service_alerts s
   where s.id = $1 and b.alert_seq = s.seq and b.state = 'pending'`,
];

export const CANCEL_UNPLANNED = `with stopped as (
    update notifications set planned_at = now()
    where service_alert_id = $1 and planned_at is null returning id),
  noted as (
    insert into decisions (notification_id, decision, reason)
    select id, 'cancelled', 'serviceAlertCancelled' from stopped)
  select count(*) as count from stopped`;

export const CANCEL_DELIVERIES = `with mine as (
    select d.id from deliveries d join notifications n on n.id = d.notification_id where n.service_alert_id = $1),
  stopped as (
    update deliveries d set
      state = case when d.state = 'sending' then d.state else 'cancelled' end,
      finished_at = case when d.state = 'sending' then null else now() end,
      expires_at = case when d.state = 'sending' then now() else d.expires_at end,
      reason = 'serviceAlertCancelled'
    from mine where d.id = mine.id and d.state in ('pending', 'retry', 'sending') returning d.state)
  select state, count(*) as count from stopped group by state
  union all
  select 'accepted', count(*) from deliveries d join mine on mine.id = d.id where d.state = 'accepted'`;

/** Pages that nobody has planned; the dispatcher writes each of their people down as cancelled afterwards. */
export const CANCEL_PAGES = `with stopped as (
    update broadcast_pages set state = 'cancelled' where alert_seq = $1 and state = 'waiting' returning people)
  select coalesce(sum(people), 0)::int as count from stopped`;

export const CANCEL_BATCHES = `with stopped as (
    update broadcast_batches set
      state = case when state = 'sending' then state else 'cancelled' end,
      finished_at = case when state = 'sending' then null else now() end,
      expires_at = now(),
      reason = case when state = 'sending' then reason else 'serviceAlertCancelled' end
    where alert_seq = $1 and state in ('pending', 'sending') returning state, people)
  select state, sum(people)::int as count from stopped group by state
  union all
  select 'accepted', coalesce(sum(people), 0)::int from broadcast_batches where alert_seq = $1 and state = 'accepted'`;

/** One row a service alert; batches and pages carry their counts, so that no row of a person is looked at. */
export const PROGRESS = `with asked as (
    select id, seq, people from service_alerts where id = any($1::uuid[]) and confirmed_at is not null),
  told as (
    select n.id, n.service_alert_id, n.planned_at from asked a join notifications n on n.service_alert_id = a.id),
  counted as (
    select t.service_alert_id, d.channel, d.state, count(*) as count
    from told t join deliveries d on d.notification_id = t.id group by 1, 2, 3
    union all
    select a.id, b.channel, w.state, sum(w.count)
    from asked a join broadcast_batches b on b.alert_seq = a.seq,
      lateral (values (b.state, b.people), ('failed', b.failed), ('withdrawn', b.withdrawn)) as w (state, count)
    where w.count > 0 group by 1, 2, 3),
  summed as (
    select service_alert_id, channel, state, sum(count)::int as count from counted group by 1, 2, 3),
  channels as (
    select service_alert_id, channel, jsonb_object_agg(state, count) as states from summed group by 1, 2),
  notifications as (
    select service_alert_id, count(*)::int as notifications, (count(*) filter (where planned_at is null))::int as waiting
    from told group by 1),
  pages as (
    select a.id, sum(p.people) filter (where p.state = 'waiting') as waiting,
      sum(p.people) filter (where p.state = 'cancelled') as cancelled, sum(p.not_told) as not_told, sum(p.gone) as gone
    from asked a join broadcast_pages p on p.alert_seq = a.seq group by a.id)
  select a.id, coalesce(a.people, 0) as people, coalesce(n.notifications, 0) as notifications,
    (coalesce(n.waiting, 0) + coalesce(p.waiting, 0))::int as waiting,
    coalesce(p.cancelled, 0)::int as "cancelledUnplanned", coalesce(p.not_told, 0)::int as "notTold",
    coalesce(p.gone, 0)::int as gone,
    coalesce((select jsonb_object_agg(c.channel, c.states) from channels c where c.service_alert_id = a.id), '{}') as "byChannel"
  from asked a left join notifications n on n.service_alert_id = a.id left join pages p on p.id = a.id`;

/** What ended ambiguous or failed goes again, whatever became of the first copy; \`$2\` are the states. */
export const RESEND = `with again as (
    update broadcast_batches b set state = 'pending', attempt_no = 0, not_before = now(),
      expires_at = now() + interval '24 hours', reason = 'redriven', finished_at = null,
      duplicate_possible = duplicate_possible or b.state = 'ambiguous'
    from service_alerts s
    where s.id = $1 and s.status = 'sending' and b.alert_seq = s.seq and b.state = any($2::text[]) and b.people > 0
    returning b.people)
  select coalesce(sum(people), 0)::int as people from again`;
