import type { Metric } from '@app/contracts';
import type { Database } from '../database';

/** The metric catalogue, read whole: it is small and every event needs it. */
export class MetricStore {
  constructor(private readonly database: Database) {}

  async catalogue(): Promise<Map<string, Metric>> {
    const rows = await this.database.query<Metric>(
      'select name, title, unit, scale, kind, visibility from metrics',
    );
    return new Map(rows.map((metric) => [metric.name, metric]));
  }
}
