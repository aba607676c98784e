import type {
  AlertStore,
  BatchEffects,
  BatchStore,
  DeadLetterStore,
  InstanceStore,
  MeasureStore,
  PartitionStore,
  SeriesStore,
} from '@app/persistence';
import type { Raised } from './raise-alerts';

export interface PipelineStores {
  batches: BatchStore;
  partitions: PartitionStore;
  instances: InstanceStore;
  series: SeriesStore;
  measures: MeasureStore;
  deadLetters: DeadLetterStore;
  alerts: AlertStore;
}

/** What one commit writes; see `BatchEffects` of the store. */
export type CommitEffects = Pick<
  BatchEffects,
  'move' | 'states' | 'deadLetters' | 'values' | 'measures' | 'history'
> & { raised: Raised };

/** The fence was lost: another worker owns the partition. */
export class Fenced extends Error {}

/**
 * Stage 4: offset, clock, state, alerts and notifications in one transaction, behind the compare-and-swap on
 * (epoch, next offset, commits).
 * @throws Fenced if another owner moved or took the partition; nothing is written then
 */
export async function commitBatch(stores: PipelineStores, { raised, ...rest }: CommitEffects): Promise<void> {
  const { opened, ended, altered, notices, notifications } = raised;
  const effects: BatchEffects = { ...rest, opened, ended, altered, notices, notifications };
  if (!(await stores.batches.commit(effects))) throw new Fenced();
}
