import type { BinaryRow } from '../binary-row';
import type { Database } from '../database';

/** What a measure of a series has gathered. */
export interface StoredMeasure {
  metric: string;
  subject: string;
  /** Names the measure among those of its series. */
  key: string;
  /** JSON, written and read by libs/rules alone; null to save removes it. */
  state: unknown;
}

/** What the measures of a partition's series have gathered, as of the partition's checkpoint. */
export class MeasureStore {
  constructor(private readonly database: Database) {}

  /** All of a partition's, page by page. */
  load(partition: number): AsyncIterable<StoredMeasure[]> {
    return this.database.copy(LOAD_MEASURES, partition, measureOf);
  }
}

const LOAD_MEASURES = `select metric, subject, key, state::text from measures where partition = $1`;

function measureOf(row: BinaryRow): StoredMeasure {
  return {
    metric: row.word() ?? '',
    subject: row.text() ?? '',
    key: row.word() ?? '',
    state: JSON.parse(row.text() ?? 'null'),
  };
}
