import type { Lane, Metric } from '@app/contracts';
import type { EventLog } from '@app/event-log';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import type { PipelineStores } from '../pipeline/commit-batch';
import type { HeadOfLog } from './head-of-log';

/** What all partitions of a process share. */
export interface WorkerSurroundings {
  stores: PipelineStores;
  log: EventLog;
  head: HeadOfLog;
  /** Names the log in the store, so that two logs never share offsets. */
  logName: string;
  /** This process, as operators see it. */
  owner: string;
  catalogue: MetricCatalogue;
  metrics: DispatcherMetrics;
  /** Called after notifications were committed: the planner need not wait for its wake-up to come round. */
  onRaised: (lanes: Iterable<Lane>) => void;
  now: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

export interface MetricCatalogue {
  current(): ReadonlyMap<string, Metric>;
  /** Reads it again. */
  refresh(): Promise<void>;
}
