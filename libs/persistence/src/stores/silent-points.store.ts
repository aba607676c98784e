import type { Database } from '../database';
import { hintOf } from './address-hint.sql';
import { audit } from './audit.store';
import { lockCustomer } from './owned-instances';
import { replan } from './replan';

/** Numbers are given to other people; mail boxes and accounts seldom are. */
const CHANNELS_GIVEN_ON = ['sms', 'voice'];
const AT_ONCE = 500;

/** Takes the proof from numbers that nothing was sent to for so long that they may be somebody else's. */
export class SilentPointsStore {
  constructor(private readonly database: Database) {}

  /**
   * Their owners hear of it on the other ways they have, and prove them again by a code.
   * @param before points proven, and sent to for the last time, before this
   * @returns how many lost their proof
   */
  async lapse(before: Date): Promise<number> {
    let lapsed = 0;
    for (let found = AT_ONCE; found === AT_ONCE;) {
      const points = await this.database.query<SilentPoint>(SILENT, [CHANNELS_GIVEN_ON, before, AT_ONCE]);
      for (const point of points) lapsed += (await this.lapseOne(point, before)) ? 1 : 0;
      found = points.length;
    }
    return lapsed;
  }

  private async lapseOne({ customerId, contactPointId }: SilentPoint, before: Date): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      if (!(await lockCustomer(transaction, customerId))) return false;
      const rows = await transaction.query(LAPSE, [contactPointId, before]);
      if (rows.length === 0) return false;
      await replan(transaction, customerId);
      const detail = { contactPointId };
      await audit(transaction, [{ actor: 'system', action: 'contactPoint.lapsed', customerId, detail }]);
      return true;
    });
  }
}

interface SilentPoint {
  customerId: string;
  contactPointId: string;
}

const SILENT = `select p.customer_id as "customerId", p.id as "contactPointId" from contact_points p
  where p.channel = any($1::text[]) and p.verified_at < $2 and not exists (
    select 1 from deliveries d where d.contact_point_id = p.id and d.state = 'accepted' and d.finished_at >= $2)
  order by p.id limit $3`;

/** Each lapse has an id of its own: a number may fall silent again years later. */
const LAPSE = `with lapsed as (
    update contact_points set verified_at = null where id = $1 and verified_at < $2 returning *),
  told as (
    insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at)
    select gen_random_uuid(), p.customer_id, 'service', 'normal', 'contactPointLost',
      jsonb_build_object('contactPointId', p.id, 'channel', p.channel, 'addressHint', ${hintOf('p')}, 'reason', 'silent'), now()
    from lapsed p returning 1)
  select pg_notify('notifications', '') from told`;
