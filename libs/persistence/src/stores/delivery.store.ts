import type { Channel, Lane, NotificationBody, SendOutcome } from '@app/contracts';
import type { Database } from '../database';

/** A delivery leased to this dispatcher, with all that sending needs. */
export interface ClaimedDelivery {
  deliveryId: string;
  notificationId: string;
  attemptId: string;
  attemptNo: number;
  leaseEpoch: number;
  channel: Channel;
  lane: Lane;
  topic: string;
  body: NotificationBody;
  /** Null where the contact point is gone, or has lost its verification, since it was planned. */
  address: string | null;
  recipient: { name: string; timeZone: string; language: string };
  /** An earlier attempt may have left after all. */
  duplicatePossible: boolean;
  /** Epoch ms. */
  expiresAt: number;
  causedAt: number;
}

/** Where a delivery goes after an attempt. */
export interface DeliverySettlement {
  state: 'accepted' | 'retry' | 'failed' | 'ambiguous';
  reason: string;
  /** Until the next try, by the database's clock; meaningful for `retry`. */
  waitMs: number;
  /** A throttled call gives its try back. */
  usedTry: boolean;
  duplicatePossible: boolean;
}

export interface ClaimRequest {
  lane: Lane;
  limit: number;
  owner: string;
  leaseMs: number;
  /** Provider that carries each channel, kept with the attempt. */
  providers: Record<Channel, string>;
}

/** The deliveries themselves are the queue: a lost wake-up loses nothing. */
export class DeliveryStore {
  constructor(private readonly database: Database) {}

  /** Leases due deliveries and writes their attempts, committed before anything is sent. */
  async claim(request: ClaimRequest): Promise<ClaimedDelivery[]> {
    const rows = await this.database.query<ClaimedRow>(CLAIM, [
      request.lane,
      request.limit,
      request.owner,
      request.leaseMs,
      JSON.stringify(request.providers),
    ]);
    return rows.map(({ kind, facts, name, timeZone, language, ...rest }) => ({
      ...rest,
      body: { kind, facts } as NotificationBody,
      recipient: { name, timeZone, language },
    }));
  }

  /** In how many ms the next delivery of a lane is due, by the database's clock; null if none waits. */
  async nextDueInMs(lane: Lane): Promise<number | null> {
    const [row] = await this.database.query<{ ms: number | null }>(
      `select extract(epoch from min(not_before) - now())::float8 * 1000 as ms
       from deliveries where lane = $1 and state in ('pending', 'retry') and expires_at > now()`,
      [lane],
    );
    return row?.ms ?? null;
  }

  /**
   * Writes how an attempt ended. The attempt always keeps its outcome; the delivery follows only while the
   * lease that made the attempt is still the current one, or if the message was accepted after all.
   * @returns false if the lease had been taken over
   */
  async record(
    claimed: ClaimedDelivery,
    outcome: SendOutcome,
    settlement: DeliverySettlement,
  ): Promise<boolean> {
    const [row] = await this.database.query<{ settled: boolean }>(RECORD, [
      claimed.attemptId,
      outcome.kind,
      outcome.kind === 'accepted' ? '' : outcome.reason,
      outcome.kind === 'accepted' ? outcome.providerMessageId : null,
      claimed.deliveryId,
      claimed.leaseEpoch,
      settlement.state,
      settlement.reason,
      settlement.waitMs,
      settlement.usedTry ? 0 : 1,
      settlement.duplicatePossible,
    ]);
    return row?.settled === true;
  }

  /**
   * Takes over leases that ran out: nobody knows whether those messages left. Where sending again shows one
   * message at most, or the lane prefers a second copy to none, they go again at once, marked; service alerts wait for a person.
   */
  async takeOverExpiredLeases(
    idempotentProviders: readonly string[],
  ): Promise<{ deliveryId: string; lane: Lane }[]> {
    return this.database.query(TAKE_OVER, [idempotentProviders]);
  }

  /** Ends deliveries whose time has passed before they could go. */
  async expireOverdue(lanes: readonly Lane[]): Promise<number> {
    const rows = await this.database.query(OVERDUE, [lanes]);
    return rows.length;
  }
}

type ClaimedRow = Omit<ClaimedDelivery, 'body' | 'recipient'> &
  ClaimedDelivery['recipient'] & { kind: string; facts: unknown };

/** Named for the test that shows its plan. */
export const DUE = `select id from deliveries
  where lane = $1 and state in ('pending', 'retry') and not_before <= now() and expires_at > now()
  order by not_before limit $2 for update skip locked`;

/** All lanes are named so that the index of what is due serves: an index of its own lured the claim away from it. */
export const OVERDUE = `update deliveries set state = 'expired', reason = 'tookTooLong', finished_at = now()
  where lane = any($1::text[]) and state in ('pending', 'retry') and expires_at <= now() returning 1`;

const CLAIM = `with due as (${DUE}),
  claimed as (
    update deliveries d set state = 'sending', lease_owner = $3, lease_until = now() + $4 * interval '1 millisecond',
      lease_epoch = d.lease_epoch + 1, attempt_no = d.attempt_no + 1, provider = $5::jsonb ->> d.channel
    from due where d.id = due.id returning d.*),
  attempted as (
    insert into attempts (id, delivery_id, attempt_no, lease_epoch, provider)
    select md5(id || ':' || lease_epoch)::uuid, id, attempt_no, lease_epoch, provider from claimed returning id, delivery_id)
  select c.id as "deliveryId", c.notification_id as "notificationId", a.id as "attemptId", c.attempt_no as "attemptNo", c.lease_epoch as "leaseEpoch",
    c.channel, c.lane, c.duplicate_possible as "duplicatePossible", n.topic, n.kind, n.facts,
    case when c.channel = 'inbox' then c.customer_id
         when c.contact_point_id is null then 'public'
         when p.verified_at is not null or n.kind = 'verificationCode' then p.address end as address,
    coalesce(u.name, '') as name, coalesce(u.time_zone, 'UTC') as "timeZone", coalesce(u.language, 'en') as language,
    extract(epoch from c.expires_at)::float8 * 1000 as "expiresAt",
    extract(epoch from n.caused_at)::float8 * 1000 as "causedAt"
  from claimed c join attempted a on a.delivery_id = c.id join notifications n on n.id = c.notification_id
  left join contact_points p on p.id = c.contact_point_id left join customers u on u.id = c.customer_id
  order by c.not_before, c.seq`;

const RECORD = `with attempt as (
    update attempts set ended_at = now(), outcome = $2, reason = $3, provider_message_id = $4 where id = $1),
  settled as (
    update deliveries set state = $7, reason = $8, not_before = case when $7 = 'retry' then now() + $9 * interval '1 millisecond' else not_before end,
      attempt_no = attempt_no - $10, duplicate_possible = duplicate_possible or $11, lease_owner = null, lease_until = null,
      provider_message_id = coalesce($4, provider_message_id),
      finished_at = case when $7 = 'retry' then null else now() end
    where id = $5 and (lease_epoch = $6 and state = 'sending' or $7 = 'accepted' and state in ('pending', 'sending', 'retry', 'ambiguous', 'failed'))
    returning 1)
  select exists (select 1 from settled) as settled`;

const TAKE_OVER = `with late as (
    select id, lane, provider, lease_epoch from deliveries where state = 'sending' and lease_until < now()
    order by lease_until limit 1000 for update skip locked),
  noted as (
    update attempts a set ended_at = now(), outcome = 'ambiguous', reason = 'leaseExpired'
    from late where a.delivery_id = late.id and a.lease_epoch = late.lease_epoch and a.outcome is null)
  update deliveries d set lease_owner = null, lease_until = null, not_before = now(), reason = 'leaseExpired',
    state = case when d.lane = 'bulk' and not (late.provider = any($1::text[])) then 'ambiguous' else 'retry' end,
    duplicate_possible = d.duplicate_possible or not (late.provider = any($1::text[]))
  from late where d.id = late.id returning d.id as "deliveryId", d.lane`;
