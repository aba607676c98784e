import { setImmediate as othersTurn } from 'node:timers/promises';
import { MAX_EVENT_BYTES } from '@app/contracts';
import type { DeadLetter, InstanceStateToSave } from '@app/persistence';
import type { InstanceChange } from '@app/rules';
import { CHANGES_AT_ONCE, type RefusedRecord } from '../pipeline/match-batch';
import { stateOf } from './rule-changes';

/** An instance may change several times in a batch; what must survive is where it ended. */
export function lastStates(changes: readonly InstanceChange[]): InstanceStateToSave[] {
  const last = new Map<number, InstanceStateToSave>();
  for (const change of changes) {
    last.set(change.instanceId, { ...stateOf(change), conditionVersion: 'keep' });
  }
  return [...last.values()];
}

/** Changes with the time at which the log took the cause of each, epoch ms. */
export interface CausedChanges {
  changes: InstanceChange[];
  causedAt: number[];
}

/**
 * Cuts what one event or one instant changed into commits. All changes of an instance are in one of them, with those of
 * a partner that it ends: read again after a crash, the event finds each instance either as it was before, or as the
 * event left it, and what has fired does not fire again to end its partner. Others get their turn after each of them.
 */
export async function pagesOf(
  { changes, causedAt }: CausedChanges,
  atOnce = CHANGES_AT_ONCE,
): Promise<CausedChanges[]> {
  if (changes.length <= atOnce) return [{ changes, causedAt }];
  const pages: CausedChanges[] = [];
  const pageOf = new Map<number, CausedChanges>();
  const firedFirst = endedByPartner(changes);
  for (const [index, change] of changes.entries()) {
    if (index % atOnce === atOnce - 1) await othersTurn();
    const key = firedFirst.get(change.instanceId) ?? change.instanceId;
    const page = pageOf.get(key) ?? pageWithRoom(pages, atOnce);
    pageOf.set(key, page);
    page.changes.push(change);
    page.causedAt.push(causedAt[index] ?? change.at);
  }
  return pages;
}

function pageWithRoom(pages: CausedChanges[], atOnce: number): CausedChanges {
  const last = pages.at(-1);
  if (last && last.changes.length < atOnce) return last;
  const page = { changes: [], causedAt: [] };
  pages.push(page);
  return page;
}

/** Of each instance that its partner ended, the partner: its firing is the change before. */
function endedByPartner(changes: readonly InstanceChange[]): Map<number, number> {
  const partners = new Map<number, number>();
  changes.forEach(({ instanceId, endedBy }, index) => {
    const cause = changes[index - 1];
    if (endedBy === 'partner' && cause) partners.set(instanceId, cause.instanceId);
  });
  return partners;
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
