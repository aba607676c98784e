import type { Database } from '../database';

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
}
