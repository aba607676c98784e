import type { EventLog } from '@app/event-log';
import type { InstanceStore, SettingStore } from '@app/persistence';

const SETTING = 'log partitions';

/** Where the log's number of partitions has changed, subjects live elsewhere, and their rules must follow. */
export async function placeInstances(
  instances: InstanceStore,
  settings: SettingStore,
  log: EventLog,
): Promise<void> {
  const partitions = String(log.partitions);
  if ((await settings.read(SETTING)) === partitions) return;
  await instances.repartition((subject) => log.partitionOf(subject));
  await settings.write(SETTING, partitions);
}
