import fc from 'fast-check';
import { composedRule, event, pair, plainRule } from './arbitraries';
import { Contest, type Operation } from './contest';

/** About a minute for all of it; more by RUNS=3000. */
const runs = Number(process.env.RUNS ?? 300);

type Weighted = { weight: number; arbitrary: fc.Arbitrary<Operation> };

/** Rules come and go while events pass. */
const usual: Weighted[] = [
  { weight: 20, arbitrary: event },
  { weight: 4, arbitrary: composedRule.map((wanted) => ({ kind: 'arm' as const, wanted })) },
  { weight: 1, arbitrary: plainRule.map((wanted) => ({ kind: 'arm' as const, wanted })) },
  { weight: 1, arbitrary: pair.map((wanted) => ({ kind: 'pair' as const, wanted })) },
  { weight: 1, arbitrary: fc.nat(12).map((instanceId) => ({ kind: 'disarm' as const, instanceId })) },
];
const time: Weighted[] = [
  { weight: 3, arbitrary: fc.constantFrom(1, 30, 200, 5_000).map((ms) => ({ kind: 'clock' as const, ms })) },
];
const repetition: Weighted[] = [
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 5 }).map((last) => ({ kind: 'again' as const, last })) },
];
const restarts: Weighted[] = [
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'checkpoint' as const }) },
];
const outages: Weighted[] = [{ weight: 1, arbitrary: fc.constant({ kind: 'outage' as const, ms: 100_000 }) }];

describe('the engine and the oracle make the same transitions of every kind of rule', () => {
  it.each<[what: string, onTime: boolean, more: Weighted[]]>([
    ['while events come late and out of order', true, []],
    ['while time passes without events', true, time],
    ['while events are repeated', true, [...time, ...repetition]],
    ['while workers are killed and others go on', true, [...time, ...repetition, ...restarts]],
    ['while nobody listens for minutes', true, [...time, ...restarts, ...outages]],
    ['while events are held up on their way', false, [...time, ...repetition, ...restarts]],
  ])(
    '%s',
    (_what, onTime, more) => {
      const operation = fc.oneof(...usual, ...more) as fc.Arbitrary<Operation>;
      let transitions = 0;
      fc.assert(
        fc.property(fc.array(operation, { maxLength: 60, size: 'max' }), (operations) => {
          const contest = new Contest(onTime);
          for (const each of operations) contest.run(each);
          transitions += contest.transitions;
        }),
        { numRuns: runs },
      );
      expect(transitions).toBeGreaterThan(runs / 4);
    },
    600_000,
  );
});
