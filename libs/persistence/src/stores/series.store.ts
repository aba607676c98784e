import type { Database } from '../database';
import { PAGE_ROWS, columnsOf, pages, rowsOf, type Columns } from './pages';

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
    return pages<StoredValue>(async (after) => {
      const [page] = await this.database.query<Columns<StoredValue>>(LOAD_SERIES, [
        partition,
        after?.metric ?? '',
        after?.subject ?? '',
        PAGE_ROWS,
      ]);
      return rowsOf(page);
    });
  }
}

/** Named for the test that shows its plan. */
export const LOAD_SERIES = `select ${columnsOf(['metric', 'subject', 'value', 'at', 'clockAt'])}
  from (select metric, subject, value, (extract(epoch from at) * 1000)::bigint as at,
      (extract(epoch from clock_at) * 1000)::bigint as "clockAt"
    from series where partition = $1 and (metric, subject) > ($2, $3) order by metric, subject limit $4) page`;
