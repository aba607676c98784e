/** A lane's next page, in order. No lock is taken: two planners may plan the same page, and the first to save has planned it. */
const UNPLANNED = `select id as "notificationId", customer_id as "customerId", topic, lane, channels, kind, facts,
    alert_id as "alertId", extract(epoch from caused_at)::float8 * 1000 as "causedAt", step,
    replanned_at is not null as "isReplanned", seq
  from notifications where lane = $1 and planned_at is null order by seq limit $2`;

const CUSTOMERS = `array(select "customerId" from page)`;
const TOPICS = `array(select topic from page)`;
const RECOVERIES = `array(select "notificationId" from page where kind = 'alertRecovered' and "alertId" is not null)`;
const AGAIN = `array(select "notificationId" from page where "isReplanned")`;

/**
 * A firing was told on a way if its message left there, or will, as it is: not where the delivery came to nothing, and
 * not where it was held until after the end and therefore told of the end itself, alone or in a digest.
 */
const TOLD = `
  select r.id as "notificationId", d.channel || ':' || coalesce(d.contact_point_id::text, '') as way
  from notifications r join notifications n on n.alert_id = r.alert_id and n.kind in ('alertFired', 'alertLevel', 'alertUnstable')
  join deliveries d on d.notification_id = n.id
  where r.id = any(${RECOVERIES}) and d.state not in ('failed', 'expired', 'cancelled', 'withdrawn')
    and (d.deferred_by is null or exists (
      select 1 from attempts t where t.delivery_id = d.id and t.started_at < r.created_at))
  union
  select r.id, i.way
  from notifications r join notifications n on n.alert_id = r.alert_id and n.kind in ('alertFired', 'alertLevel', 'alertUnstable')
  join digest_items i on i.notification_id = n.id and i.outcome = 'told'
  where r.id = any(${RECOVERIES})`;

const TAKEN = `
  select d.notification_id as "notificationId", d.channel || ':' || coalesce(d.contact_point_id::text, '') as way
  from deliveries d join notifications n on n.id = d.notification_id and d.step >= n.step
  where d.notification_id = any(${AGAIN})
  union
  select notification_id, way from digest_items where notification_id = any(${AGAIN})`;

/**
 * A lane's next page and all that planning asks about the people behind it, in one trip and as of one moment.
 *
 * The age of cap usage is computed so that no index serves it: by age Postgres read what everybody had used today for each
 * page, 280 ms of it after 30,000 notifications.
 *
 * $1 lane, $2 how many at most.
 */
export const PAGE_TO_PLAN = `with page as materialized (${UNPLANNED})
  select
    (select coalesce(json_agg(p order by seq), '[]') from page p) as page,
    (select coalesce(json_agg(json_build_object('id', c.id, 'name', name, 'timeZone', time_zone, 'language', language,
       'planEpoch', plan_epoch, 'sheet', coalesce(s.sheet, '{}'), 'sheetVersion', coalesce(s.version, 0))), '[]')
     from customers c left join preference_sheets s on s.customer_id = c.id where c.id = any(${CUSTOMERS})) as customers,
    (select coalesce(json_agg(json_build_object('contactPointId', id, 'customerId', customer_id, 'channel', channel,
       'address', address, 'verifiedAt', verified_at, 'keys', keys, 'provider', provider) order by created_at, id), '[]')
     from contact_points where customer_id = any(${CUSTOMERS})) as "contactPoints",
    (select coalesce(json_agg(json_build_object('customerId', customer_id, 'topic', topic, 'channel', channel,
       'enabled', enabled)), '[]')
     from preferences where customer_id = any(${CUSTOMERS})) as preferences,
    (select coalesce(json_agg(s), '[]') from (
       select p.id as "contactPointId", s.topic, s.reason from contact_points p
       join suppressions s on s.channel = p.channel and s.address = p.address and s.lifted_at is null
         and (s.customer_id is null or s.customer_id = p.customer_id)
       where p.customer_id = any(${CUSTOMERS})
       union all
       select id, null, coalesce(disabled_reason, 'disabled') from contact_points
       where customer_id = any(${CUSTOMERS}) and disabled_at is not null) s) as suppressed,
    (select coalesce(json_agg(json_build_object('customerId', customer_id, 'channel', channel, 'span', span,
       'startsAt', extract(epoch from starts_at)::float8 * 1000, 'used', used)), '[]')
     from cap_usage where customer_id = any(${CUSTOMERS}) and starts_at + interval '26 hours' > now()) as used,
    (select coalesce(json_agg(policy || jsonb_build_object('topic', name)), '[]') from topics where name = any(${TOPICS})) as policies,
    (select coalesce(json_agg(t), '[]') from (${TOLD}) t) as told,
    (select coalesce(json_agg(t), '[]') from (${TAKEN}) t) as taken`;
