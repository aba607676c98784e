import { sqlLedgerId } from './broadcast-ids';

/** A page whose planner died is planned again: what it would have saved was not saved, or the page is no longer waiting. */
export const CLAIM_PAGES = `with due as (
    select p.alert_seq, p.page from broadcast_pages p join service_alerts s on s.seq = p.alert_seq
    where p.customer_ids is not null and p.state = 'waiting' and s.status = 'sending'
      and (p.lease_until is null or p.lease_until < now())
    order by p.alert_seq, p.page limit $1 for update of p skip locked),
  claimed as (
    update broadcast_pages p set lease_until = now() + $2 * interval '1 millisecond' from due
    where p.alert_seq = due.alert_seq and p.page = due.page returning p.alert_seq, p.page, p.people, p.customer_ids)
  select c.alert_seq as "alertSeq", c.page, c.people, c.customer_ids as "customerIds", s.id as "serviceAlertId", s.topic,
    s.title, s.text, s.severity, extract(epoch from s.confirmed_at)::float8 * 1000 as "causedAt"
  from claimed c join service_alerts s on s.seq = c.alert_seq order by c.alert_seq, c.page`;

/** One row for each contact point of each person, in their order; one without for who has none. */
export const PEOPLE = `select c.id as "customerId", c.name, c.language, c.time_zone as "timeZone",
    p.id as "contactPointId", p.channel, p.address, p.verified_at is not null as verified, p.provider as pinned,
    case when p.disabled_at is not null then coalesce(p.disabled_reason, 'disabled') else s.reason end as suppressed
  from unnest($1::text[]) with ordinality as a (id, place)
  join customers c on c.id = a.id
  left join contact_points p on p.customer_id = c.id
  left join lateral (
    select reason from suppressions s
    where s.lifted_at is null and s.channel = p.channel and s.address = p.address
      and (s.customer_id is null or s.customer_id = c.id) and (s.topic is null or s.topic = $2)
    limit 1) s on true
  order by a.place, p.created_at, p.id`;

export const WISHES = `select
    (select coalesce(json_agg(json_build_object('customerId', customer_id, 'channel', channel, 'enabled', enabled)), '[]')
     from preferences where customer_id = any($1::text[]) and topic = $2) as switches,
    (select coalesce(json_agg(json_build_object('customerId', customer_id, 'version', version, 'sheet', sheet)), '[]')
     from preference_sheets where customer_id = any($1::text[])) as sheets,
    (select policy from topics where name = $2) as policy`;

/**
 * A page becomes ledger rows, batches, notifications of their own and inbox messages at once, or not at all: what was
 * cancelled meanwhile, or planned by another dispatcher, is no longer waiting. The share of the service alert's row keeps
 * a pause out while notifications are made, which would not know of it.
 * @param sharing whether notifications are made
 */
export const savePage = (sharing: boolean): string => `with alert as (
    select seq, id, topic, confirmed_at,
      jsonb_build_object('serviceAlertId', id, 'title', title, 'text', text, 'severity', severity) as facts,
      case when status = 'paused' then 'held' else 'bulk' end as lane
    from service_alerts where seq = $1 ${sharing ? 'for share' : ''}),
  page as (
    update broadcast_pages p set state = 'planned', customer_ids = null, lease_until = null,
      as_notifications = $3, not_told = $4, gone = $5
    from alert where p.alert_seq = alert.seq and p.page = $2 and p.state = 'waiting'
      and cardinality(p.customer_ids) = $27 returning p.alert_seq, p.page),
  ledger as (
    insert into broadcast_recipients (alert_seq, batch, seq, customer_id, contact_point_id, channel, state, reason, passed_over)
    select page.alert_seq, r.* from page, unnest($6::int[], $7::bigint[], $8::text[], $9::uuid[], $10::text[], $11::text[],
      $12::text[], $13::text[]) as r
    returning alert_seq, batch, seq, customer_id),
  batches as (
    insert into broadcast_batches (alert_seq, batch, seq, channel, language, page, first_seq, last_seq, people, state,
      expires_at, provider, finished_at)
    select page.alert_seq, b.batch, nextval('deliveries_seq_seq'), b.channel, b.language, page.page, b.first_seq, b.last_seq,
      b.people, b.state, to_timestamp($21 / 1000.0), case when b.state = 'accepted' then b.channel end,
      case when b.state = 'accepted' then now() end
    from page, unnest($14::int[], $15::text[], $16::text[], $17::bigint[], $18::bigint[], $19::int[], $20::text[])
      as b (batch, channel, language, first_seq, last_seq, people, state)),
  told as (
    insert into notifications (id, customer_id, topic, lane, channels, kind, facts, service_alert_id, caused_at)
    select md5(alert.id || ':' || n.customer_id)::uuid, n.customer_id, alert.topic, alert.lane,
      string_to_array(n.channels, ','), 'serviceAlert', alert.facts, alert.id, alert.confirmed_at
    from alert, page, unnest($22::text[], $23::text[]) as n (customer_id, channels)
    on conflict do nothing),
  kept as (
    insert into inbox_messages (delivery_id, customer_id, subject, body)
    select ${sqlLedgerId('l.alert_seq', '0', 'l.seq')}, l.customer_id, m.subject, m.body
    from ledger l join unnest($24::int[], $25::text[], $26::text[]) as m (batch, subject, body) on m.batch = l.batch
    on conflict do nothing returning customer_id)
  select (select count(pg_notify('inbox', kept.customer_id)) from kept) from page`;

/** Of a cancelled service alert whoever was not planned stands in the ledger, too. */
export const WRITE_CANCELLED = `with due as (
    select alert_seq, page from broadcast_pages where customer_ids is not null and state = 'cancelled'
    order by alert_seq, page limit 10 for update skip locked),
  people as (
    select p.alert_seq, p.page, p.customer_ids from broadcast_pages p join due using (alert_seq, page)),
  closed as (
    update broadcast_pages p set customer_ids = null from due where p.alert_seq = due.alert_seq and p.page = due.page),
  written as (
    insert into broadcast_recipients (alert_seq, seq, customer_id, state, reason)
    select alert_seq, page * $1::bigint + place, id, 'cancelled', 'serviceAlertCancelled'
    from people, unnest(customer_ids) with ordinality as c (id, place)
    where exists (select 1 from customers where customers.id = c.id))
  select 1 from due`;
