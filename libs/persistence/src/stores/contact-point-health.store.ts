import type { Database, Queryable } from '../database';
import { audit } from './audit.store';
import { lockCustomer } from './owned-instances';
import { replan } from './replan';
import { tellOwners } from './suppress';

/**
 * Why a contact point was switched off. `gone`: its far end says that it is there no more; `failing`: it has taken
 * nothing in for days.
 */
export type DisabledReason = 'gone' | 'failing';

/** Contact points whose far end is the customer's own: how they fare, and their end. */
export class ContactPointHealthStore {
  constructor(private readonly database: Database) {}

  /** Something was taken in there: whatever was wrong is over. */
  async noteWell(contactPointId: string): Promise<void> {
    await this.database.query(
      'update contact_points set failing_since = null where id = $1 and failing_since is not null',
      [contactPointId],
    );
  }

  /**
   * Something was not taken in there.
   * @returns for how many ms nothing has been; null if it is gone or switched off already
   */
  async noteIll(contactPointId: string): Promise<number | null> {
    const [row] = await this.database.query<{ forMs: number }>(
      `update contact_points set failing_since = coalesce(failing_since, now()) where id = $1 and disabled_at is null
       returning extract(epoch from now() - failing_since)::float8 * 1000 as "forMs"`,
      [contactPointId],
    );
    return row?.forMs ?? null;
  }

  /**
   * Switches it off, tells its owner on the other ways they have, and has planned anew what waits for it.
   * @param causeId delivery that showed it
   * @returns false if it is gone or switched off already
   */
  async disable(
    { contactPointId, causeId }: { contactPointId: string; causeId: string },
    reason: DisabledReason,
  ): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const customerId = await ownerOf(transaction, contactPointId);
      if (customerId === null || !(await lockCustomer(transaction, customerId))) return false;
      const [disabled] = await transaction.query<{ channel: string }>(
        `update contact_points set disabled_at = now(), disabled_reason = $2 where id = $1 and disabled_at is null
         returning channel`,
        [contactPointId, reason],
      );
      if (!disabled) return false;
      await tellOwners(transaction, causeId, [{ contactPointId }], reason);
      await replan(transaction, customerId);
      const detail = { contactPointId, channel: disabled.channel, reason, deliveryId: causeId };
      await audit(transaction, [{ actor: 'system', action: 'contactPoint.disabled', customerId, detail }]);
      return true;
    });
  }
}

async function ownerOf(transaction: Queryable, contactPointId: string): Promise<string | null> {
  const [row] = await transaction.query<{ customerId: string }>(
    'select customer_id as "customerId" from contact_points where id = $1',
    [contactPointId],
  );
  return row?.customerId ?? null;
}
