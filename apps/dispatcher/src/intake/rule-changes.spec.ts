import type { StoredInstance } from '@app/persistence';
import { PartitionMatcher } from '@app/rules';
import { applyRuleChanges } from './rule-changes';

/** One that has fired for the last time and is no longer watched. */
function aSpentInstance(rest: Partial<StoredInstance>): StoredInstance {
  const condition = { operator: 'above' as const, threshold: 5, upper: null, recovery: null };
  const rule = { condition, lifecycle: 'once' as const, onCreate: 'fireIfBreached' as const };
  return {
    definition: { instanceId: 1, metric: 'price', subject: 'a', ...rule },
    state: { state: 'ok', armed: true, spent: true, transitionSeq: 3 },
    ...{ stateVersion: 1, conditionVersion: 1, watched: false, ruleStatus: 'removed', hasNoticeDue: false },
    ...rest,
  };
}

describe('a rule that is removed after it has fired for the last time', () => {
  const moment = { now: 1_000, clock: 1_000 };

  it('says nothing any more of what it still had to tell', () => {
    const stored = aSpentInstance({ hasNoticeDue: true });
    const { notices, states } = applyRuleChanges(new PartitionMatcher(), [stored], moment);
    expect(notices).toEqual([{ instanceId: 1, notice: null, noticeDueAt: null }]);
    expect(states).toEqual([]);
  });

  it('costs no commit where it had nothing to tell', () => {
    const { notices, states } = applyRuleChanges(new PartitionMatcher(), [aSpentInstance({})], moment);
    expect([notices, states]).toEqual([[], []]);
  });
});
