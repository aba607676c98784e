import { sqlLedgerId } from './broadcast-ids';

const FACTS = `b.alert_seq as "alertSeq", b.batch, b.channel, b.language, b.page, b.first_seq as "firstSeq",
    b.last_seq as "lastSeq", b.people, b.attempt_no as "attemptNo", b.lease_epoch as "leaseEpoch",
    b.duplicate_possible as "duplicatePossible", extract(epoch from b.expires_at)::float8 * 1000 as "expiresAt",
    s.id as "serviceAlertId", s.topic, s.title, s.text, s.severity,
    extract(epoch from s.confirmed_at)::float8 * 1000 as "causedAt"`;

/**
 * The share of the service alert's row is what makes a pause exact: it waits for claims under way, each as short as this
 * statement, and those that come after it find another status. While somebody stops the service alert none of it is claimed:
 * a claim that waited for that with batches in its hands was waited for itself, and an admin's cancellation ended in a
 * deadlock.
 */
const claim = (wanted: string): string => `with due as (
    select b.alert_seq, b.batch from broadcast_batches b join service_alerts s on s.seq = b.alert_seq
    where b.state = 'pending' and b.not_before <= now() and b.expires_at > now() and s.status = 'sending' and ${wanted}
    order by b.not_before limit $1 for update of b skip locked for share of s skip locked),
  claimed as (
    update broadcast_batches b set state = 'sending', lease_owner = $2, lease_until = now() + $3 * interval '1 millisecond',
      lease_epoch = lease_epoch + 1, attempt_no = attempt_no + 1, provider = $4, reason = ''
    from due where b.alert_seq = due.alert_seq and b.batch = due.batch returning b.*)
  select ${FACTS} from claimed b join service_alerts s on s.seq = b.alert_seq`;

export const CLAIM_DUE = claim('b.channel = $5');
export const CLAIM_THESE = claim('b.alert_seq = $5 and b.batch = any($6::int[])');

/** Whom a batch is for, and why somebody must not be told any more: asked again after each wait. */
export const LOAD_BATCH = `select r.seq, r.customer_id as "customerId", r.contact_point_id as "contactPointId",
    case when p.verified_at is not null then p.address end as address, coalesce(c.name, '') as name,
    case when p.verified_at is null then 'contactPointGone'
         when p.disabled_at is not null then 'addressSuppressed'
         when exists (select 1 from suppressions x where x.lifted_at is null and x.channel = p.channel
           and x.address = p.address and (x.customer_id is null or x.customer_id = r.customer_id)
           and (x.topic is null or x.topic = $5)) then 'addressSuppressed'
         when coalesce((select (policy ->> 'isCritical')::boolean from topics where name = $5), false) then null
         when exists (select 1 from preferences f where f.customer_id = r.customer_id and f.topic = $5
           and f.channel = r.channel and not f.enabled) then 'switchedOff' end as withdrawn
  from broadcast_recipients r left join customers c on c.id = r.customer_id
  left join contact_points p on p.id = r.contact_point_id and p.customer_id = r.customer_id
  where r.alert_seq = $1 and r.seq between $2 and $3 and r.batch = $4 and r.state is null order by r.seq`;

/** Some leave the batch with a state of their own; the rest waits again at once, if anybody is left. */
export const SET_ASIDE = `with mine as (
    select alert_seq, batch from broadcast_batches
    where alert_seq = $1 and batch = $2 and lease_epoch = $3 and state = 'sending' for update),
  aside as (
    update broadcast_recipients r set state = $5, reason = a.reason from mine, unnest($4::bigint[], $6::text[]) as a (seq, reason)
    where r.alert_seq = mine.alert_seq and r.seq = a.seq and r.batch = mine.batch and r.state is null returning 1),
  counted as (select count(*)::int as people from aside)
  update broadcast_batches b set people = b.people - c.people,
    failed = b.failed + case when $5 = 'failed' then c.people else 0 end,
    withdrawn = b.withdrawn + case when $5 = 'withdrawn' then c.people else 0 end
  from mine, counted c where b.alert_seq = mine.alert_seq and b.batch = mine.batch returning b.people`;

/** One half stays, the other becomes a batch of its own; both wait. A batch of one cannot be halved. */
export const HALVE = `with mine as (
    select * from broadcast_batches
    where alert_seq = $1 and batch = $2 and lease_epoch = $3 and state = 'sending' and people > 1 for update),
  middle as (
    select r.seq from mine join broadcast_recipients r on r.alert_seq = mine.alert_seq and r.batch = mine.batch
    where r.seq between mine.first_seq and mine.last_seq and r.state is null
    order by r.seq offset (select people / 2 from mine) limit 1),
  new as (
    select max(b.batch) + 1 as batch from broadcast_batches b join mine on mine.alert_seq = b.alert_seq and mine.page = b.page),
  moved as (
    update broadcast_recipients r set batch = new.batch from mine, middle, new
    where r.alert_seq = mine.alert_seq and r.batch = mine.batch and r.seq between middle.seq and mine.last_seq and r.state is null
    returning 1),
  counted as (select count(*)::int as people from moved),
  made as (
    insert into broadcast_batches (alert_seq, batch, seq, channel, language, page, first_seq, last_seq, people, state,
      attempt_no, lease_epoch, expires_at, duplicate_possible)
    select mine.alert_seq, new.batch, nextval('deliveries_seq_seq'), channel, language, page, middle.seq, last_seq, counted.people,
      'pending', attempt_no - 1, lease_epoch, expires_at, duplicate_possible from mine, middle, new, counted)
  update broadcast_batches b set state = 'pending', people = b.people - counted.people, last_seq = middle.seq - 1,
    attempt_no = b.attempt_no - 1, lease_owner = null, lease_until = null
  from mine, middle, counted where b.alert_seq = mine.alert_seq and b.batch = mine.batch returning 1`;

/** A batch follows its lease alone, unless the provider took it after all. What comes back of a cancelled one stays. */
export const SETTLE = `update broadcast_batches b set
    state = case when $4 = 'pending' and s.status = 'cancelled' then 'cancelled' else $4 end,
    reason = case when $4 = 'pending' and s.status = 'cancelled' then 'serviceAlertCancelled' else $5 end,
    not_before = case when $4 = 'pending' then now() + $6 * interval '1 millisecond' else b.not_before end,
    attempt_no = b.attempt_no - $7, duplicate_possible = b.duplicate_possible or $8,
    provider_message_id = coalesce($9, b.provider_message_id), lease_owner = null, lease_until = null,
    finished_at = case when $4 = 'pending' and s.status <> 'cancelled' then null else now() end
  from service_alerts s
  where s.seq = b.alert_seq and b.alert_seq = $1 and b.batch = $2
    and (b.lease_epoch = $3 and b.state = 'sending'
      or $4 = 'accepted' and b.state in ('pending', 'sending', 'ambiguous', 'failed'))
  returning b.state`;

export const LATE = `select ${FACTS} from broadcast_batches b join service_alerts s on s.seq = b.alert_seq
  where b.state = 'sending' and b.lease_until < now() order by b.lease_until limit 1000`;

export const OVERDUE_BATCHES = `update broadcast_batches b set state = 'expired', reason = 'tookTooLong', finished_at = now()
  from service_alerts s where s.seq = b.alert_seq and s.status = 'sending' and b.state = 'pending' and b.expires_at <= now()
  returning 1`;

/**
 * SendGrid takes a call as a whole or not at all: an event of any of its people proves that it took it. Nothing was sent
 * a second time where there was one try only.
 */
export const RECONCILE = `update broadcast_batches b set state = 'accepted', reason = 'seenByProvider', finished_at = now(),
    lease_owner = null, lease_until = null, duplicate_possible = b.duplicate_possible and b.lease_epoch > 1
  where b.state in ('pending', 'ambiguous') and b.lease_epoch > 0 and exists (
    select 1 from generate_series(1, b.lease_epoch) as e (epoch) join receipts r on r.attempt_id between
      ${sqlLedgerId('b.alert_seq', 'e.epoch', 'b.first_seq')} and ${sqlLedgerId('b.alert_seq', 'e.epoch', 'b.last_seq')})
  returning 1`;

export const NEXT_DUE = `select extract(epoch from min(b.not_before) - now())::float8 * 1000 as ms
  from broadcast_batches b join service_alerts s on s.seq = b.alert_seq where b.state = 'pending' and s.status = 'sending'`;
