import { describeCondition } from './describe-condition';
import { describeRule } from './describe-rule';
import type { Condition, Operator, Rule } from '../rule';

const BALANCE = { title: 'balance', unit: 'EUR', scale: 2 };
const INDEX = { title: 'level', unit: '', scale: 0 };

function aCondition(operator: Operator, rest: Partial<Condition> = {}): Condition {
  return { operator, threshold: 10_000, upper: null, recovery: null, ...rest };
}

function aRule(
  condition: Condition,
  rest: Partial<Rule> = {},
): Pick<Rule, 'subjects' | 'condition' | 'lifecycle' | 'onCreate'> {
  const subjects = { kind: 'listed' as const, subjects: ['account:42'] };
  return { subjects, condition, lifecycle: 'recurring', onCreate: 'fireIfBreached', ...rest };
}

describe('a condition in words', () => {
  it.each([
    ['above', 'is above 100.00 EUR'],
    ['atLeast', 'is at least 100.00 EUR'],
    ['below', 'is below 100.00 EUR'],
    ['atMost', 'is at most 100.00 EUR'],
    ['equals', 'is exactly 100.00 EUR'],
    ['crossesAbove', 'rises above 100.00 EUR'],
    ['crossesBelow', 'falls below 100.00 EUR'],
  ] as const)('%s reads as one would say it', (operator, words) => {
    expect(describeCondition(aCondition(operator), BALANCE)).toBe(words);
  });

  it('says of a range whether its ends belong to it', () => {
    expect(describeCondition(aCondition('between', { upper: 20_000 }), BALANCE)).toBe(
      'is between 100.00 and 200.00 EUR (both included)',
    );
    expect(describeCondition(aCondition('outside', { upper: 20_000 }), BALANCE)).toBe(
      'is below 100.00 EUR or above 200.00 EUR',
    );
  });

  it('leaves no gap where the metric has no unit, and groups thousands as messages do', () => {
    expect(describeCondition(aCondition('above'), INDEX)).toBe('is above 10,000');
  });
});

describe('a rule in words', () => {
  it('says when it tells, when it tells of the end, how often, and what happens at once', () => {
    expect(describeRule(aRule(aCondition('below', { recovery: 12_000 })), BALANCE)).toBe(
      'Tells you when the balance of account 42 is below 100.00 EUR (not at exactly 100.00), ' +
        'and again when it is back at 120.00 EUR or above. ' +
        'It does so every time this happens. If this is so already, it tells you at once.',
    );
  });

  it('does not promise word of the end where none was asked for', () => {
    const quiet = { ...aRule(aCondition('below')), notifyRecovery: false };
    expect(describeRule(quiet, BALANCE)).toContain('but not when it is back at 100.00 EUR or above.');
  });

  it.each([
    ['above', null, '(not at exactly 100.00), and again when it is back at 100.00 EUR or below.'],
    ['atLeast', null, '(also at exactly 100.00), and again when it is back below 100.00 EUR.'],
    ['atLeast', 9_000, '(also at exactly 100.00), and again when it is back at 90.00 EUR or below.'],
    ['below', null, '(not at exactly 100.00), and again when it is back at 100.00 EUR or above.'],
    ['atMost', null, '(also at exactly 100.00), and again when it is back above 100.00 EUR.'],
    ['atMost', 11_000, '(also at exactly 100.00), and again when it is back at 110.00 EUR or above.'],
    ['equals', null, 'is exactly 100.00 EUR, and again when it is no longer exactly 100.00 EUR.'],
    [
      'crossesAbove',
      null,
      '(from 100.00 or less to more than 100.00), and again when it is back at 100.00 EUR or below.',
    ],
    [
      'crossesBelow',
      null,
      '(from 100.00 or more to less than 100.00), and again when it is back at 100.00 EUR or above.',
    ],
  ] as const)(
    'says for %s with recovery at %d whether the level itself counts',
    (operator, recovery, words) => {
      expect(describeRule(aRule(aCondition(operator, { recovery })), BALANCE)).toContain(words);
    },
  );

  it('says the same of ranges', () => {
    expect(describeRule(aRule(aCondition('between', { upper: 20_000 })), BALANCE)).toContain(
      'is between 100.00 and 200.00 EUR (both included), and again when it has left that range.',
    );
    expect(describeRule(aRule(aCondition('outside', { upper: 20_000 })), BALANCE)).toContain(
      '(not at exactly 100.00 or 200.00), and again when it is back between 100.00 and 200.00 EUR (both included).',
    );
  });

  it('says that a crossing waits, whatever the rule asks for', () => {
    const waits = 'If this is so already, it waits until that has ended and happens anew.';
    expect(describeRule(aRule(aCondition('crossesAbove')), BALANCE)).toContain(waits);
    expect(describeRule(aRule(aCondition('above'), { onCreate: 'waitForCross' }), BALANCE)).toContain(waits);
  });

  it('says how often a rule for a single time tells', () => {
    const once = aRule(aCondition('above'), { lifecycle: 'once' });
    expect(describeRule(once, BALANCE)).toContain('It does so a single time, and then never again.');
    expect(describeRule({ ...once, subjects: { kind: 'owned' } }, BALANCE)).toContain(
      'a single time for each of them',
    );
  });

  it.each([
    [['flight:UA1', 'flight:UA2'], 'the level of flight UA1 or flight UA2 is'],
    [['a:1', 'a:2', 'a:3'], 'the level of a 1, a 2 or a 3 is'],
    [['a:1', 'a:2', 'a:3', 'a:4', 'a:5'], 'the level of a 1, a 2, a 3 or 2 more is'],
  ])('names some subjects and counts the rest', (subjects, words) => {
    expect(
      describeRule(aRule(aCondition('above'), { subjects: { kind: 'listed', subjects } }), INDEX),
    ).toContain(words);
  });

  it('names what the customer owns as such', () => {
    expect(describeRule(aRule(aCondition('above'), { subjects: { kind: 'owned' } }), BALANCE)).toContain(
      'the balance of each of those you own is above',
    );
  });
});
