/**
 * The lock is taken in the same trip as the rows. Rows that another planner finished while this one waited are
 * re-read by the row lock and fall out; rows committed meanwhile bring a wake-up of their own.
 */
export const UNPLANNED = `with turn as materialized (select pg_advisory_xact_lock(hashtext('plan'), hashtext($1)))
  select n.id as "notificationId", n.customer_id as "customerId", n.topic, n.lane, n.channels, n.kind, n.facts,
    n.alert_id as "alertId", extract(epoch from n.caused_at)::float8 * 1000 as "causedAt"
  from turn, lateral (
    select * from notifications where lane = $1 and planned_at is null order by seq limit $2 for update) n
  order by n.seq`;

export const SAVE_PLAN = `with planned as (
    update notifications set planned_at = now() where id = any($1::uuid[])),
  decided as (
    insert into decisions (notification_id, channel, contact_point_id, decision, reason)
    select * from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[])),
  made as (
    insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, expires_at,
      lease_owner, lease_until, provider, state, attempt_no, lease_epoch)
    select id, notification_id, customer_id, contact_point_id, channel, lane, to_timestamp(expires_at / 1000.0),
      owner, clock_timestamp() + lease_ms * interval '1 millisecond', provider,
      case when owner is null then 'pending' else 'sending' end, (owner is not null)::int, (owner is not null)::int
    from unnest($7::uuid[], $8::uuid[], $9::text[], $10::uuid[], $11::text[], $12::text[], $13::float8[], $14::text[],
      $15::int[], $16::text[]) with ordinality
      as d (id, notification_id, customer_id, contact_point_id, channel, lane, expires_at, owner, lease_ms, provider, position)
    order by position
    on conflict (id) do nothing
    returning id, lane, state, provider),
  attempted as (
    insert into attempts (id, delivery_id, attempt_no, lease_epoch, provider)
    select md5(id || ':1')::uuid, id, 1, 1, provider from made where state = 'sending' returning id, delivery_id),
  waking as (
    select pg_notify('deliveries', lane) from (select distinct lane from made where state = 'pending') as lanes)
  select m.id as "deliveryId", a.id as "attemptId", w.lanes -- read, or Postgres leaves the waking out
  from made m left join attempted a on a.delivery_id = m.id cross join (select count(*) as lanes from waking) w`;
