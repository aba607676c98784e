import type {
  AlertStore,
  Database,
  DeadLetter,
  DeadLetterStore,
  InstanceStateToSave,
  InstanceStore,
  PartitionMove,
  PartitionStore,
  SeriesStore,
  StoredValue,
} from '@app/persistence';
import type { Raised } from './raise-alerts';

export interface PipelineStores {
  database: Database;
  partitions: PartitionStore;
  instances: InstanceStore;
  series: SeriesStore;
  deadLetters: DeadLetterStore;
  alerts: AlertStore;
}

/** Everything that a batch, a rule change or a checkpoint does; all of it happens, or none. */
export interface BatchEffects {
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
export async function commitBatch(stores: PipelineStores, effects: BatchEffects): Promise<void> {
  await stores.database.transaction(async (transaction) => {
    if (!(await stores.partitions.move(transaction, effects.move))) throw new Fenced();
    await stores.instances.save(transaction, effects.states);
    await stores.alerts.open(transaction, effects.raised.opened);
    await stores.alerts.end(transaction, effects.raised.ended);
    await stores.alerts.notify(transaction, effects.raised.notifications);
    await stores.deadLetters.save(transaction, effects.deadLetters);
    await stores.series.save(transaction, effects.move.partition, effects.values);
  });
}
