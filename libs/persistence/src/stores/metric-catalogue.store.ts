import type { Metric } from '@app/contracts';
import type { Database } from '../database';

/** The metric catalogue as the API keeps it; everyone who reads events hears of a change on `metric_changed`. */
export class MetricCatalogueStore {
  constructor(private readonly database: Database) {}

  /**
   * Adds a metric, or gives a known one new words.
   * @returns `conflict` if scale, kind or visibility would change: kept values and rules depend on them
   */
  async define(metric: Metric): Promise<'created' | 'kept' | 'conflict'> {
    const [row] = await this.database.query<{ created: boolean }>(
      `with kept as (
         insert into metrics (name, title, unit, scale, kind, visibility) values ($1, $2, $3, $4, $5, $6)
         on conflict (name) do update set title = excluded.title, unit = excluded.unit
         where (metrics.scale, metrics.kind, metrics.visibility) = (excluded.scale, excluded.kind, excluded.visibility)
         returning xmax = 0 as created)
       select created, pg_notify('metric_changed', $1) from kept`,
      [metric.name, metric.title, metric.unit, metric.scale, metric.kind, metric.visibility],
    );
    if (!row) return 'conflict';
    return row.created ? 'created' : 'kept';
  }

  async find(name: string): Promise<Metric | null> {
    const [row] = await this.database.query<Metric>(`select ${COLUMNS} from metrics where name = $1`, [name]);
    return row ?? null;
  }

  /** By name, after the given one. */
  async list(after: string, limit: number): Promise<Metric[]> {
    return this.database.query<Metric>(
      `select ${COLUMNS} from metrics where name > $1 order by name limit $2`,
      [after, limit],
    );
  }
}

const COLUMNS = 'name, title, unit, scale, kind, visibility';
