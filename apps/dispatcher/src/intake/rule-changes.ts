import type { AlertToEnd, InstanceStateToSave, StoredInstance } from '@app/persistence';
import type { InstanceChange, InstanceState, PartitionMatcher } from '@app/rules';

export interface AppliedChanges {
  states: InstanceStateToSave[];
  /** Instances that fired at once because their condition already held. */
  changes: InstanceChange[];
  ended: AlertToEnd[];
  /** Version of the condition under which each instance in `changes` was armed. */
  versions: Map<number, number>;
}

/**
 * Brings a matcher up to date with stored rules: arms what is new or edited, releases what is paused, removed or
 * no longer owned, and leaves alone what it already watches under the same condition, so that saving a rule
 * again changes nothing.
 */
export function applyRuleChanges(
  matcher: PartitionMatcher,
  stored: readonly StoredInstance[],
  now: number,
): AppliedChanges {
  const applied: AppliedChanges = { states: [], changes: [], ended: [], versions: new Map() };
  for (const instance of stored) {
    if (!instance.watched) release(matcher, instance, now, applied);
    else if (instance.stateVersion !== instance.conditionVersion) rearm(matcher, instance, now, applied);
    else if (!matcher.has(instance.definition.instanceId))
      matcher.resume(instance.definition, instance.state);
  }
  return applied;
}

/** A new condition starts from nothing, but keeps counting: an alert's derived id must never come back. */
function rearm(
  matcher: PartitionMatcher,
  stored: StoredInstance,
  now: number,
  applied: AppliedChanges,
): void {
  const before = matcher.disarm(stored.definition.instanceId) ?? stored.state;
  endOpenAlert(before, stored, { now, endedBy: 'edited' }, applied);
  const fresh: InstanceState = {
    state: 'unknown',
    armed: true,
    spent: false,
    transitionSeq: before.transitionSeq,
  };
  const change = matcher.arm(stored.definition, fresh);
  if (change) return note(change, stored, applied);
  const { instanceId } = stored.definition;
  applied.states.push({ instanceId, ...fresh, at: now, conditionVersion: stored.conditionVersion });
}

function release(
  matcher: PartitionMatcher,
  stored: StoredInstance,
  now: number,
  applied: AppliedChanges,
): void {
  const { instanceId } = stored.definition;
  const before = matcher.disarm(instanceId) ?? stored.state;
  if (stored.stateVersion === null || before.spent) return;
  endOpenAlert(
    before,
    stored,
    { now, endedBy: stored.ruleStatus === 'paused' ? 'paused' : 'removed' },
    applied,
  );
  const forgotten: InstanceState = {
    state: 'unknown',
    armed: true,
    spent: false,
    transitionSeq: before.transitionSeq,
  };
  applied.states.push({ instanceId, ...forgotten, at: now, conditionVersion: 'forget' });
}

function note(change: InstanceChange | null, stored: StoredInstance, applied: AppliedChanges): void {
  if (!change) return;
  applied.changes.push(change);
  applied.versions.set(change.instanceId, stored.conditionVersion);
  const { instanceId, state, armed, spent, transitionSeq, at } = change;
  applied.states.push({
    instanceId,
    state,
    armed,
    spent,
    transitionSeq,
    at,
    conditionVersion: stored.conditionVersion,
  });
}

function endOpenAlert(
  before: InstanceState,
  stored: StoredInstance,
  end: { now: number; endedBy: AlertToEnd['endedBy'] },
  applied: AppliedChanges,
): void {
  if (before.state !== 'firing') return;
  applied.ended.push({
    instanceId: stored.definition.instanceId,
    transitionSeq: before.transitionSeq,
    resolvedAt: end.now,
    resolvedValue: null,
    endedBy: end.endedBy,
  });
}
