import type { Database } from '../database';

export interface InboxMessage {
  seq: number;
  deliveryId: string;
  subject: string;
  body: string;
  keptAt: Date;
  /** Null until the customer has seen it. */
  readAt: Date | null;
}

/** Unread messages beyond this are not counted any further: nobody reads the difference. */
export const MOST_COUNTED = 1_000;

/** A number is given before its row can be seen, so one may appear below another that was seen already. */
const APPEARS_WITHIN = `interval '5 seconds'`;

/** A customer's inbox as they read it. */
export class InboxReadingStore {
  constructor(private readonly database: Database) {}

  /** Newest first, below the given place. */
  async list(customerId: string, before: number, limit: number, onlyUnread = false): Promise<InboxMessage[]> {
    const unread = onlyUnread ? 'and read_at is null' : '';
    return this.database.query<InboxMessage>(
      `${MESSAGES} where customer_id = $1 and seq < $2 ${unread} order by seq desc limit $3`,
      [customerId, before, limit],
    );
  }

  /** Oldest first, beyond the given place, and those below it that were kept a moment ago. */
  async news(customerId: string, after: number, limit: number): Promise<InboxMessage[]> {
    return this.database.query<InboxMessage>(
      `${MESSAGES} where customer_id = $1 and (seq > $2 or kept_at > now() - ${APPEARS_WITHIN}) order by seq limit $3`,
      [customerId, after, limit],
    );
  }

  /** Place of the newest message; 0 in an empty inbox. */
  async newest(customerId: string): Promise<number> {
    const [row] = await this.database.query<{ seq: number }>(
      'select seq from inbox_messages where customer_id = $1 order by seq desc limit 1',
      [customerId],
    );
    return row?.seq ?? 0;
  }

  /** At most `MOST_COUNTED`. */
  async countUnread(customerId: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from (
         select 1 from inbox_messages where customer_id = $1 and read_at is null limit ${MOST_COUNTED}) unread`,
      [customerId],
    );
    return row?.count ?? 0;
  }

  /** Reading it again keeps the first time. @returns null if the customer has no such message */
  async markRead(customerId: string, deliveryId: string): Promise<InboxMessage | null> {
    const [row] = await this.database.query<InboxMessage>(
      `with seen as (
         update inbox_messages set read_at = coalesce(read_at, now()) where customer_id = $1 and delivery_id = $2 returning *)
       select ${COLUMNS}, pg_notify('inbox', customer_id) from seen`,
      [customerId, deliveryId],
    );
    if (!row) return null;
    const { seq, subject, body, keptAt, readAt } = row;
    return { seq, deliveryId, subject, body, keptAt, readAt };
  }

  /**
   * @param newest the newest message that was on the screen: what came after it stays unread; null: all
   * @returns how many were unread until now
   */
  async markAllRead(customerId: string, newest: string | null): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `with seen as (
         update inbox_messages set read_at = now() where customer_id = $1 and read_at is null
           and ($2::uuid is null or seq <= (select seq from inbox_messages where customer_id = $1 and delivery_id = $2))
         returning customer_id),
       told as (select pg_notify('inbox', customer_id) from (select distinct customer_id from seen) whose)
       select (select count(*) from seen) as count, (select count(*) from told) as told`,
      [customerId, newest],
    );
    return row?.count ?? 0;
  }
}

const COLUMNS = `seq, delivery_id as "deliveryId", subject, body, kept_at as "keptAt", read_at as "readAt"`;
const MESSAGES = `select ${COLUMNS} from inbox_messages`;
