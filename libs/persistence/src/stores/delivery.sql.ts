/** The carriers that were chosen, before they are called: whoever takes an attempt over must know whom to ask. */
export const ASSIGN = `with chosen as (select * from unnest($1::uuid[], $2::uuid[], $3::text[]) as c (attempt_id, delivery_id, provider)),
  noted as (update attempts a set provider = c.provider from chosen c where a.id = c.attempt_id)
  update deliveries d set provider = c.provider from chosen c where d.id = c.delivery_id`;

/**
 * The attempt always keeps its outcome; the delivery follows only while the lease that made the attempt is still the
 * current one, or if the message was accepted after all.
 */
export const RECORD = `with said as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::int[], $7::text[], $8::text[], $9::float8[],
      $10::boolean[], $11::boolean[], $12::text[], $13::float8[])
      as s (attempt_id, outcome, said, message_id, delivery_id, epoch, state, reason, wait_ms, used_try, twice, avoid, ask_ms)),
  attempt as (
    update attempts a set ended_at = now(), outcome = s.outcome, reason = s.said, provider_message_id = s.message_id,
      ask_at = now() + s.ask_ms * interval '1 millisecond'
    from said s where a.id = s.attempt_id)
  update deliveries d set state = s.state, reason = s.reason,
    not_before = case when s.state = 'retry' then now() + s.wait_ms * interval '1 millisecond' else d.not_before end,
    attempt_no = d.attempt_no - (not s.used_try)::int, duplicate_possible = d.duplicate_possible or s.twice,
    lease_owner = null, lease_until = null, provider_message_id = coalesce(s.message_id, d.provider_message_id),
    avoid_provider = case when s.state = 'accepted' then d.avoid_provider else s.avoid end, finished_at = case when s.state = 'retry' then null else now() end
  from said s
  where d.id = s.delivery_id and (d.lease_epoch = s.epoch and d.state = 'sending'
    or s.state = 'accepted' and d.state in ('pending', 'sending', 'retry', 'ambiguous', 'failed'))
  returning d.id as "deliveryId"`;

/**
 * The attempt that never was goes; what was heard about the former one is kept with it. Its doubt goes with an answer, as
 * with a receipt (`PROVE_ACCEPTED`): the answer is kept as one too, and either may be the first to be written.
 */
export const SETTLE_UNSENT = `with never_was as (delete from attempts where id = $1),
  heard as (
    update attempts set asked_at = now(), ask_count = ask_count + 1,
      outcome = case when $8::boolean then 'accepted' else outcome end,
      reason = case when $8::boolean then '' else reason end,
      provider_message_id = coalesce($7, provider_message_id)
    where id = $6),
  settled as (
    update deliveries set state = $4, reason = $5, lease_owner = null, lease_until = null, attempt_no = attempt_no - 1,
      not_before = case when $4 = 'retry' then now() + $9 * interval '1 millisecond' else not_before end,
      provider_message_id = coalesce($7, provider_message_id),
      finished_at = case when $4 = 'retry' then null else now() end
    where id = $2 and lease_epoch = $3 and state = 'sending' returning notification_id, channel, contact_point_id),
  explained as (
    insert into decisions (notification_id, channel, contact_point_id, decision, reason, detail)
    select notification_id, channel, contact_point_id, decided ->> 'decision', decided ->> 'reason', decided -> 'detail'
    from settled, (select $10::jsonb as decided) now where decided is not null)
  select 1 from settled`;

/** What goes in other words than were planned; said once, however often it is tried. */
export const REWORDED = `insert into decisions (notification_id, channel, contact_point_id, decision, reason, detail)
  select d.notification_id, d.channel, d.contact_point_id, r.decision, r.reason, r.detail::jsonb
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as r (delivery_id, decision, reason, detail)
  join deliveries d on d.id = r.delivery_id
  where not exists (select 1 from decisions e where e.notification_id = d.notification_id and e.channel = d.channel
    and e.contact_point_id is not distinct from d.contact_point_id and e.decision = r.decision)`;

/** Whether it goes again, is asked about or waits for a person is decided where it is claimed. */
export const TAKE_OVER = `with late as (
    select id, provider, lease_epoch from deliveries where state = 'sending' and lease_until < now()
    order by lease_until limit 1000 for update skip locked),
  noted as (
    update attempts a set ended_at = now(), outcome = 'ambiguous', reason = 'leaseExpired'
    from late where a.delivery_id = late.id and a.lease_epoch = late.lease_epoch and a.outcome is null)
  update deliveries d set lease_owner = null, lease_until = null, not_before = now(), reason = 'leaseExpired', state = 'retry',
    duplicate_possible = d.duplicate_possible or not (late.provider = any($1::text[]))
  from late where d.id = late.id returning d.id as "deliveryId", d.lane`;

/** All lanes are named so that the index of what is due serves: an index of its own lured the claim away from it. */
export const OVERDUE = `update deliveries set state = 'expired', reason = 'tookTooLong', finished_at = now()
  where lane = any($1::text[]) and state in ('pending', 'retry') and expires_at <= now() returning 1`;
