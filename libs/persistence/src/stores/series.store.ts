import type { Database } from '../database';

export interface StoredValue {
  metric: string;
  subject: string;
  /** Scaled integer. */
  value: number;
  /** Event time, epoch ms. */
  at: number;
  /** The partition's clock when it was taken, epoch ms; null where nobody noted it. */
  clockAt: number | null;
}

/** Rows of one portion. */
const AT_ONCE = 10_000;

/** The last value of each series, as of the partition's checkpoint. */
export class SeriesStore {
  constructor(private readonly database: Database) {}

  /** All of a partition's, portion by portion. */
  async *load(partition: number): AsyncGenerator<StoredValue[], void, undefined> {
    for await (const texts of this.database.portions<string>(LOAD_SERIES, [partition], AT_ONCE)) {
      const tuples = JSON.parse(`[${texts.join()}]`) as [string, string, number, number, number | null][];
      yield tuples.map(([metric, subject, value, at, clockAt]) => ({ metric, subject, value, at, clockAt }));
    }
  }
}

/** Named for the test that shows its plan. */
export const LOAD_SERIES = `select json_build_array(metric, subject, value, (extract(epoch from at) * 1000)::bigint,
    (extract(epoch from clock_at) * 1000)::bigint)::text
  from series where partition = $1`;
