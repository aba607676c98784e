import { isDeepStrictEqual } from 'node:util';
import type { Channel } from '@app/contracts';
import type { Database } from '../database';
import { audit } from './audit.store';
import { hintOf } from './address-hint.sql';
import {
  proveAnew,
  sendCode,
  verified,
  type CodeAndActor,
  type CodeToSend,
  type KeptContactPoint,
  type PointId,
} from './contact-proof';
import { lockCustomer } from './owned-instances';
import { replan } from './replan';

/** What stands between a contact point and its next code. */
export interface CodePosition {
  sentCount: number;
  sentAt: Date;
  expiresAt: Date;
}

/** How a code was taken. */
export type CodeVerdict =
  { kind: 'verified' } | { kind: 'wrong'; triesLeft: number } | { kind: 'noLiveCode' };

export type NewContactPoint = Pick<
  KeptContactPoint,
  'contactPointId' | 'customerId' | 'channel' | 'address' | 'keys'
>;

/** Customers' addresses and the codes that prove them. */
export class ContactBookStore {
  constructor(private readonly database: Database) {}

  async list(customerId: string): Promise<KeptContactPoint[]> {
    return this.database.query<KeptContactPoint>(`${POINTS} where customer_id = $1 order by created_at, id`, [
      customerId,
    ]);
  }

  async find(customerId: string, contactPointId: string): Promise<KeptContactPoint | null> {
    const [row] = await this.database.query<KeptContactPoint>(
      `${POINTS} where customer_id = $1 and id = $2`,
      [customerId, contactPointId],
    );
    return row ?? null;
  }

  /**
   * Adds an address and sends its first code in the same transaction. A push subscription that comes with other keys than
   * before takes these, and has to be proven anew: what was sealed for the old ones its browser cannot read.
   * @param asking `codeFor` makes the code of a contact point, the new one or the one that is there
   * @returns the one that is already there if it is, with `added` false; null if the customer has `max` of them
   */
  async add(
    point: NewContactPoint,
    { codeFor, actor }: { codeFor: (point: NewContactPoint) => CodeToSend; actor: string },
    max: number,
  ): Promise<{ added: boolean; point: KeptContactPoint } | null> {
    return this.database.transaction(async (transaction) => {
      const { contactPointId, customerId, channel, address, keys } = point;
      await lockCustomer(transaction, customerId);
      const points = await transaction.query<KeptContactPoint>(`${POINTS} where customer_id = $1`, [
        customerId,
      ]);
      const known = points.find((other) => other.channel === channel && other.address === address);
      if (known && keys && bringsOthers(known, keys)) {
        const proof = { code: codeFor(known), actor };
        return { added: false, point: await proveAnew(transaction, known, { keys }, proof) };
      }
      if (known) return { added: false, point: known };
      if (points.length >= max) return null;
      await transaction.query(
        `insert into contact_points (id, customer_id, channel, address, keys) values ($1, $2, $3, $4, $5)`,
        [contactPointId, customerId, channel, address, keys && JSON.stringify(keys)],
      );
      await sendCode(transaction, point, codeFor(point), 1);
      return { added: true, point: { ...point, verifiedAt: null, disabledAt: null, disabledReason: null } };
    });
  }

  /** @returns false if there was none */
  async remove(customerId: string, contactPointId: string, actor: string): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      await lockCustomer(transaction, customerId);
      const [gone] = await transaction.query<{ channel: Channel }>(
        `delete from contact_points where customer_id = $1 and id = $2 returning channel`,
        [customerId, contactPointId],
      );
      if (!gone) return false;
      await replan(transaction, customerId);
      const detail = { contactPointId, channel: gone.channel };
      await audit(transaction, [{ actor, action: 'contactPoint.removed', customerId, detail }]);
      return true;
    });
  }

  /**
   * Exchanges the keys of a contact point under its lock.
   * @param exchange returns the new ones, or throws to leave the old
   * @returns null if there is no such contact point
   */
  async exchangeKeys(
    customerId: string,
    contactPointId: string,
    exchange: (point: KeptContactPoint) => Record<string, string>,
  ): Promise<KeptContactPoint | null> {
    return this.database.transaction(async (transaction) => {
      const [point] = await transaction.query<KeptContactPoint>(
        `${POINTS} where customer_id = $1 and id = $2 for update`,
        [customerId, contactPointId],
      );
      if (!point) return null;
      const keys = exchange(point);
      await transaction.query('update contact_points set keys = $2 where id = $1', [
        contactPointId,
        JSON.stringify(keys),
      ]);
      return { ...point, keys };
    });
  }

  /**
   * Sends another code unless `refuse` says no; the last code stops counting. A contact point that was switched off is
   * switched on for it, and unproven until the code comes back.
   * @param refuse decides under a lock, so that two requests cannot both pass
   */
  async sendAnother<Refusal>(
    point: { contactPointId: string; customerId: string; channel: Channel },
    code: CodeToSend,
    refuse: (last: CodePosition | null) => Refusal | null,
  ): Promise<Refusal | null> {
    return this.database.transaction(async (transaction) => {
      await lockCustomer(transaction, point.customerId);
      const [last] = await transaction.query<CodePosition>(
        `select sent_count as "sentCount", sent_at as "sentAt", expires_at as "expiresAt"
         from verification_codes where contact_point_id = $1`,
        [point.contactPointId],
      );
      const refusal = refuse(last ?? null);
      if (refusal !== null) return refusal;
      await transaction.query(REVIVE, [point.contactPointId]);
      const live = last && last.expiresAt.getTime() > Date.now() ? last.sentCount : 0;
      await sendCode(transaction, point, code, live + 1);
      return null;
    });
  }

  /** Codes asked for by one customer since then, whatever happened to their contact points. */
  async codesSince(customerId: string, since: Date): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from notifications
       where customer_id = $1 and kind = 'verificationCode' and created_at > $2`,
      [customerId, since],
    );
    return row?.count ?? 0;
  }

  /** Takes one try, and verifies the contact point if the code is right. */
  async tryCode(
    { customerId, contactPointId }: PointId,
    codeHash: string,
    actor: string,
  ): Promise<CodeVerdict> {
    return this.database.transaction(async (transaction) => {
      await lockCustomer(transaction, customerId);
      const [tried] = await transaction.query<{ isRight: boolean; triesLeft: number }>(
        `update verification_codes set tries_left = tries_left - 1
         where contact_point_id = $1 and tries_left > 0 and expires_at > now()
         returning code_hash = $2 as "isRight", tries_left as "triesLeft"`,
        [contactPointId, codeHash],
      );
      if (!tried) return { kind: 'noLiveCode' };
      if (!tried.isRight) return { kind: 'wrong', triesLeft: tried.triesLeft };
      await verified(transaction, { customerId, contactPointId }, actor);
      return { kind: 'verified' };
    });
  }

  /** What a link in the newest message would verify; null once it was used, replaced or has run out. */
  async pointOfLink({ customerId, contactPointId }: PointId, linkHash: string): Promise<string | null> {
    const [row] = await this.database.query<{ hint: string }>(
      `select ${hintOf('p')} as hint from contact_points p join verification_codes v on v.contact_point_id = p.id
       where p.customer_id = $1 and p.id = $2 and v.link_hash = $3 and v.expires_at > now()`,
      [customerId, contactPointId, linkHash],
    );
    return row?.hint ?? null;
  }

  /** Verifies by the newest message's link, once. @returns false if it is not, or no more */
  async tryLink({ customerId, contactPointId }: PointId, linkHash: string): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      await lockCustomer(transaction, customerId);
      const found = await transaction.query(
        `select 1 from verification_codes v join contact_points p on p.id = v.contact_point_id
         where p.customer_id = $1 and p.id = $2 and v.link_hash = $3 and v.expires_at > now() for update of v`,
        [customerId, contactPointId, linkHash],
      );
      if (found.length === 0) return false;
      await verified(transaction, { customerId, contactPointId }, `link:${customerId}`);
      return true;
    });
  }

  /**
   * Gives a contact point another address, which has to be proven before anything goes there.
   * @returns null if the customer has that address already
   */
  async changeAddress(
    point: KeptContactPoint,
    address: string,
    proof: CodeAndActor,
  ): Promise<KeptContactPoint | null> {
    const { customerId, contactPointId, channel } = point;
    return this.database.transaction(async (transaction) => {
      await lockCustomer(transaction, customerId);
      const [taken] = await transaction.query(
        `select 1 from contact_points where customer_id = $1 and channel = $2 and address = $3 and id <> $4`,
        [customerId, channel, address, contactPointId],
      );
      if (taken) return null;
      return proveAnew(transaction, point, { address }, proof);
    });
  }
}

/** A web hook's keys are ours and stay; those of a push subscription are its browser's. */
function bringsOthers(known: KeptContactPoint, keys: Record<string, string>): boolean {
  return known.channel === 'push' && !isDeepStrictEqual(known.keys, keys);
}

const REVIVE = `update contact_points
  set verified_at = null, disabled_at = null, disabled_reason = null, failing_since = null
  where id = $1 and disabled_at is not null`;

const POINTS = `select id as "contactPointId", customer_id as "customerId", channel, address,
    verified_at as "verifiedAt", keys, disabled_at as "disabledAt", disabled_reason as "disabledReason" from contact_points`;
