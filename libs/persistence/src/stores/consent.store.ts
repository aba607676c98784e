import type { Channel, Preference } from '@app/contracts';
import type { Database, Queryable } from '../database';
import { hintOf } from './address-hint.sql';
import { audit } from './audit.store';
import { lockCustomer } from './owned-instances';
import { replan } from './replan';
import { suppress } from './suppress';

/** Where a message went whose link was opened, as its page shows it. */
export interface ConsentWay {
  customerId: string;
  /** Null for the inbox. */
  contactPointId: string | null;
  channel: Channel;
  address: string;
  addressHint: string;
  isVerified: boolean;
}

/** One way and one topic: what the link's customer wants there now. */
export interface TopicConsent {
  way: ConsentWay;
  topic: string;
}

/** What customers decide about being told, without a login and with an entry in the audit. */
export class ConsentStore {
  constructor(private readonly database: Database) {}

  /** All the ways of a customer that lead to an address; empty where the customer is gone. */
  async waysOf(customerId: string): Promise<ConsentWay[]> {
    return this.database.query<ConsentWay>(
      `select customer_id as "customerId", id as "contactPointId", channel, address, ${hintOf('p')} as "addressHint",
         verified_at is not null as "isVerified"
       from contact_points p where customer_id = $1 order by created_at, id`,
      [customerId],
    );
  }

  async isThere(customerId: string): Promise<boolean> {
    return (await this.database.query('select 1 from customers where id = $1', [customerId])).length > 0;
  }

  /**
   * Switches topics on channels; what is not named stays as it is. Only real changes are written and audited.
   * @param actor whoever holds the link, or the customer
   */
  async switch(customerId: string, wishes: readonly Preference[], actor: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      if (!(await lockCustomer(transaction, customerId))) return;
      const changed = await transaction.query<Preference>(
        `insert into preferences (customer_id, topic, channel, enabled)
         select $1, topic, channel, enabled
         from unnest($2::text[], $3::text[], $4::boolean[]) as s (topic, channel, enabled)
         on conflict (customer_id, topic, channel) do update set enabled = excluded.enabled, updated_at = now()
           where preferences.enabled <> excluded.enabled
         returning topic, channel, enabled`,
        [
          customerId,
          wishes.map((wish) => wish.topic),
          wishes.map((wish) => wish.channel),
          wishes.map((wish) => wish.enabled),
        ],
      );
      if (changed.length === 0) return;
      await replan(transaction, customerId);
      await audit(transaction, [{ actor, action: 'preference.changed', customerId, detail: { changed } }]);
    });
  }

  /** Nothing goes to this address any more for this customer: from one topic, or from all with null. */
  async optOut({ customerId, channel, address }: ConsentWay, topic: string | null): Promise<void> {
    await this.database.transaction(async (transaction: Queryable) => {
      await lockCustomer(transaction, customerId);
      const source = `link:${customerId}`;
      await suppress(transaction, { channel, address, customerId, topic, reason: 'optedOut', source });
    });
  }

  /** Which topics this customer has ended at this address by a link; null among them: all. */
  async optedOut({ customerId, channel, address }: ConsentWay): Promise<(string | null)[]> {
    const rows = await this.database.query<{ topic: string | null }>(
      `select topic from suppressions where customer_id = $1 and channel = $2 and address = $3 and lifted_at is null
         and reason = 'optedOut' and source like 'link:%'`,
      [customerId, channel, address],
    );
    return rows.map((row) => row.topic);
  }
}
