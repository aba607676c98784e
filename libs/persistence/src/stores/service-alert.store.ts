import type { Severity } from '@app/contracts';
import type { Database, Queryable } from '../database';
import { audienceQuery, type Audience } from './audience';
import { freeze } from './broadcast-control.sql';

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
export type ServiceAlertStatus = 'draft' | 'sending' | 'paused' | 'completed' | 'cancelled';

export interface ServiceAlertRecord extends ServiceAlertDraft {
  seq: number;
  status: ServiceAlertStatus;
  createdAt: Date;
  confirmedAt: Date | null;
  pausedAt: Date | null;
  cancelledAt: Date | null;
}

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

  /** Keeps the audience as it is now, person by person, if it still has as many as were confirmed. */
  async confirm(serviceAlertId: string, people: number): Promise<Confirmed> {
    try {
      return await this.database.transaction(async (transaction) => {
        const [draft] = await transaction.query<ServiceAlertRecord>(
          `${ALERTS} where s.id = $1 for update of s`,
          [serviceAlertId],
        );
        if (draft?.status !== 'draft') return { kind: 'notADraft' };
        const frozen = await freezeAudience(transaction, draft);
        if (frozen !== people) throw new AudienceChanged(frozen);
        if (draft.publicPost) await notifyPublic(transaction, draft);
        await transaction.query(
          `update service_alerts set status = 'sending', confirmed_at = now(), people = $2 where id = $1`,
          [serviceAlertId, people],
        );
        if (draft.publicPost) await transaction.query(`select pg_notify('notifications', '')`);
        await transaction.query(`select pg_notify('broadcasts', '')`);
        return { kind: 'confirmed' };
      });
    } catch (error) {
      if (error instanceof AudienceChanged) return { kind: 'audienceChanged', people: error.people };
      throw error;
    }
  }
}

async function freezeAudience(transaction: Queryable, draft: ServiceAlertRecord): Promise<number> {
  const { sql, values } = audienceQuery(draft.audience, 1);
  const [row] = await transaction.query<{ people: number }>(freeze(sql), [draft.seq, ...values]);
  return row?.people ?? 0;
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
    s.confirmed_at as "confirmedAt", s.paused_at as "pausedAt", s.cancelled_at as "cancelledAt",
    case when s.status = 'sending' and not exists (
        select 1 from broadcast_pages p where p.alert_seq = s.seq and p.state = 'waiting')
      and not exists (
        select 1 from broadcast_batches b where b.alert_seq = s.seq and b.state in ('pending', 'sending'))
      and not exists (
        select 1 from notifications n where n.service_alert_id = s.id and n.planned_at is null)
      and not exists (
        select 1 from notifications n join deliveries d on d.notification_id = n.id
        where n.service_alert_id = s.id and d.state in ('pending', 'retry', 'sending'))
      then 'completed' else s.status end as status
  from service_alerts s`;
