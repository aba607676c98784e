import type { Database } from '@app/persistence';
import type { InstanceChange, InstanceDefinition } from '@app/rules';
import type { OracleMetric, OracleRecord } from '../oracle/history';
import { Oracle } from '../oracle/oracle';

/** One alert, as far as an undisturbed run and a disturbed one must agree on it. */
export interface AlertLine {
  instanceId: number;
  transitionSeq: number;
  openedAt: number;
  openedBy: string;
  resolvedAt: number | null;
  endedBy: string | null;
}

export interface WatchedInstance {
  definition: InstanceDefinition;
  partition: number;
  /** Log clock at which the dispatcher began to watch it. */
  armedAt: number;
}

export async function foundAlerts(database: Database): Promise<AlertLine[]> {
  const rows = await database.query<{
    instance_id: number;
    transition_seq: number;
    opened_at: Date;
    opened_by: string;
    resolved_at: Date | null;
    ended_by: string | null;
  }>('select instance_id, transition_seq, opened_at, opened_by, resolved_at, ended_by from alerts');
  return rows.map((row) => ({
    instanceId: Number(row.instance_id),
    transitionSeq: row.transition_seq,
    openedAt: row.opened_at.getTime(),
    openedBy: row.opened_by,
    resolvedAt: row.resolved_at?.getTime() ?? null,
    endedBy: row.ended_by,
  }));
}

/** Ten times the longest window of these rules. */
const LONGEST_LOOK_MS = 600_000;

/**
 * What nobody disturbed would have raised: the oracle reads each partition's records as the log has them, and then
 * time goes on until nothing is due any more.
 */
export function expectedAlerts(
  instances: readonly WatchedInstance[],
  metrics: ReadonlyMap<string, OracleMetric>,
  records: ReadonlyMap<number, OracleRecord[]>,
  until: number,
): AlertLine[] {
  const alerts: AlertLine[] = [];
  for (const partition of new Set(instances.map((instance) => instance.partition))) {
    const oracle = new Oracle(metrics, LONGEST_LOOK_MS);
    const changes: InstanceChange[] = [];
    for (const { definition, armedAt } of instances.filter((instance) => instance.partition === partition))
      changes.push(...oracle.arm(definition, armedAt));
    for (const record of records.get(partition) ?? []) changes.push(...oracle.take(record).changes);
    changes.push(...oracle.advanceClock(until));
    alerts.push(...alertsOf(changes));
  }
  return alerts;
}

function alertsOf(changes: readonly InstanceChange[]): AlertLine[] {
  const open = new Map<number, AlertLine>();
  const alerts: AlertLine[] = [];
  for (const { instanceId, transition, transitionSeq, at, openedBy, endedBy } of changes) {
    if (transition === 'fired') {
      const alert: AlertLine = {
        ...{ instanceId, transitionSeq, openedAt: at, openedBy: openedBy ?? 'value' },
        ...{ resolvedAt: null, endedBy: null },
      };
      open.set(instanceId, alert);
      alerts.push(alert);
    }
    const alert = open.get(instanceId);
    if (transition === 'recovered' && alert)
      Object.assign(alert, { resolvedAt: at, endedBy: endedBy ?? 'value' });
  }
  return alerts;
}

/** `lost`: expected and not there, or there and different; `extra`: there and not expected, by no reckoning. */
export function compareAlerts(
  found: readonly AlertLine[],
  expected: readonly AlertLine[],
): { lost: AlertLine[]; extra: AlertLine[] } {
  const texts = new Set(found.map((alert) => JSON.stringify(alert)));
  const keys = new Set(expected.map(keyOf));
  return {
    lost: expected.filter((alert) => !texts.has(JSON.stringify(alert))),
    extra: found.filter((alert) => !keys.has(keyOf(alert))),
  };
}

const keyOf = ({ instanceId, transitionSeq }: AlertLine): string => `${instanceId} ${transitionSeq}`;
