import type { AlertToEnd, InstanceStateToSave, NoticeToSave, StoredInstance } from '@app/persistence';
import type { InstanceChange, InstanceState, PartitionMatcher } from '@app/rules';

/** What a change of rules does, to be persisted together. */
export class AppliedChanges {
  /** Instances that fired at once because their condition already held, and what that did to their partners. */
  readonly changes: InstanceChange[] = [];
  readonly ended: AlertToEnd[] = [];
  /** Notices of instances that start anew or stop. */
  readonly notices: NoticeToSave[] = [];
  /** Version of the condition under which each instance in `changes` was armed. */
  readonly versions = new Map<number, number>();
  /** Instances of changed rules that hold back a message: they may have been told to, or no longer. */
  readonly toRemind: number[] = [];
  private readonly byInstance = new Map<number, InstanceStateToSave>();

  get states(): InstanceStateToSave[] {
    return [...this.byInstance.values()];
  }

  /** The last word about an instance counts, under the condition that the first named. */
  keep(state: InstanceStateToSave): void {
    const before = this.byInstance.get(state.instanceId);
    const { conditionVersion } = state.conditionVersion === 'keep' && before ? before : state;
    this.byInstance.set(state.instanceId, { ...state, conditionVersion });
  }
}

export interface Moment {
  /** Wall clock, epoch ms. */
  now: number;
  /** The partition's clock, epoch ms. */
  clock: number;
}

/**
 * Brings a matcher up to date with stored rules: arms what is new or edited, releases what is paused, removed or
 * no longer owned, and leaves alone what it already watches under the same condition, so that saving a rule
 * again changes nothing.
 */
export function applyRuleChanges(
  matcher: PartitionMatcher,
  stored: readonly StoredInstance[],
  moment: Moment,
): AppliedChanges {
  const applied = new AppliedChanges();
  for (const instance of stored) {
    const { instanceId } = instance.definition;
    if (!instance.watched) release(matcher, instance, moment, applied);
    else if (instance.stateVersion !== instance.conditionVersion) rearm(matcher, instance, moment, applied);
    else if (!matcher.has(instance.definition.instanceId))
      matcher.resume(instance.definition, instance.state);
    else if (instance.hasNoticeDue) applied.toRemind.push(instanceId);
  }
  return applied;
}

/** A new condition starts from nothing, but keeps counting: an alert's derived id must never come back. */
function rearm(
  matcher: PartitionMatcher,
  stored: StoredInstance,
  { now, clock }: Moment,
  applied: AppliedChanges,
): void {
  const { instanceId } = stored.definition;
  const before = matcher.disarm(instanceId) ?? stored.state;
  endOpenAlert(before, stored, { now, endedBy: 'edited' }, applied);
  const fresh = freshAfter(before);
  const { conditionVersion } = stored;
  const change = matcher.arm(stored.definition, fresh, clock, {
    push: (other) => {
      applied.changes.push(other);
      applied.keep({ ...stateOf(other), conditionVersion: 'keep' });
    },
  });
  applied.notices.push({ instanceId, notice: null, noticeDueAt: null });
  if (!change) return applied.keep({ instanceId, ...fresh, at: now, conditionVersion });
  applied.changes.push(change);
  applied.versions.set(instanceId, conditionVersion);
  applied.keep({ ...stateOf(change), conditionVersion });
}

function release(
  matcher: PartitionMatcher,
  stored: StoredInstance,
  { now }: Moment,
  applied: AppliedChanges,
): void {
  const { instanceId } = stored.definition;
  const before = matcher.disarm(instanceId) ?? stored.state;
  if (stored.stateVersion === null) return;
  if (!before.spent || stored.hasNoticeDue)
    applied.notices.push({ instanceId, notice: null, noticeDueAt: null });
  if (before.spent) return;
  const endedBy = stored.ruleStatus === 'paused' ? 'paused' : 'removed';
  endOpenAlert(before, stored, { now, endedBy }, applied);
  applied.keep({ instanceId, ...freshAfter(before), at: now, conditionVersion: 'forget' });
}

function freshAfter({ transitionSeq }: InstanceState): InstanceState {
  return { state: 'unknown', armed: true, spent: false, transitionSeq };
}

/** What of a change is kept. */
export function stateOf(change: InstanceChange): Omit<InstanceStateToSave, 'conditionVersion'> {
  const { instanceId, state, armed, spent, transitionSeq, at, progress = null } = change;
  return { instanceId, state, armed, spent, transitionSeq, at, progress };
}

/** In these states an alert is open; in `pending` and the others it is not. */
const OPEN_STATES: readonly string[] = ['firing', 'recovering', 'noData'];

function endOpenAlert(
  before: InstanceState,
  stored: StoredInstance,
  end: { now: number; endedBy: AlertToEnd['endedBy'] },
  applied: AppliedChanges,
): void {
  if (!OPEN_STATES.includes(before.state)) return;
  applied.ended.push({
    instanceId: stored.definition.instanceId,
    transitionSeq: before.transitionSeq,
    resolvedAt: end.now,
    resolvedValue: null,
    endedBy: end.endedBy,
  });
}
