/**
 * $1.. are arrays, one element a receipt; a repetition falls out. Good news of what was told together with others (see
 * broadcast-ids.ts) moves no delivery: it is kept as proof that its call was taken, and waits for nobody.
 */
export const INSERT_RECEIPTS = `with news as (
    select *, attempt_id::text like '%-8000-8000-%' and state in ('accepted', 'sent', 'delivered', 'seen') as is_done
    from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::jsonb[])
      as r (provider, event_id, attempt_id, provider_message_id, state, reason, occurred_at, detail)),
  kept as (
    insert into receipts (provider, event_id, attempt_id, provider_message_id, state, reason, occurred_at, detail, applied_at)
    select provider, event_id, attempt_id, provider_message_id, state, reason, occurred_at,
      case when is_done then null else detail end, case when is_done then now() end from news
    on conflict (provider, event_id) do nothing returning 1),
  waking as (select pg_notify('receipts', '') from kept limit 1)
  select count(*) as count, (select count(*) from waking) as woken from kept`;

/**
 * The oldest that wait, with the attempt they speak of where there is one: by our own id, which came back with the
 * message, or by the carrier's. Two processes may find the same; the first to apply it has applied it.
 */
export const WAITING_RECEIPTS = `select r.id, r.provider, r.state, r.reason, r.occurred_at as "occurredAt", r.detail,
    r.provider_message_id as "providerMessageId", a.id as "attemptId", a.delivery_id as "deliveryId",
    p.address as "contactAddress"
  from (select * from receipts where applied_at is null and look_at <= now() order by look_at, id limit $1) r
  left join lateral (
    select t.id, t.delivery_id from attempts t where t.id = r.attempt_id
    union all
    select t.id, t.delivery_id from attempts t
    where t.provider = r.provider and t.provider_message_id = r.provider_message_id
    limit 1) a on true
  left join deliveries d on d.id = a.delivery_id
  left join contact_points p on p.id = d.contact_point_id
  order by r.id`;

/** $2 their attempts. What followed from them and where they went is forgotten with this. */
export const MARK_APPLIED = `update receipts r set applied_at = now(), attempt_id = n.attempt_id, detail = null
  from unnest($1::bigint[], $2::uuid[]) as n (id, attempt_id)
  where r.id = n.id and r.applied_at is null returning r.id`;

/**
 * Their attempt is not known, perhaps not yet: they are looked for again after 2 s, 20 s, 3 and 33 minutes and 6 hours,
 * and stay where they are after that. An address that was to be suppressed has been, and is forgotten.
 */
export const LOOK_LATER = `update receipts set looks = looks + 1, detail = detail - 'address' - 'suppress',
    look_at = case when looks < 5 then now() + interval '2 seconds' * power(10, looks) else 'infinity' end
  where id = any($1::bigint[])`;

/**
 * Whatever a carrier says of an attempt, it has taken the message. What ended ambiguous is known from here on, and a
 * delivery that would have gone again, or was given up for it, does not.
 */
export const PROVE_ACCEPTED = `with proven as (
    update attempts t set outcome = 'accepted', reason = '', provider_message_id = coalesce(t.provider_message_id, n.message)
    from unnest($1::uuid[], $2::text[]) as n (id, message)
    where t.id = n.id and t.outcome = 'ambiguous' returning t.delivery_id, t.provider_message_id)
  update deliveries d set state = 'accepted', reason = '', finished_at = now(),
    provider_message_id = coalesce(d.provider_message_id, proven.provider_message_id)
  from proven where d.id = proven.delivery_id and d.state in ('pending', 'retry', 'ambiguous', 'failed', 'expired')`;

/**
 * Moves deliveries' receipts up in rank ($4), never down. Of an attempt that another has followed only news that is
 * the customer's counts: that the message arrived, or what they thought of it.
 */
export const RAISE_RECEIPT = `with news as (
    select distinct on (a.delivery_id) a.delivery_id, n.state, n.at, array_position($4::text[], n.state) as rank
    from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as n (attempt_id, state, at)
    join attempts a on a.id = n.attempt_id join deliveries d on d.id = a.delivery_id
    where a.lease_epoch = d.lease_epoch or n.state in ('delivered', 'seen', 'complained')
    order by a.delivery_id, array_position($4::text[], n.state) desc nulls last)
  update deliveries d set receipt = news.state, receipt_at = news.at
  from news where d.id = news.delivery_id and news.rank > coalesce(array_position($4::text[], d.receipt), 0)`;

/** They have arrived: nothing is left to be sent. */
export const ARRIVED = `update deliveries d set state = 'accepted', reason = '', finished_at = now()
  from attempts a
  where a.id = any($1::uuid[]) and d.id = a.delivery_id and d.state in ('pending', 'retry', 'ambiguous', 'failed', 'expired')`;

/**
 * Accepted, and then not delivered: again through another carrier while the reason allows it ($2), there is time, and
 * not more than $3 attempts have come to this; otherwise given up, and the next step follows.
 * Nothing happens where another attempt is under way or the message has arrived after all.
 */
export const AFTER_FAILURE = `with failed as (
    select d.id, a.provider, $2::boolean and d.expires_at > now() and (
        select count(distinct r.attempt_id) from receipts r join attempts t on t.id = r.attempt_id
        where t.delivery_id = d.id and r.state in ('undelivered', 'bounced')) <= $3 as "goesAgain"
    from attempts a join deliveries d on d.id = a.delivery_id
    where a.id = $1 and a.lease_epoch = d.lease_epoch and d.state = 'accepted'
      and coalesce(d.receipt, '') not in ('delivered', 'seen') for update of d),
  settled as (
    update deliveries d set state = case when "goesAgain" then 'retry' else 'failed' end, reason = $4,
      not_before = case when "goesAgain" then now() + (case when d.lane = 'urgent' then $5::int else $6::int end) * interval '1 millisecond' else d.not_before end,
      finished_at = case when "goesAgain" then null else now() end, avoid_provider = f.provider
    from failed f where d.id = f.id returning d.lane)
  select pg_notify('deliveries', lane) from settled`;

/** How many of the newest messages to the contact point of a delivery came back in a row. */
export const UNDELIVERED_IN_A_ROW = `with point as (
    select contact_point_id as id from deliveries where id = $1 and contact_point_id is not null),
  newest as (
    select d.receipt, row_number() over (order by d.seq desc) as nth
    from point join deliveries d on d.contact_point_id = point.id where d.receipt is not null
    order by d.seq desc limit 50)
  select count(*) as count from newest
  where receipt = 'undelivered' and nth < coalesce((select min(nth) from newest where receipt <> 'undelivered'), 51)`;
