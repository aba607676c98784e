import { MAX_EVENT_BYTES } from '@app/contracts';
import type { DeadLetter, InstanceStateToSave } from '@app/persistence';
import type { InstanceChange } from '@app/rules';
import type { RefusedRecord } from '../pipeline/match-batch';

/** An instance may change several times in a batch; what must survive is where it ended. */
export function lastStates(changes: readonly InstanceChange[]): InstanceStateToSave[] {
  const last = new Map<number, InstanceStateToSave>();
  for (const { instanceId, state, armed, spent, transitionSeq, at } of changes) {
    last.set(instanceId, { instanceId, state, armed, spent, transitionSeq, at, conditionVersion: 'keep' });
  }
  return [...last.values()];
}

export function deadLettersOf(
  refused: readonly RefusedRecord[],
  logName: string,
  partition: number,
): DeadLetter[] {
  return refused.map(({ record, reason, detail }) => ({
    log: logName,
    partition,
    offset: record.offset,
    key: record.key,
    payload: record.value.toString('utf8', 0, MAX_EVENT_BYTES),
    reason,
    detail,
  }));
}
