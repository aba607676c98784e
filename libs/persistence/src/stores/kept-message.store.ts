import type { OutgoingMessage } from '@app/contracts';
import type { Database } from '../database';

/** Messages that stay with us: the outbox provider's, and the customers' inboxes. Keeping one twice keeps it once. */
export class KeptMessageStore {
  constructor(private readonly database: Database) {}

  async keepInOutbox(message: OutgoingMessage): Promise<void> {
    await this.database.query(
      `with kept as (
         insert into outbox_messages (delivery_id, channel, address, subject, body, html)
         values ($1, $2, $3, $4, $5, $6) on conflict (delivery_id) do nothing returning seq)
       select pg_notify('outbox', seq::text) from kept`,
      [message.deliveryId, message.channel, message.to, message.subject, message.text, message.html],
    );
  }

  async keepInInbox(message: OutgoingMessage): Promise<void> {
    await this.database.query(
      `insert into inbox_messages (delivery_id, customer_id, subject, body)
       values ($1, $2, $3, $4) on conflict (delivery_id) do nothing`,
      [message.deliveryId, message.to, message.subject, message.text],
    );
  }
}
