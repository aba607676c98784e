import type {
  AlertStore,
  BatchStore,
  DeadLetterStore,
  InstanceStateToSave,
  InstanceStore,
  DeadLetter,
  PartitionMove,
  PartitionStore,
  SeriesStore,
  StoredValue,
} from '@app/persistence';
import type { Raised } from './raise-alerts';

export interface PipelineStores {
  batches: BatchStore;
  partitions: PartitionStore;
  instances: InstanceStore;
  series: SeriesStore;
  deadLetters: DeadLetterStore;
  alerts: AlertStore;
}

/** What one commit writes; see `BatchEffects` of the store. */
export interface CommitEffects {
  move: PartitionMove;
  states: InstanceStateToSave[];
  raised: Raised;
  deadLetters: DeadLetter[];
  /** Last values to keep, only together with a checkpoint. */
  values: StoredValue[];
}

/** The fence was lost: another worker owns the partition. */
export class Fenced extends Error {}

/**
 * Stage 4: offset, state, alerts and notifications in one transaction, behind the compare-and-swap on
 * (epoch, next offset).
 * @throws Fenced if another owner moved or took the partition; nothing is written then
 */
export async function commitBatch(stores: PipelineStores, effects: CommitEffects): Promise<void> {
  const { raised, ...rest } = effects;
  const { opened, ended, notifications } = raised;
  if (!(await stores.batches.commit({ ...rest, opened, ended, notifications }))) throw new Fenced();
}
