import type { Channel, SuppressionReason } from '@app/contracts';
import type { Database, Queryable } from '../database';
import { hintOf } from './address-hint.sql';
import { audit } from './audit.store';
import { replan } from './replan';
import { suppress, type SuppressionWish } from './suppress';

/** An address that nothing goes to, as its owner and admins see it. */
export interface SuppressionRecord {
  suppressionId: string;
  channel: Channel;
  addressHint: string;
  /** Null: it holds for whoever has the address. */
  customerId: string | null;
  /** Null: all topics. */
  topic: string | null;
  reason: SuppressionReason;
  source: string;
  createdAt: Date;
  appealedAt: Date | null;
  /** The customer's own words. */
  appeal: string | null;
  liftedAt: Date | null;
  liftedBy: string | null;
}

/** Why and by whom a suppression ends. */
export interface Lifting {
  actor: string;
  why: string;
}

/** Addresses that nothing goes to: by the law, by their owner's wish, or because nothing arrives. */
export class SuppressionStore {
  constructor(private readonly database: Database) {}

  /** @returns false where the same suppression is active already */
  async suppress(wish: SuppressionWish): Promise<boolean> {
    return this.database.transaction(async (transaction) => (await suppress(transaction, wish)) !== null);
  }

  /** Active ones of the addresses that a customer has proven, or that were made for the customer alone. */
  async ofCustomer(customerId: string): Promise<SuppressionRecord[]> {
    return this.database.query<SuppressionRecord>(
      `${RECORDS} where s.lifted_at is null and ${CONCERNS} order by s.created_at, s.id`,
      [customerId],
    );
  }

  /** Newest first, before the given place. */
  async list(
    filter: { appealed: boolean; active: boolean },
    before: { at: Date; id: string } | null,
    limit: number,
  ): Promise<SuppressionRecord[]> {
    return this.database.query<SuppressionRecord>(
      `${RECORDS} where (not $1 or s.appealed_at is not null) and (not $2 or s.lifted_at is null)
         and ($3::timestamptz is null or (date_trunc('milliseconds', s.created_at), s.id) < ($3, $4::uuid))
       order by date_trunc('milliseconds', s.created_at) desc, s.id desc limit $5`,
      [filter.appealed, filter.active, before?.at ?? null, before?.id ?? null, limit],
    );
  }

  async find(suppressionId: string): Promise<SuppressionRecord | null> {
    const [row] = await this.database.query<SuppressionRecord>(`${RECORDS} where s.id = $1`, [suppressionId]);
    return row ?? null;
  }

  /**
   * Keeps a customer's words against it for an admin to decide.
   * @returns null if there is no such suppression of an address of theirs
   */
  async appeal(
    customerId: string,
    suppressionId: string,
    { actor, text }: { actor: string; text: string },
  ): Promise<SuppressionRecord | null> {
    return this.database.transaction(async (transaction) => {
      const [found] = await transaction.query(
        `update suppressions s set appealed_at = now(), appeal = $3
         where s.id = $2 and s.lifted_at is null and ${CONCERNS} returning 1`,
        [customerId, suppressionId, text],
      );
      if (!found) return null;
      await audit(transaction, [
        { actor, action: 'suppression.appealed', customerId, detail: { suppressionId } },
      ]);
      const [record] = await transaction.query<SuppressionRecord>(`${RECORDS} where s.id = $1`, [
        suppressionId,
      ]);
      return record ?? null;
    });
  }

  /** @returns false if it is not active */
  async lift(suppressionId: string, lifting: Lifting): Promise<boolean> {
    return (await this.liftWhere('s.id = $1', [suppressionId], lifting)) > 0;
  }

  /** Ends what the owner of a number asked for by text; a complaint or a dead number stays. */
  async liftOptOutsByText(address: string, lifting: Lifting): Promise<number> {
    return this.liftWhere(
      `s.channel = 'sms' and s.address = $1 and s.reason = 'optedOut'`,
      [address],
      lifting,
    );
  }

  /** Takes back what a link has done: its customer's own wish and nothing else. */
  async liftOptOutByLink(
    { customerId, channel, address, topic }: LinkOptOut,
    lifting: Lifting,
  ): Promise<number> {
    return this.liftWhere(
      `s.customer_id = $1 and s.channel = $2 and s.address = $3 and s.topic is not distinct from $4
         and s.reason = 'optedOut' and s.source like 'link:%'`,
      [customerId, channel, address, topic],
      lifting,
    );
  }

  private async liftWhere(condition: string, values: readonly unknown[], lifting: Lifting): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const lifted = await transaction.query<Lifted>(
        `update suppressions s set lifted_at = now(), lifted_by = $${values.length + 1}
         where ${condition} and s.lifted_at is null
         returning s.id as "suppressionId", s.channel, s.address, s.customer_id as "customerId", s.reason`,
        [...values, lifting.actor],
      );
      await afterLifting(transaction, lifted, lifting);
      return lifted.length;
    });
  }
}

export interface LinkOptOut {
  customerId: string;
  channel: Channel;
  address: string;
  topic: string | null;
}

interface Lifted {
  suppressionId: string;
  channel: Channel;
  address: string;
  customerId: string | null;
  reason: string;
}

async function afterLifting(
  transaction: Queryable,
  lifted: readonly Lifted[],
  { actor, why }: Lifting,
): Promise<void> {
  const owners = await transaction.query<{ customerId: string }>(
    `select distinct p.customer_id as "customerId" from contact_points p
     join unnest($1::text[], $2::text[], $3::text[]) as s (channel, address, customer_id)
       on s.channel = p.channel and s.address = p.address and (s.customer_id is null or s.customer_id = p.customer_id)
     order by 1`,
    [lifted.map((one) => one.channel), lifted.map((one) => one.address), lifted.map((one) => one.customerId)],
  );
  for (const { customerId } of owners) await replan(transaction, customerId);
  await audit(
    transaction,
    lifted.map(({ suppressionId, channel, customerId, reason }) => ({
      actor,
      action: 'suppression.lifted',
      customerId,
      detail: { suppressionId, channel, reason, why },
    })),
  );
}

/** Of an address that is not proven nobody may learn what others asked for. */
const CONCERNS = `(s.customer_id = $1 or s.customer_id is null and exists (
    select 1 from contact_points p where p.customer_id = $1 and p.channel = s.channel and p.address = s.address
      and p.verified_at is not null))`;

const RECORDS = `select s.id as "suppressionId", s.channel, ${hintOf('s')} as "addressHint", s.customer_id as "customerId",
    s.topic, s.reason, s.source, s.created_at as "createdAt", s.appealed_at as "appealedAt", s.appeal,
    s.lifted_at as "liftedAt", s.lifted_by as "liftedBy"
  from suppressions s`;
