import type { Database } from '../database';

export interface InboxMessage {
  seq: number;
  deliveryId: string;
  subject: string;
  body: string;
  keptAt: Date;
}

/** A customer's inbox as they read it. */
export class InboxReadingStore {
  constructor(private readonly database: Database) {}

  /** Newest first, below the given place. */
  async list(customerId: string, before: number, limit: number): Promise<InboxMessage[]> {
    return this.database.query<InboxMessage>(
      `select seq, delivery_id as "deliveryId", subject, body, kept_at as "keptAt"
       from inbox_messages where customer_id = $1 and seq < $2 order by seq desc limit $3`,
      [customerId, before, limit],
    );
  }
}
