import {
  AlertStore,
  BatchStore,
  DeadLetterStore,
  InstanceStore,
  MeasureStore,
  PartitionStore,
  SeriesStore,
  type Database,
} from '@app/persistence';
import type { PipelineStores } from './commit-batch';

/** @param owner this process, as its wake-ups name it */
export function openStores(database: Database, owner: string): PipelineStores {
  return {
    batches: new BatchStore(database, owner),
    partitions: new PartitionStore(database),
    instances: new InstanceStore(database),
    series: new SeriesStore(database),
    measures: new MeasureStore(database),
    deadLetters: new DeadLetterStore(database),
    alerts: new AlertStore(database),
  };
}
