import type { Queryable } from '../database';

/**
 * Takes back what is planned for a customer and has not gone out, to be decided anew by what holds now: deliveries that
 * nobody has tried to send, notifications in digests that are still open, steps that follow. What they used of the caps is
 * given back. To be called whenever preferences, contact points, suppressions or the zone have changed, in the same
 * transaction and after the change; planners are woken as it commits, and the deliveries they make keep their ids.
 *
 * Moving the customer's epoch comes first: it waits for the plans that are just being saved and are therefore seen here,
 * and lets every plan that was made before fall out that is saved after. Locks are taken in the order customer, digests,
 * notifications, deliveries, as planners do.
 */
export async function replan(transaction: Queryable, customerId: string): Promise<void> {
  await transaction.query('update customers set plan_epoch = plan_epoch + 1 where id = $1', [customerId]);
  await transaction.query(LOCK_DIGESTS, [customerId]);
  const alerts = await transaction.query<{ id: string }>(LOCK_SERVICE_ALERTS, [customerId]);
  const found = await transaction.query<{ id: string }>(LOCK_NOTIFICATIONS, [customerId, alerts.map(idOf)]);
  if (found.length === 0) return;
  await transaction.query(TAKE_BACK, [customerId, found.map(idOf)]);
  await transaction.query(REMOVE_EMPTY, [customerId]);
}

function idOf({ id }: { id: string }): string {
  return id;
}

/** Each lock by a statement of its own: the next one then sees what those have written for whom this one waited. */
const LOCK_DIGESTS = `select id from digests where customer_id = $1 and state = 'open' order by id for update`;

const WAITING = `select notification_id from deliveries where customer_id = $1 and state = 'pending' and lease_epoch = 0
  union select i.notification_id from digest_items i join digests g on g.id = i.digest_id
  where g.customer_id = $1 and g.state = 'open'`;

/** One that is being cancelled at this moment is left as it is: nothing of it may come back after the cancellation. */
const LOCK_SERVICE_ALERTS = `select s.id from service_alerts s
  where s.id in (select n.service_alert_id from notifications n where n.id in (${WAITING})) and s.status <> 'cancelled'
  for share skip locked`;

const LOCK_NOTIFICATIONS = `select n.id from notifications n
  where n.id in (${WAITING}) and (n.service_alert_id is null or n.service_alert_id = any($2::uuid[]))
  order by n.id for no key update`;

/** What somebody is claiming at this moment is on its way and stays. */
const TAKE_BACK = `with waiting as (
    select id from deliveries
    where notification_id = any($2::uuid[]) and customer_id = $1 and state = 'pending' and lease_epoch = 0 for update skip locked),
  taken as (
    delete from deliveries d using waiting where d.id = waiting.id returning d.notification_id, d.counted),
  scattered as (
    delete from digest_items i using digests g
    where i.notification_id = any($2::uuid[]) and g.id = i.digest_id and g.customer_id = $1 and g.state = 'open'
    returning i.notification_id),
  again as (
    update notifications n set planned_at = null, replanned_at = now()
    where n.id in (select notification_id from taken union select notification_id from scattered) returning n.id),
  unfollowed as (
    delete from delivery_steps s using again where s.notification_id = again.id),
  given_back as (
    update cap_usage u set used = u.used - c.used
    from (
      select c.channel, c.span, to_timestamp(c."startsAt" / 1000.0) as starts_at, sum(c.used) as used
      from taken, jsonb_to_recordset(taken.counted) as c (channel text, span text, "startsAt" float8, used int)
      group by 1, 2, 3) c
    where u.customer_id = $1 and u.channel = c.channel and u.span = c.span and u.starts_at = c.starts_at)
  select pg_notify('notifications', '') from again limit 1`;

const REMOVE_EMPTY = `delete from digests g where customer_id = $1 and state = 'open'
  and not exists (select 1 from digest_items i where i.digest_id = g.id)`;
