import type { AlertStore } from '@app/persistence';
import type { InstanceChange } from '@app/rules';
import { NOTHING_RAISED, raiseAlerts, type Raised } from './raise-alerts';

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
  const ids = changes.filter((change) => change.transition !== 'none').map((change) => change.instanceId);
  if (ids.length === 0) return NOTHING_RAISED;
  const contexts = await alerts.contextsOf([...new Set(ids)]);
  for (const [id, version] of versions) {
    const context = contexts.get(id);
    if (context) context.conditionVersion = version;
  }
  return raiseAlerts(changes, causedAt, contexts);
}
