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

/** Rows of one portion; a window may take some kilobytes. */
const AT_ONCE = 1_000;

/** What the measures of a partition's series have gathered, as of the partition's checkpoint. */
export class MeasureStore {
  constructor(private readonly database: Database) {}

  /** All of a partition's, portion by portion. */
  load(partition: number): AsyncIterable<StoredMeasure[]> {
    return this.database.portions<StoredMeasure>(LOAD_MEASURES, [partition], AT_ONCE);
  }
}

const LOAD_MEASURES = `select json_build_object('metric', metric, 'subject', subject, 'key', key, 'state', state)
  from measures where partition = $1`;
