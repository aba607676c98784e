import type { Database } from '../database';
import { PAGE_ROWS, columnsOf, pages, rowsOf, type Columns } from './pages';

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
    return pages<StoredMeasure>(async (after) => {
      const { metric, subject, key } = after ?? { metric: '', subject: '', key: '' };
      const [page] = await this.database.query<Columns<StoredMeasure>>(LOAD_MEASURES, [
        partition,
        metric,
        subject,
        key,
        PAGE_ROWS,
      ]);
      return rowsOf(page);
    });
  }
}

const LOAD_MEASURES = `select ${columnsOf(['metric', 'subject', 'key', 'state'])}
  from (select metric, subject, key, state from measures
    where partition = $1 and (metric, subject, key) > ($2, $3, $4) order by metric, subject, key limit $5) page`;
