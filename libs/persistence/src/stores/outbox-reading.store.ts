import type { Channel } from '@app/contracts';
import type { Database } from '../database';

/** A message that the outbox provider keeps, as it would have been sent. */
export interface OutboxMessage {
  seq: number;
  deliveryId: string;
  channel: Channel;
  address: string;
  subject: string;
  body: string;
  html: string;
  keptAt: Date;
}

/** The outbox as a page reads it. */
export class OutboxReadingStore {
  constructor(private readonly database: Database) {}

  /** Oldest first, beyond the given number. */
  async after(seq: number, limit: number): Promise<OutboxMessage[]> {
    return this.database.query<OutboxMessage>(`${MESSAGES} where seq > $1 order by seq limit $2`, [
      seq,
      limit,
    ]);
  }

  /** Newest first, below the given number. */
  async before(seq: number, limit: number): Promise<OutboxMessage[]> {
    return this.database.query<OutboxMessage>(`${MESSAGES} where seq < $1 order by seq desc limit $2`, [
      seq,
      limit,
    ]);
  }

  async bySeq(seqs: readonly number[]): Promise<OutboxMessage[]> {
    return this.database.query<OutboxMessage>(`${MESSAGES} where seq = any($1::bigint[]) order by seq`, [
      seqs,
    ]);
  }
}

const MESSAGES = `select seq, delivery_id as "deliveryId", channel, address, subject, body, html, kept_at as "keptAt"
  from outbox_messages`;
