import type { AlertContext, AlertStore } from '@app/persistence';
import type { InstanceChange } from '@app/rules';
import { NOTHING_RAISED, raiseAlerts, remind, type Raised, type Reminder } from './raise-alerts';

/**
 * Stage 3 with its reading: asks the store who stands behind the instances with a transition, and raises.
 * @param versions condition under which instances were armed just now, before the store knows it
 */
export async function raiseAlertsOf(
  changes: readonly InstanceChange[],
  causedAt: readonly number[],
  alerts: AlertStore,
  versions: ReadonlyMap<number, number> = new Map(),
): Promise<Raised> {
  const told = changes.filter((change) => change.transition !== 'none');
  if (told.length === 0) return NOTHING_RAISED;
  const since = told.reduce((earliest, { at }) => Math.min(earliest, at), Number.POSITIVE_INFINITY);
  const contexts = await alerts.contextsOf([...new Set(told.map((change) => change.instanceId))], since);
  for (const [id, version] of versions) startAnew(contexts.get(id), version);
  return raiseAlerts(changes, causedAt, contexts);
}

/** An instance that is armed anew has left its former alert and notices behind; the store hears of it in the same commit. */
function startAnew(context: AlertContext | undefined, version: number): void {
  if (context) Object.assign(context, { conditionVersion: version, open: null, notice: null });
}

/** As above, for what is due to be told without any change. */
export async function remindOf(reminders: readonly Reminder[], alerts: AlertStore): Promise<Raised> {
  if (reminders.length === 0) return NOTHING_RAISED;
  const since = reminders.reduce(
    (earliest, { occasion }) => Math.min(earliest, occasion.at),
    Number.POSITIVE_INFINITY,
  );
  const contexts = await alerts.contextsOf(
    [...new Set(reminders.map(({ instanceId }) => instanceId))],
    since,
  );
  return remind(reminders, contexts);
}
