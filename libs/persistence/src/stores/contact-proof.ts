import type { Channel, CodeFacts, ContactPoint } from '@app/contracts';
import type { Queryable } from '../database';
import { audit } from './audit.store';
import { replan } from './replan';

/** A code on its way: the facts go into the message, only the hash is kept to compare with. */
export interface CodeToSend {
  notificationId: string;
  facts: CodeFacts;
  codeHash: string;
  /** Of the link that proves the same; null where none is sent. */
  linkHash: string | null;
  tries: number;
}

/** What proves a contact point, and who asked for it. */
export interface CodeAndActor {
  code: CodeToSend;
  actor: string;
}

/** A contact point as it is kept. */
export interface KeptContactPoint extends ContactPoint {
  /** Secrets among them: never to be shown as they are. */
  keys: Record<string, string> | null;
  disabledAt: Date | null;
  disabledReason: string | null;
}

export interface PointId {
  customerId: string;
  contactPointId: string;
}

/** From now on everything may go there. */
export async function verified(
  transaction: Queryable,
  { customerId, contactPointId }: PointId,
  actor: string,
): Promise<void> {
  await transaction.query(`update contact_points set verified_at = now() where id = $1`, [contactPointId]);
  await transaction.query(`delete from verification_codes where contact_point_id = $1`, [contactPointId]);
  await replan(transaction, customerId);
  const detail = { contactPointId };
  await audit(transaction, [{ actor, action: 'contactPoint.verified', customerId, detail }]);
}

/** Writes what has changed about a contact point, and sends the code without which nothing goes there any more. */
export async function proveAnew(
  transaction: Queryable,
  point: KeptContactPoint,
  changed: { address: string } | { keys: Record<string, string> },
  { code, actor }: CodeAndActor,
): Promise<KeptContactPoint> {
  const { customerId, contactPointId, channel } = point;
  const address = 'address' in changed ? changed.address : null;
  const keys = 'keys' in changed ? JSON.stringify(changed.keys) : null;
  await transaction.query(
    `update contact_points set address = coalesce($2, address), keys = coalesce($3, keys), verified_at = null,
       disabled_at = null, disabled_reason = null, failing_since = null where id = $1`,
    [contactPointId, address, keys],
  );
  await sendCode(transaction, point, code, 1);
  await replan(transaction, customerId);
  const detail = { contactPointId, channel };
  await audit(transaction, [{ actor, action: 'contactPoint.changed', customerId, detail }]);
  return { ...point, ...changed, verifiedAt: null, disabledAt: null, disabledReason: null };
}

/** Replaces the code that a contact point has; the one before stops counting. */
export async function sendCode(
  transaction: Queryable,
  { contactPointId, customerId, channel }: { contactPointId: string; customerId: string; channel: Channel },
  { notificationId, facts, codeHash, linkHash, tries }: CodeToSend,
  sentCount: number,
): Promise<void> {
  await transaction.query(
    `insert into verification_codes (contact_point_id, code_hash, expires_at, tries_left, sent_count, sent_at, link_hash)
     values ($1, $2, to_timestamp($3 / 1000.0), $4, $5, now(), $6)
     on conflict (contact_point_id) do update set code_hash = excluded.code_hash, expires_at = excluded.expires_at,
       tries_left = excluded.tries_left, sent_count = excluded.sent_count, sent_at = excluded.sent_at,
       link_hash = excluded.link_hash`,
    [contactPointId, codeHash, facts.expiresAt, tries, sentCount, linkHash],
  );
  await transaction.query(
    `insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
     values ($1, $2, 'verification', 'urgent', $3, 'verificationCode', $4, now())`,
    [notificationId, customerId, [channel], JSON.stringify(facts)],
  );
  await transaction.query(`select pg_notify('notifications', '')`);
}
