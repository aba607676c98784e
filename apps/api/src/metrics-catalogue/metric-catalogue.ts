import type { Metric } from '@app/contracts';
import type { Database, MetricStore } from '@app/persistence';

/** The metrics in memory, since every event is checked against them; other processes' changes arrive by notification. */
export class MetricCatalogue {
  private metrics: ReadonlyMap<string, Metric> = new Map();
  private loading: Promise<void> | undefined;

  constructor(
    private readonly store: MetricStore,
    private readonly database: Database,
  ) {}

  get all(): ReadonlyMap<string, Metric> {
    return this.metrics;
  }

  async start(): Promise<void> {
    const reload = (): void => void this.refresh().catch(() => undefined);
    await this.database.listen('metric_changed', reload, reload);
    await this.refresh();
  }

  /** Callers that come while it loads wait for the same answer. */
  refresh(): Promise<void> {
    this.loading ??= this.store
      .catalogue()
      .then((metrics) => void (this.metrics = metrics))
      .finally(() => (this.loading = undefined));
    return this.loading;
  }

  /** Looks again if one of the names is not known, so that a metric defined a moment ago counts. */
  async withNames(names: Iterable<unknown>): Promise<ReadonlyMap<string, Metric>> {
    for (const name of names) {
      if (typeof name === 'string' && !this.metrics.has(name)) {
        await this.refresh();
        break;
      }
    }
    return this.metrics;
  }
}
