import type { Metric } from '@app/contracts';
import type { Database, MetricStore } from '@app/persistence';
import type { MetricCatalogue } from './worker-surroundings';

/** The metric catalogue in memory, refreshed when a metric changes or is missed. */
export class StoredCatalogue implements MetricCatalogue {
  private metrics: ReadonlyMap<string, Metric> = new Map();

  constructor(private readonly store: MetricStore) {}

  async open(database: Database): Promise<void> {
    await this.read();
    const again = (): void => void this.read().catch(() => undefined);
    await database.listen('metric_changed', again, again);
  }

  current(): ReadonlyMap<string, Metric> {
    return this.metrics;
  }

  /** One trip for a batch that names an unknown metric, which costs it a commit for the dead letter anyway. */
  async refresh(): Promise<void> {
    await this.read();
  }

  private async read(): Promise<void> {
    this.metrics = await this.store.catalogue();
  }
}
