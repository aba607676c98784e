/** No lock is taken: two planners may plan the same page, and the first to save has planned it. */
export const UNPLANNED = `select id as "notificationId", customer_id as "customerId", topic, lane, channels, kind, facts,
    alert_id as "alertId", extract(epoch from caused_at)::float8 * 1000 as "causedAt"
  from notifications where lane = $1 and planned_at is null order by seq limit $2`;

export const RECIPIENTS = `select
    (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'timeZone', time_zone, 'language', language)), '[]')
     from customers where id = any($1::text[])) as customers,
    (select coalesce(json_agg(json_build_object('contactPointId', id, 'customerId', customer_id, 'channel', channel,
       'address', address, 'verifiedAt', verified_at) order by created_at, id), '[]')
     from contact_points where customer_id = any($1::text[])) as "contactPoints",
    (select coalesce(json_agg(json_build_object('customerId', customer_id, 'topic', topic, 'channel', channel,
       'enabled', enabled)), '[]')
     from preferences where customer_id = any($1::text[])) as preferences,
    (select coalesce(json_agg(json_build_object('alertId', n.alert_id, 'key', d.channel || ':' || coalesce(d.contact_point_id::text, ''))), '[]')
     from notifications n join deliveries d on d.notification_id = n.id
     where n.alert_id = any($2::uuid[]) and n.kind in ('alertFired', 'alertLevel', 'alertUnstable')) as told`;

/** What is planned already, or was cancelled meanwhile, falls out of \`planned\`, and with it all that hangs on it. */
export const SAVE_PLAN = `with planned as (
    update notifications set planned_at = now() where id = any($1::uuid[]) and planned_at is null returning id),
  decided as (
    insert into decisions (notification_id, channel, contact_point_id, decision, reason)
    select d.* from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[])
      as d (notification_id, channel, contact_point_id, decision, reason)
    join planned p on p.id = d.notification_id),
  made as (
    insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, expires_at,
      lease_owner, lease_until, provider, state, attempt_no, lease_epoch)
    select d.id, notification_id, customer_id, contact_point_id, channel, lane, to_timestamp(expires_at / 1000.0),
      owner, clock_timestamp() + lease_ms * interval '1 millisecond', provider,
      case when owner is null then 'pending' else 'sending' end, (owner is not null)::int, (owner is not null)::int
    from unnest($7::uuid[], $8::uuid[], $9::text[], $10::uuid[], $11::text[], $12::text[], $13::float8[], $14::text[],
      $15::int[], $16::text[]) with ordinality
      as d (id, notification_id, customer_id, contact_point_id, channel, lane, expires_at, owner, lease_ms, provider, position)
    join planned p on p.id = d.notification_id
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
