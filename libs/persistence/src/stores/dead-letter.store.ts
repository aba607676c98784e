import type { RefusalReason } from '@app/contracts';
import type { Database, Queryable } from '../database';

/** An event that was set aside, where a person can find it. */
export interface DeadLetter {
  log: string;
  partition: number;
  offset: number;
  key: string | null;
  /** The event as it came, cut to what fits. */
  payload: string;
  reason: RefusalReason;
  detail: string;
}

export class DeadLetterStore {
  constructor(private readonly database: Database) {}

  async save(transaction: Queryable, letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await transaction.query(
      `insert into dead_letters (log, partition, "offset", key, payload, reason, detail)
       select * from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])
       on conflict (log, partition, "offset") do nothing`,
      [
        letters.map((l) => l.log),
        letters.map((l) => l.partition),
        letters.map((l) => l.offset),
        letters.map((l) => l.key && withoutNul(l.key)),
        letters.map((l) => withoutNul(l.payload)),
        letters.map((l) => l.reason),
        letters.map((l) => l.detail),
      ],
    );
  }

  /** Offsets set aside from here on: a replay of values must pass over them again. */
  async offsetsFrom(log: string, partition: number, offset: number): Promise<Set<number>> {
    const rows = await this.database.query<{ offset: number }>(
      `select "offset" from dead_letters where log = $1 and partition = $2 and "offset" >= $3`,
      [log, partition, offset],
    );
    return new Set(rows.map((row) => row.offset));
  }
}

/** Postgres keeps no NUL in text; a letter that cannot be stored would block the partition for ever. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
