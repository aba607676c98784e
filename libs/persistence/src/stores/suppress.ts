import type { Channel, SuppressionReason } from '@app/contracts';
import type { Queryable } from '../database';
import { hintOf } from './address-hint.sql';
import { audit } from './audit.store';
import { replan } from './replan';

export interface SuppressionWish {
  channel: Channel;
  address: string;
  /** Only this customer's messages; null: whoever has the address. */
  customerId: string | null;
  /** Null: all topics. */
  topic: string | null;
  reason: SuppressionReason;
  /** `provider:twilio`, `sms`, `link:CUSTOMER`, `key:ID`. */
  source: string;
}

/**
 * Forbids sending to an address. Whoever has it hears of it on the other ways they have, and what waits for them is planned
 * anew. Customers are locked in the order of their ids, and the audit comes last.
 * @returns the customers concerned, null where the same suppression is active already
 */
export async function suppress(transaction: Queryable, wish: SuppressionWish): Promise<string[] | null> {
  const { channel, address, customerId, topic, reason, source } = wish;
  const [made] = await transaction.query<{ id: string }>(
    `insert into suppressions (id, channel, address, customer_id, topic, reason, source)
     values (gen_random_uuid(), $1, $2, $3, $4, $5, $6) on conflict do nothing returning id`,
    [channel, address, customerId, topic, reason, source],
  );
  if (!made) return null;
  const owners = await transaction.query<{ customerId: string; contactPointId: string }>(
    `select customer_id as "customerId", id as "contactPointId" from contact_points
     where channel = $1 and address = $2 and ($3::text is null or customer_id = $3) order by customer_id`,
    [channel, address, customerId],
  );
  if (topic === null) await tellOwners(transaction, made.id, owners, reason);
  const customers = [...new Set(owners.map((owner) => owner.customerId))];
  for (const concerned of customers) await replan(transaction, concerned);
  const detail = { suppressionId: made.id, channel, reason, topic };
  const concerned = owners.length > 0 ? owners : [{ customerId, contactPointId: null }];
  await audit(
    transaction,
    concerned.map((owner) => ({
      actor: source,
      action: 'suppression.made',
      customerId: owner.customerId,
      detail: { ...detail, contactPointId: owner.contactPointId },
    })),
  );
  return customers;
}

/**
 * Tells whoever has lost a contact point, on the ways that they still have.
 * @param causeId the ids follow from it, so that it is told once to each
 */
export async function tellOwners(
  transaction: Queryable,
  causeId: string,
  owners: readonly { contactPointId: string }[],
  reason: string,
): Promise<void> {
  await transaction.query(
    `with told as (
       insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at)
       select md5($1 || p.id)::uuid, p.customer_id, 'service', 'normal', 'contactPointLost',
         jsonb_build_object('contactPointId', p.id, 'channel', p.channel, 'addressHint', ${hintOf('p')}, 'reason', $3::text),
         now()
       from contact_points p where p.id = any($2::uuid[]) and p.verified_at is not null
       on conflict (id) do nothing returning 1)
     select pg_notify('notifications', '') from told limit 1`,
    [causeId, owners.map((owner) => owner.contactPointId), reason],
  );
}
