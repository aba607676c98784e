import type { Metric } from '@app/contracts';
import type { Database, MetricStore } from '@app/persistence';
import type { MetricCatalogue } from './worker-surroundings';

/** Events of a metric that never existed must not make every batch read the catalogue. */
const REFRESH_AT_MOST_EVERY_MS = 250;

/** The metric catalogue in memory, refreshed when a metric changes or is missed. */
export class StoredCatalogue implements MetricCatalogue {
  private metrics: ReadonlyMap<string, Metric> = new Map();
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly store: MetricStore) {}

  async open(database: Database): Promise<void> {
    await this.read();
    const again = (): void => void this.read().catch(() => undefined);
    await database.listen('metric_changed', again, again);
  }

  current(): ReadonlyMap<string, Metric> {
    return this.metrics;
  }

  async refresh(): Promise<boolean> {
    if (performance.now() - this.readAt < REFRESH_AT_MOST_EVERY_MS) return false;
    await this.read();
    return true;
  }

  private async read(): Promise<void> {
    this.metrics = await this.store.catalogue();
    this.readAt = performance.now();
  }
}
