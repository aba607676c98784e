import type { Metric } from '@app/contracts';
import type { Database } from '../database';

/** The metric catalogue, read whole: it is small and every event needs it. */
export class MetricStore {
  constructor(private readonly database: Database) {}

  async catalogue(): Promise<Map<string, Metric>> {
    const rows = await this.database.query<Metric>(
      `select name, title, unit, scale, kind, visibility, allowed_lateness_ms as "allowedLatenessMs",
         retention_days as "retentionDays", starts_at_zero as "startsAtZero" from metrics`,
    );
    return new Map(rows.map((metric) => [metric.name, metric]));
  }
}
