import type { Metric } from '@app/contracts';
import type { Database } from '../database';

/** A metric with what is decided about its events. */
export interface MetricTerms extends Metric {
  /** How far before the last event of its series one may be dated and still count in windows, ms. */
  allowedLatenessMs: number;
  /** Days for which its values are kept for previews. */
  retentionDays: number;
  /** Of a counter: the first value seen is growth from zero. */
  startsAtZero: boolean;
}

/** The metric catalogue as the API keeps it; everyone who reads events hears of a change on `metric_changed`. */
export class MetricCatalogueStore {
  constructor(private readonly database: Database) {}

  /**
   * Adds a metric, or gives a known one new words and terms.
   * @returns `conflict` if scale, kind or visibility would change: kept values and rules depend on them
   */
  async define(metric: MetricTerms): Promise<'created' | 'kept' | 'conflict'> {
    const { name, title, unit, scale, kind, visibility } = metric;
    const [row] = await this.database.query<{ created: boolean }>(
      `with kept as (
         insert into metrics (name, title, unit, scale, kind, visibility, allowed_lateness_ms, retention_days, starts_at_zero)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (name) do update set title = excluded.title, unit = excluded.unit,
           allowed_lateness_ms = excluded.allowed_lateness_ms, retention_days = excluded.retention_days,
           starts_at_zero = excluded.starts_at_zero
         where (metrics.scale, metrics.kind, metrics.visibility) = (excluded.scale, excluded.kind, excluded.visibility)
         returning xmax = 0 as created)
       select created, pg_notify('metric_changed', $1) from kept`,
      [
        ...[name, title, unit, scale, kind, visibility],
        ...[metric.allowedLatenessMs, metric.retentionDays, metric.startsAtZero],
      ],
    );
    if (!row) return 'conflict';
    return row.created ? 'created' : 'kept';
  }

  async find(name: string): Promise<MetricTerms | null> {
    const [row] = await this.database.query<MetricTerms>(`select ${COLUMNS} from metrics where name = $1`, [
      name,
    ]);
    return row ?? null;
  }

  /** Those of the names that are defined. */
  async named(names: readonly string[]): Promise<Map<string, MetricTerms>> {
    const rows = await this.database.query<MetricTerms>(
      `select ${COLUMNS} from metrics where name = any($1::text[])`,
      [names],
    );
    return new Map(rows.map((metric) => [metric.name, metric]));
  }

  /** By name, after the given one. */
  async list(after: string, limit: number): Promise<MetricTerms[]> {
    return this.database.query<MetricTerms>(
      `select ${COLUMNS} from metrics where name > $1 order by name limit $2`,
      [after, limit],
    );
  }
}

const COLUMNS = `name, title, unit, scale, kind, visibility, allowed_lateness_ms as "allowedLatenessMs",
  retention_days as "retentionDays", starts_at_zero as "startsAtZero"`;
