/**
 * Saves the plan of a page in one statement, each customer's part of it whole or not at all. A part counts if the customer
 * is still in the epoch that the plan saw, none of its notifications was planned meanwhile, and no digest that it joins has
 * closed; otherwise it is left unplanned, to be decided anew.
 *
 * A customer is held shared while an ordinary plan is saved, so that \`replan\` comes before or after it. A plan that counts
 * against caps or joins a digest moves the epoch itself: of two that were made side by side the second falls out, which is
 * why no cap is ever exceeded. Nobody waits: a customer whom somebody else holds is left for the next round.
 *
 * People and notifications are looked up one by one, so that Postgres never takes to reading a table for the five hundred
 * of a page.
 *
 * $1, $2 the page: notifications and their parties; $3 to $5 customers, epochs, whether alone; $6 to $12 decisions;
 * $13 to $29 deliveries; $30 digest items; $31 steps; $32 use of caps.
 */
export const SAVE_PLAN = `with page as (
    select * from unnest($1::uuid[], $2::text[]) as p (id, party)),
  asked as (
    select * from unnest($3::text[], $4::int[], $5::boolean[]) as a (customer_id, epoch, alone)),
  shared as (
    select c.id from asked a cross join lateral (
      select id from customers where id = a.customer_id and plan_epoch = a.epoch for share skip locked) c
    where not a.alone),
  free as (
    select c.id from asked a cross join lateral (
      select id from customers where id = a.customer_id and plan_epoch = a.epoch for no key update skip locked) c
    where a.alone),
  moved as (
    update customers set plan_epoch = plan_epoch + 1 where id = any(array(select id from free)) returning id),
  ready as (
    select p.party from page p
    where p.party in (select id from shared union all select id from moved) or p.party not in (select customer_id from asked)
    group by p.party
    having bool_and(coalesce((select n.planned_at is null from notifications n where n.id = p.id), false))),
  wanted as (
    select w.*, to_timestamp(w."closesAt" / 1000.0) as closes_at
    from json_to_recordset($30) as w ("notificationId" uuid, "customerId" text, topic text, channel text,
      "contactPointId" uuid, key text, "closesAt" float8, because text)),
  buckets as (
    insert into digests (id, customer_id, key, topic, channel, contact_point_id, because, closes_at)
    select distinct on (w."customerId", w.key, w.closes_at)
      md5(concat_ws(chr(1), w."customerId", w.key, w."closesAt"))::uuid, w."customerId", w.key, w.topic, w.channel,
      w."contactPointId", w.because, w.closes_at
    from wanted w join ready r on r.party = w."customerId"
    order by w."customerId", w.key, w.closes_at
    on conflict (customer_id, key, closes_at) do update set state = digests.state where digests.state = 'open'
    returning id, customer_id, key, closes_at),
  fit as (
    select party from ready where not exists (
      select 1 from wanted w where w."customerId" = ready.party and not exists (
        select 1 from buckets b where b.customer_id = w."customerId" and b.key = w.key and b.closes_at = w.closes_at))),
  planned as (
    update notifications set planned_at = now()
    where id = any(array(select p.id from page p join fit f on f.party = p.party)) and planned_at is null returning id, seq),
  used as (
    insert into cap_usage (customer_id, channel, span, starts_at, used)
    select u."customerId", u.channel, u.span, to_timestamp(u."startsAt" / 1000.0), sum(u.used)
    from json_to_recordset($32) as u ("customerId" text, channel text, span text, "startsAt" float8, used int)
    join fit f on f.party = u."customerId" group by 1, 2, 3, 4
    on conflict (customer_id, channel, span, starts_at) do update set used = cap_usage.used + excluded.used),
  gathered as (
    insert into digest_items (digest_id, notification_id, way, seq)
    select b.id, p.id, w.channel || ':' || coalesce(w."contactPointId"::text, ''), p.seq
    from wanted w join planned p on p.id = w."notificationId"
    join buckets b on b.customer_id = w."customerId" and b.key = w.key and b.closes_at = w.closes_at),
  following as (
    insert into delivery_steps (notification_id, next_step, due_at, stop_on)
    select s."notificationId", s."nextStep", to_timestamp(s."dueAt" / 1000.0), s."stopOn"
    from json_to_recordset($31) as s ("notificationId" uuid, "nextStep" int, "dueAt" float8, "stopOn" text)
    join planned p on p.id = s."notificationId"
    on conflict (notification_id) do update
    set next_step = excluded.next_step, due_at = excluded.due_at, stop_on = excluded.stop_on),
  decided as (
    insert into decisions (notification_id, channel, contact_point_id, decision, reason, not_before, detail)
    select d.notification_id, channel, contact_point_id, decision, reason, to_timestamp(not_before / 1000.0), detail::jsonb
    from unnest($6::uuid[], $7::text[], $8::uuid[], $9::text[], $10::text[], $11::float8[], $12::text[])
      as d (notification_id, channel, contact_point_id, decision, reason, not_before, detail)
    join planned p on p.id = d.notification_id),
  made as (
    insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, expires_at,
      lease_owner, lease_until, provider, state, attempt_no, lease_epoch,
      not_before, deferred_by, step, followed, pinned_provider, digest_id, counted)
    select d.id, notification_id, customer_id, contact_point_id, channel, lane, to_timestamp(expires_at / 1000.0),
      owner, clock_timestamp() + lease_ms * interval '1 millisecond', provider,
      case when owner is null then 'pending' else 'sending' end, (owner is not null)::int, (owner is not null)::int,
      coalesce(to_timestamp(not_before / 1000.0), now()), deferred_by, step, followed, pinned_provider, digest_id, counted::jsonb
    from unnest($13::uuid[], $14::uuid[], $15::text[], $16::uuid[], $17::text[], $18::text[], $19::float8[], $20::text[],
      $21::int[], $22::text[], $23::float8[], $24::text[], $25::int[], $26::boolean[], $27::text[], $28::uuid[], $29::text[])
      with ordinality
      as d (id, notification_id, customer_id, contact_point_id, channel, lane, expires_at, owner, lease_ms, provider,
        not_before, deferred_by, step, followed, pinned_provider, digest_id, counted, position)
    join planned p on p.id = d.notification_id
    order by position
    on conflict (id) do nothing
    returning id, lane, state, provider),
  attempted as (
    insert into attempts (id, delivery_id, attempt_no, lease_epoch, provider)
    select md5(id || ':1')::uuid, id, 1, 1, provider from made where state = 'sending' returning id, delivery_id),
  waking as (
    select pg_notify('deliveries', lane) from (select distinct lane from made where state = 'pending') as lanes)
  select coalesce((select array_agg(id) from planned), '{}') as planned,
    coalesce((select json_agg(json_build_array(delivery_id, id)) from attempted), '[]') as attempts,
    (select count(*) from waking) as lanes -- read, or Postgres leaves the waking out`;
