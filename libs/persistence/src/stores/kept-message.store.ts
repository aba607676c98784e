import type { OutgoingMessage } from '@app/contracts';
import type { Database } from '../database';

/**
 * Messages that stay with us: the outbox provider's, and the customers' inboxes. Keeping one twice keeps it once.
 *
 * A delivery that was erased while it was being sent leaves nothing: keeping holds the delivery's row, so that it
 * either comes before the erasure, which then removes what was kept, or finds no delivery any more.
 */
export class KeptMessageStore {
  constructor(private readonly database: Database) {}

  async keepInOutbox(message: OutgoingMessage): Promise<void> {
    await this.database.query(
      `with ${DELIVERY}, kept as (
         insert into outbox_messages (delivery_id, channel, address, subject, body, html)
         select id, $2, $3, $4, $5, $6 from delivery on conflict (delivery_id) do nothing returning seq)
       select pg_notify('outbox', seq::text) from kept`,
      [message.deliveryId, message.channel, message.to, message.subject, message.text, message.html],
    );
  }

  async keepInInbox(message: OutgoingMessage): Promise<void> {
    await this.database.query(
      `with ${DELIVERY}, kept as (
         insert into inbox_messages (delivery_id, customer_id, subject, body)
         select id, $2, $3, $4 from delivery on conflict (delivery_id) do nothing returning customer_id)
       select pg_notify('inbox', customer_id) from kept`,
      [message.deliveryId, message.to, message.subject, message.text],
    );
  }
}

/** Holds off a deletion alone; the delivery itself may go on meanwhile. */
const DELIVERY = `delivery as (select id from deliveries where id = $1 for key share)`;
