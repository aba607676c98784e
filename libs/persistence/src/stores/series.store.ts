import type { Database, Queryable } from '../database';

export interface StoredValue {
  metric: string;
  subject: string;
  /** Scaled integer. */
  value: number;
  /** Event time, epoch ms. */
  at: number;
}

/** The last value of each series, as of the partition's checkpoint. */
export class SeriesStore {
  constructor(private readonly database: Database) {}

  async load(partition: number): Promise<StoredValue[]> {
    return this.database.query(
      `select metric, subject, value, extract(epoch from at)::float8 * 1000 as at from series where partition = $1`,
      [partition],
    );
  }

  async save(transaction: Queryable, partition: number, values: readonly StoredValue[]): Promise<void> {
    if (values.length === 0) return;
    await transaction.query(
      `insert into series (metric, subject, partition, value, at)
       select metric, subject, $1, value, to_timestamp(at / 1000.0)
       from unnest($2::text[], $3::text[], $4::bigint[], $5::float8[]) as v (metric, subject, value, at)
       on conflict (metric, subject) do update
       set value = excluded.value, at = excluded.at, partition = excluded.partition`,
      [
        partition,
        values.map((v) => v.metric),
        values.map((v) => v.subject),
        values.map((v) => v.value),
        values.map((v) => v.at),
      ],
    );
  }
}
