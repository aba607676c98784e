import type { Channel, DeliveryState, Severity } from '@app/contracts';
import type { Database, Queryable } from '../database';
import { audienceQuery, type Audience, type AudienceMember } from './audience';

export interface ServiceAlertDraft {
  serviceAlertId: string;
  title: string;
  text: string;
  severity: Severity;
  topic: string;
  audience: Audience;
  publicPost: boolean;
  createdBy: string;
}

/** `completed` is not kept but seen: everything of it has ended one way or another. */
export type ServiceAlertStatus = 'draft' | 'sending' | 'completed' | 'cancelled';

export interface ServiceAlertRecord extends ServiceAlertDraft {
  seq: number;
  status: ServiceAlertStatus;
  createdAt: Date;
  confirmedAt: Date | null;
  cancelledAt: Date | null;
}

export interface ServiceAlertProgress {
  /** Customers it was confirmed for. */
  people: number;
  /** One for each of them, and one for the public post. */
  notifications: number;
  /** Of these, not yet planned. */
  waiting: number;
  byChannel: Partial<Record<Channel, Partial<Record<DeliveryState, number>>>>;
}

export interface Cancelled {
  /** Messages and not yet planned notifications that will not go out. */
  cancelled: number;
  alreadyAccepted: number;
  /** Being handed over at this moment; they cannot be called back, and will not be tried again. */
  inFlight: number;
}

export type CancelOutcome =
  { kind: 'cancelled'; counts: Cancelled } | { kind: 'cancelledAlready' } | { kind: 'completed' };

export type Confirmed =
  { kind: 'confirmed' } | { kind: 'notADraft' } | { kind: 'audienceChanged'; people: number };

class AudienceChanged extends Error {
  constructor(readonly people: number) {
    super('the audience is another than the one confirmed');
  }
}

/** What admins tell many customers; set-based, since an audience may be everybody. */
export class ServiceAlertStore {
  constructor(private readonly database: Database) {}

  /** Saving the same id again changes nothing. */
  async create(draft: ServiceAlertDraft): Promise<void> {
    const { serviceAlertId, title, text, severity, topic, audience, publicPost, createdBy } = draft;
    await this.database.query(
      `insert into service_alerts (id, title, text, severity, topic, audience, public_post, status, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, 'draft', $8) on conflict (id) do nothing`,
      [serviceAlertId, title, text, severity, topic, JSON.stringify(audience), publicPost, createdBy],
    );
  }

  async find(serviceAlertId: string): Promise<ServiceAlertRecord | null> {
    const [row] = await this.database.query<ServiceAlertRecord>(`${ALERTS} where s.id = $1`, [
      serviceAlertId,
    ]);
    return row ?? null;
  }

  /** Newest first, below the given place. */
  async list(before: number, limit: number): Promise<ServiceAlertRecord[]> {
    return this.database.query<ServiceAlertRecord>(
      `${ALERTS} where s.seq < $1 order by s.seq desc limit $2`,
      [before, limit],
    );
  }

  async countPeople(audience: Audience): Promise<number> {
    const { sql, values } = audienceQuery(audience, 0);
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from (${sql}) a`,
      values,
    );
    return row?.count ?? 0;
  }

  /** A page of the audience by customer id, after the given one. */
  async members(audience: Audience, after: string, limit: number): Promise<AudienceMember[]> {
    const { sql, values } = audienceQuery(audience, 2);
    return this.database.query<AudienceMember>(
      `select c.id as "customerId",
         (select coalesce(jsonb_agg(jsonb_build_object('contactPointId', p.id, 'customerId', p.customer_id,
            'channel', p.channel, 'address', p.address, 'verifiedAt', p.verified_at) order by p.created_at, p.id), '[]')
          from contact_points p where p.customer_id = c.id) as "contactPoints",
         (select coalesce(jsonb_agg(jsonb_build_object('topic', f.topic, 'channel', f.channel, 'enabled', f.enabled)), '[]')
          from preferences f where f.customer_id = c.id) as preferences
       from (select id from (${sql}) a where id > $1 order by id limit $2) c order by c.id`,
      [after, limit, ...values],
    );
  }

  /** Turns a draft into one notification for each person, if the audience still has as many as were confirmed. */
  async confirm(serviceAlertId: string, people: number): Promise<Confirmed> {
    try {
      return await this.database.transaction(async (transaction) => {
        const [draft] = await transaction.query<ServiceAlertRecord>(
          `${ALERTS} where s.id = $1 for update of s`,
          [serviceAlertId],
        );
        if (draft?.status !== 'draft') return { kind: 'notADraft' };
        const notified = await notifyAudience(transaction, draft);
        if (notified !== people) throw new AudienceChanged(notified);
        if (draft.publicPost) await notifyPublic(transaction, draft);
        await transaction.query(
          `update service_alerts set status = 'sending', confirmed_at = now() where id = $1`,
          [serviceAlertId],
        );
        await transaction.query(`select pg_notify('notifications', '')`);
        return { kind: 'confirmed' };
      });
    } catch (error) {
      if (error instanceof AudienceChanged) return { kind: 'audienceChanged', people: error.people };
      throw error;
    }
  }

  /**
   * Stops what has not gone out. Notifications first: once they all count as planned no delivery can join.
   * What is being sent keeps its lease but loses its time, so that it is not tried again.
   * Where all of it has ended there is nothing to stop, and nothing changes.
   */
  async cancel(serviceAlertId: string): Promise<CancelOutcome> {
    return this.database.transaction(async (transaction) => {
      const [kept] = await transaction.query<{ status: string }>(
        'select status from service_alerts where id = $1 for update',
        [serviceAlertId],
      );
      if (!kept || kept.status === 'cancelled') return { kind: 'cancelledAlready' };
      const [unplanned] = await transaction.query<{ count: number }>(CANCEL_UNPLANNED, [serviceAlertId]);
      const rows = await transaction.query<{ state: string; count: number }>(CANCEL_DELIVERIES, [
        serviceAlertId,
      ]);
      const count = (state: string): number => rows.find((row) => row.state === state)?.count ?? 0;
      const counts = {
        cancelled: (unplanned?.count ?? 0) + count('cancelled'),
        alreadyAccepted: count('accepted'),
        inFlight: count('sending'),
      };
      if (kept.status === 'sending' && counts.cancelled + counts.inFlight === 0) return { kind: 'completed' };
      await transaction.query(
        `update service_alerts set status = 'cancelled', cancelled_at = now() where id = $1`,
        [serviceAlertId],
      );
      return { kind: 'cancelled', counts };
    });
  }

  /** By service alert; those that were never confirmed are left out. */
  async progressOf(serviceAlertIds: readonly string[]): Promise<Map<string, ServiceAlertProgress>> {
    const rows = await this.database.query<{ id: string } & ServiceAlertProgress>(PROGRESS, [
      serviceAlertIds,
    ]);
    return new Map(rows.map(({ id, ...progress }) => [id, progress]));
  }
}

async function notifyAudience(transaction: Queryable, draft: ServiceAlertRecord): Promise<number> {
  const { sql, values } = audienceQuery(draft.audience, 3);
  const [row] = await transaction.query<{ count: number }>(
    `with told as (
       insert into notifications (id, customer_id, topic, lane, kind, facts, service_alert_id, caused_at)
       select md5($1::text || ':' || a.id)::uuid, a.id, $2, 'bulk', 'serviceAlert', $3::jsonb, $1::uuid, now()
       from (${sql}) a returning 1)
     select count(*) as count from told`,
    [draft.serviceAlertId, draft.topic, factsOf(draft), ...values],
  );
  return row?.count ?? 0;
}

async function notifyPublic(transaction: Queryable, draft: ServiceAlertRecord): Promise<void> {
  await transaction.query(
    `insert into notifications (id, customer_id, topic, lane, channels, kind, facts, service_alert_id, caused_at)
     values (md5($1::text || ':public')::uuid, null, $2, 'bulk', '{social}', 'serviceAlert', $3::jsonb, $1::uuid, now())`,
    [draft.serviceAlertId, draft.topic, factsOf(draft)],
  );
}

function factsOf({ serviceAlertId, title, text, severity }: ServiceAlertRecord): string {
  return JSON.stringify({ serviceAlertId, title, text, severity });
}

const ALERTS = `select s.seq, s.id as "serviceAlertId", s.title, s.text, s.severity, s.topic, s.audience,
    s.public_post as "publicPost", s.created_by as "createdBy", s.created_at as "createdAt",
    s.confirmed_at as "confirmedAt", s.cancelled_at as "cancelledAt",
    case when s.status = 'sending' and not exists (
        select 1 from notifications n where n.service_alert_id = s.id and n.planned_at is null)
      and not exists (
        select 1 from notifications n join deliveries d on d.notification_id = n.id
        where n.service_alert_id = s.id and d.state in ('pending', 'retry', 'sending'))
      then 'completed' else s.status end as status
  from service_alerts s`;

const CANCEL_UNPLANNED = `with stopped as (
    update notifications set planned_at = now()
    where service_alert_id = $1 and planned_at is null returning id),
  noted as (
    insert into decisions (notification_id, decision, reason)
    select id, 'cancelled', 'serviceAlertCancelled' from stopped)
  select count(*) as count from stopped`;

const CANCEL_DELIVERIES = `with mine as (
    select d.id from deliveries d join notifications n on n.id = d.notification_id where n.service_alert_id = $1),
  stopped as (
    update deliveries d set
      state = case when d.state = 'sending' then d.state else 'cancelled' end,
      finished_at = case when d.state = 'sending' then null else now() end,
      expires_at = case when d.state = 'sending' then now() else d.expires_at end,
      reason = 'serviceAlertCancelled'
    from mine where d.id = mine.id and d.state in ('pending', 'retry', 'sending') returning d.state)
  select state, count(*) as count from stopped group by state
  union all
  select 'accepted', count(*) from deliveries d join mine on mine.id = d.id where d.state = 'accepted'`;

const PROGRESS = `with told as (
    select id, service_alert_id, customer_id, planned_at from notifications
    where service_alert_id = any($1::uuid[])),
  counted as (
    select t.service_alert_id, d.channel, d.state, count(*) as count
    from told t join deliveries d on d.notification_id = t.id group by 1, 2, 3),
  channels as (
    select service_alert_id, channel, jsonb_object_agg(state, count) as states from counted group by 1, 2)
  select t.service_alert_id as id, count(t.customer_id) as people, count(*) as notifications,
    count(*) filter (where t.planned_at is null) as waiting,
    coalesce((select jsonb_object_agg(c.channel, c.states) from channels c
      where c.service_alert_id = t.service_alert_id), '{}') as "byChannel"
  from told t group by t.service_alert_id`;
