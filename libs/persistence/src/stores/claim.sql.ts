/**
 * One probe of the index for each channel: a channel whose carriers are away may have a million deliveries waiting, and
 * one scan of the lane would read them all to find the few of other channels behind them. Named for the test that shows
 * its plan.
 */
export const DUE = `select due.id from unnest($2::text[], $3::int[]) as wanted (channel, most)
  cross join lateral (
    select id, not_before from deliveries
    where lane = $1 and channel = wanted.channel and state in ('pending', 'retry') and not_before <= now() and expires_at > now()
    order by not_before limit wanted.most for update skip locked) due
  order by due.not_before limit $4`;

/** Codes prove an address that may be suppressed for now, and an answer is what the customer has just asked for. */
const SUPPRESSION = `select s.reason from suppressions s
    where s.channel = c.channel and s.address = p.address and s.lifted_at is null
      and (s.customer_id is null or s.customer_id = c.customer_id) and (s.topic is null or s.topic = n.topic)
      and n.kind not in ('verificationCode', 'answer')
    order by s.created_at limit 1`;

const FORMER = `select json_build_object('attemptId', a.id, 'provider', a.provider, 'providerMessageId', a.provider_message_id,
      'outcome', a.outcome, 'startedAt', extract(epoch from a.started_at)::float8 * 1000, 'askCount', a.ask_count,
      'hasReceipt', exists (select 1 from receipts r where r.attempt_id = a.id)) as attempt
    from attempts a where c.lease_epoch > 1 and a.delivery_id = c.id and a.lease_epoch < c.lease_epoch
    order by a.lease_epoch desc limit 1`;

export const CLAIM = `with due as (${DUE}),
  claimed as (
    update deliveries d set state = 'sending', lease_owner = $5, lease_until = now() + $6 * interval '1 millisecond',
      lease_epoch = d.lease_epoch + 1, attempt_no = d.attempt_no + 1, provider = $7::jsonb ->> d.channel
    from due where d.id = due.id returning d.*),
  attempted as (
    insert into attempts (id, delivery_id, attempt_no, lease_epoch, provider)
    select md5(id || ':' || lease_epoch)::uuid, id, attempt_no, lease_epoch, provider from claimed returning id, delivery_id)
  select c.id as "deliveryId", c.notification_id as "notificationId", a.id as "attemptId", c.attempt_no as "attemptNo", c.lease_epoch as "leaseEpoch",
    c.customer_id as "customerId", c.contact_point_id as "contactPointId", c.channel, c.lane, n.topic, n.kind, n.facts,
    case when c.channel = 'inbox' then c.customer_id
         when c.contact_point_id is null then 'public'
         when p.disabled_at is not null then null
         when p.verified_at is not null or n.kind = 'verificationCode' then p.address end as address,
    p.keys, coalesce(u.name, '') as name, coalesce(u.time_zone, 'UTC') as "timeZone", coalesce(u.language, 'en') as language,
    c.duplicate_possible as "duplicatePossible",
    extract(epoch from c.expires_at)::float8 * 1000 as "expiresAt",
    extract(epoch from n.caused_at)::float8 * 1000 as "causedAt",
    c.provider, c.reason as "waitedFor", coalesce(c.pinned_provider, p.provider) as "pinnedProvider", c.avoid_provider as "avoidProvider",
    f.attempt as former, t.policy ->> 'onAmbiguous' as "onAmbiguous", coalesce((t.policy ->> 'isCritical')::boolean, false) as "isCritical",
    s.reason as suppression, w.enabled is false as "switchedOff", c.deferred_by as "deferredBy",
    extract(epoch from l.resolved_at)::float8 * 1000 as "resolvedAt", l.resolved_value as "resolvedValue",
    h.sheet ->> 'whenOver' as "whenOver"
  from claimed c join attempted a on a.delivery_id = c.id join notifications n on n.id = c.notification_id
  left join contact_points p on p.id = c.contact_point_id left join customers u on u.id = c.customer_id
  left join topics t on t.name = n.topic
  left join preferences w on w.customer_id = c.customer_id and w.topic = n.topic and w.channel = c.channel
  left join alerts l on c.deferred_by is not null and l.id = n.alert_id
  left join preference_sheets h on c.deferred_by is not null and h.customer_id = c.customer_id
  left join lateral (${FORMER}) f on true
  left join lateral (${SUPPRESSION}) s on true
  order by c.not_before, c.seq`;

export const NEXT_DUE = `select extract(epoch from min(due.not_before) - now())::float8 * 1000 as ms
  from unnest($2::text[]) as wanted (channel)
  cross join lateral (
    select not_before from deliveries where lane = $1 and channel = wanted.channel and state in ('pending', 'retry')
      and expires_at > now()
    order by not_before limit 1) due`;
