import type { RefusalReason } from '@app/contracts';
import type { Database } from '../database';

/** An event that the HTTP ingest refused. */
export interface RefusedEvent {
  key: string | null;
  payload: string;
  reason: RefusalReason;
  detail: string;
}

/** A dead letter as an admin sees it, wherever it was set aside. */
export interface KeptLetter {
  id: number;
  log: string;
  partition: number;
  offset: number;
  key: string | null;
  payload: string;
  reason: RefusalReason;
  detail: string;
  receivedAt: Date;
}

/** Events that were set aside: written here for HTTP, read here for all. */
export class RefusedEventStore {
  constructor(private readonly database: Database) {}

  /** They never had a place in a log, so they get one of their own: a number from the table's sequence. */
  async save(refused: readonly RefusedEvent[]): Promise<void> {
    await this.database.query(
      `insert into dead_letters (log, partition, "offset", key, payload, reason, detail)
       select 'http', 0, nextval(pg_get_serial_sequence('dead_letters', 'id')), key, payload, reason, detail
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as r (key, payload, reason, detail)`,
      [
        refused.map((event) => event.key && withoutNul(event.key)),
        refused.map((event) => withoutNul(event.payload)),
        refused.map((event) => event.reason),
        refused.map((event) => event.detail),
      ],
    );
  }

  /** Newest first, before the given id. */
  async list(before: number, limit: number): Promise<KeptLetter[]> {
    return this.database.query<KeptLetter>(
      `select id, log, partition, "offset", key, payload, reason, detail, received_at as "receivedAt"
       from dead_letters where id < $1 order by id desc limit $2`,
      [before, limit],
    );
  }
}

/** Postgres keeps no NUL in text. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
