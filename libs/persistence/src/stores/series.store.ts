import type { BinaryRow } from '../binary-row';
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

/** The last value of each series, as of the partition's checkpoint. */
export class SeriesStore {
  constructor(private readonly database: Database) {}

  /** All of a partition's, page by page. */
  load(partition: number): AsyncIterable<StoredValue[]> {
    return this.database.copy(LOAD_SERIES, partition, valueOf);
  }
}

/** Named for the test that shows its plan. */
export const LOAD_SERIES = `select metric, subject, value, at, clock_at from series where partition = $1`;

function valueOf(row: BinaryRow): StoredValue {
  return {
    metric: row.word() ?? '',
    subject: row.text() ?? '',
    value: row.bigint() ?? 0,
    at: row.instant() ?? 0,
    clockAt: row.instant(),
  };
}
