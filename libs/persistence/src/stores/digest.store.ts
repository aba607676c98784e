import type { Channel, DigestFacts, NotificationBody, PreferenceSheet } from '@app/contracts';
import type { Database, Queryable } from '../database';

/** A digest that takes nothing more, with all that came together in it. */
export interface ClosedDigest {
  digestId: string;
  customerId: string;
  topic: string;
  channel: Channel;
  contactPointId: string | null;
  because: DigestFacts['because'];
  whenOver: PreferenceSheet['whenOver'] | null;
  /** In the order in which they happened; empty where all of them were planned anew. */
  items: GatheredItem[];
}

export interface GatheredItem {
  notificationId: string;
  way: string;
  body: NotificationBody;
  /** Epoch ms. */
  causedAt: number;
  /** Of the alert it tells of; epoch ms, null while it is open or where there is none. */
  resolvedAt: number | null;
  /** Its service alert was cancelled meanwhile. */
  isCancelled: boolean;
}

/** What a closed digest comes to. */
export interface ToldDigest {
  digestId: string;
  customerId: string;
  topic: string;
  channel: Channel;
  /** Null where nothing of it holds any more. */
  notification: { notificationId: string; facts: DigestFacts } | null;
  /** What became of each of its items; a reason where one was left out. */
  outcomes: {
    notificationId: string;
    way: string;
    outcome: 'told' | 'reworded' | 'leftOut';
    reason: string | null;
  }[];
}

/** Digests: filled by plans (`SAVE_PLAN`), emptied by `replan`, closed here. */
export class DigestStore {
  constructor(private readonly database: Pick<Database, 'transaction'>) {}

  /**
   * Closes digests whose time has come and turns each into one notification, in one transaction. One that another closer
   * is at, or a planner is adding to, is left for the next time.
   *
   * Their items are read by a second statement: the first may have waited for nobody, but may also have taken a digest
   * just after a planner added to it, and would not see that item yet.
   * @param now epoch ms
   * @param tell pure; called once with all that closed
   * @returns how many closed
   */
  async closeDue(
    now: number,
    limit: number,
    tell: (closed: readonly ClosedDigest[]) => ToldDigest[],
  ): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const digests = await transaction.query<DigestRow>(CLOSE, [now, limit]);
      if (digests.length === 0) return 0;
      const items = await transaction.query<ItemRow>(ITEMS, [digests.map((digest) => digest.digestId)]);
      const itemsOf = Map.groupBy(items, (item) => item.digestId);
      const closed = digests.map((digest) => ({
        ...digest,
        items: (itemsOf.get(digest.digestId) ?? []).map(toItem),
      }));
      await save(transaction, tell(closed), now);
      return digests.length;
    });
  }
}

async function save(transaction: Queryable, told: readonly ToldDigest[], now: number): Promise<void> {
  const notifications = told.flatMap(({ notification, customerId, topic, channel }) =>
    notification ? [{ ...notification, customerId, topic, channel }] : [],
  );
  const outcomes = told.flatMap((digest) => digest.outcomes);
  await transaction.query(TELL, [
    JSON.stringify(notifications),
    JSON.stringify(outcomes),
    now,
    told.map((digest) => digest.digestId),
  ]);
}

type DigestRow = Omit<ClosedDigest, 'items'>;
type ItemRow = Omit<GatheredItem, 'body'> & { digestId: string; kind: string; facts: unknown };

function toItem({ kind, facts, digestId: _, ...item }: ItemRow): GatheredItem {
  return { ...item, body: { kind, facts } as NotificationBody };
}

/** Named for the test that shows its plan. */
export const DUE_DIGESTS = `select id from digests where state = 'open' and closes_at <= to_timestamp($1::float8 / 1000.0)
  order by closes_at limit $2 for update skip locked`;

const CLOSE = `with due as (${DUE_DIGESTS})
  update digests g set state = 'closed', closed_at = now() from due where g.id = due.id and g.state = 'open'
  returning g.id as "digestId", g.customer_id as "customerId", topic, channel, contact_point_id as "contactPointId", because,
    (select sheet ->> 'whenOver' from preference_sheets s where s.customer_id = g.customer_id) as "whenOver"`;

const ITEMS = `select i.digest_id as "digestId", i.notification_id as "notificationId", i.way, n.kind, n.facts,
    extract(epoch from n.caused_at)::float8 * 1000 as "causedAt",
    extract(epoch from a.resolved_at)::float8 * 1000 as "resolvedAt", coalesce(s.status = 'cancelled', false) as "isCancelled"
  from digest_items i join notifications n on n.id = i.notification_id
  left join alerts a on a.id = n.alert_id left join service_alerts s on s.id = n.service_alert_id
  where i.digest_id = any($1::uuid[]) order by i.digest_id, i.seq`;

/**
 * A digest goes in lane bulk: all that close at eight in the morning must not stand before one alert. One that came to be
 * empty is removed, since nothing was told in its window.
 */
const TELL = `with made as (
    insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
    select n."notificationId", n."customerId", n.topic, 'bulk', array[n.channel], 'digest', n.facts,
      to_timestamp($3::float8 / 1000.0)
    from json_to_recordset($1) as n ("notificationId" uuid, "customerId" text, topic text, channel text, facts jsonb)
    on conflict (id) do nothing returning id),
  outcomes as (
    select * from json_to_recordset($2) as o ("notificationId" uuid, way text, outcome text, reason text)),
  noted as (
    update digest_items i set outcome = o.outcome from outcomes o
    where i.notification_id = o."notificationId" and i.way = o.way),
  left_out as (
    insert into decisions (notification_id, channel, contact_point_id, decision, reason)
    select "notificationId", split_part(way, ':', 1), nullif(split_part(way, ':', 2), '')::uuid, 'withdrawn', reason
    from outcomes where outcome = 'leftOut'),
  removed as (
    delete from digests g where g.id = any($4::uuid[]) and not exists (select 1 from digest_items i where i.digest_id = g.id))
  select count(pg_notify('notifications', '')) as woken from (select 1 from made limit 1) as one`;
