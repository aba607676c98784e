import { composedTerms, type ComposedTerms, type Condition, type Measure } from '@app/rules';
import { Contest } from './contest';

const MINUTE = 60_000;
const TREATS = ['alert', 'ok', 'keep', 'ignore'] as const;
const OPERATORS = ['below', 'crossesBelow'] as const;
const CREATIONS = ['fireIfBreached', 'waitForCross'] as const;
const PERIODS: Measure = {
  kind: 'countOfPeriods',
  where: { operator: 'above', threshold: 50, upper: null },
  ...{ last: 3, periodMs: 60 * MINUTE },
};

type Treat = (typeof TREATS)[number];

function contestWith(
  measure: Measure,
  condition: Condition,
  treat: Treat,
  onCreate: (typeof CREATIONS)[number],
): Contest {
  const leaf = { metric: 'level', measure, condition, maxAgeMs: null };
  const terms: Partial<ComposedTerms> = {
    keepFiringMs: 2 * MINUTE,
    noData: { afterMs: 120 * MINUTE, treat },
  };
  const contest = new Contest();
  contest.run({
    kind: 'arm',
    wanted: {
      ...{ instanceId: 1, metric: 'level', subject: 'a', condition, lifecycle: 'recurring', onCreate },
      composed: composedTerms({ leaf }, terms),
    },
  });
  return contest;
}

const event = (value: number, stepMs: number) =>
  ({ kind: 'event', metric: 'level', subject: 'a', value, step: stepMs, wait: stepMs }) as const;
const level = (operator: Condition['operator'], threshold: number): Condition => ({
  ...{ operator, threshold, upper: null, recovery: null },
});

describe('engine and oracle agree on what follows silence', () => {
  const cases = TREATS.flatMap((treat) =>
    OPERATORS.flatMap((operator) => CREATIONS.map((onCreate) => [treat, operator, onCreate] as const)),
  );

  it.each(cases)('before the first value: %s, %s, %s', (treat, operator, onCreate) => {
    const contest = contestWith({ kind: 'value' }, level(operator, 100), treat, onCreate);
    contest.run({ kind: 'clock', ms: 121 * MINUTE });
    contest.run(event(50, MINUTE));
    // Silence has said how things stood before: what holds then is news, and no longer "already so when the rule was made".
    const settled = treat === 'alert' || treat === 'ok';
    const fires = settled || (onCreate === 'fireIfBreached' && operator === 'below');
    const before = treat === 'alert' ? 2 : 0;
    expect(contest.transitions).toBe(before + (fires ? 1 : 0));
  });

  it.each(TREATS)('while an alert is open and its window empties by time alone: %s', (treat) => {
    const contest = contestWith(PERIODS, level('above', 1), treat, 'fireIfBreached');
    for (let n = 0; n < 5; n += 1) contest.run(event(60, 60 * MINUTE));
    const open = contest.transitions;
    expect(open).toBe(1);
    for (let n = 0; n < 30; n += 1) contest.run({ kind: 'clock', ms: 11 * MINUTE });
    // Two hours of silence come before the periods have emptied: it ends what it means to end, and holds the rest.
    expect(contest.transitions - open).toBe(treat === 'ok' || treat === 'ignore' ? 1 : 0);
    contest.run(event(10, 330 * MINUTE));
    contest.run({ kind: 'clock', ms: 3 * MINUTE });
    expect(contest.transitions - open).toBe(1);
  });
});
