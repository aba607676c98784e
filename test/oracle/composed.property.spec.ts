import fc from 'fast-check';
import { composedRule, event, plainRule } from './arbitraries';
import { Contest, type Operation } from './contest';

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 20, arbitrary: event },
  { weight: 5, arbitrary: composedRule.map((wanted) => ({ kind: 'arm' as const, wanted })) },
  { weight: 1, arbitrary: plainRule.map((wanted) => ({ kind: 'arm' as const, wanted })) },
  { weight: 1, arbitrary: fc.nat(8).map((instanceId) => ({ kind: 'disarm' as const, instanceId })) },
);

describe('the engine and the oracle', () => {
  it('make the same transitions of every kind of rule', () => {
    let transitions = 0;
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60, size: 'max' }), (operations) => {
        const contest = new Contest();
        for (const each of operations) contest.run(each);
        transitions += contest.transitions;
      }),
      { numRuns: 500 },
    );
    expect(transitions).toBeGreaterThan(1_000);
  });
});
