import fc from 'fast-check';
import { checkCondition } from './check-condition';
import { isHeld } from './plain/is-held';
import { OPERATORS } from './rule';
import type { Condition, Operator } from './rule';

const EUR = { unit: 'EUR', scale: 2 };

function aCondition(operator: Operator, threshold = 10_000, rest: Partial<Condition> = {}): Condition {
  return { operator, threshold, upper: null, recovery: null, ...rest };
}

describe('checking a condition before it is saved', () => {
  it('lets each operator pass in its plain form', () => {
    for (const operator of OPERATORS) {
      const isRange = operator === 'between' || operator === 'outside';
      expect(checkCondition(aCondition(operator, 100, { upper: isRange ? 100 : null }))).toEqual([]);
    }
  });

  it.each([
    ['above', 10_000, 10_001, 'at most 100.00 EUR'],
    ['crossesAbove', 10_000, 10_001, 'at most 100.00 EUR'],
    ['atLeast', 9_999, 10_000, 'less than 100.00 EUR'],
    ['below', 10_000, 9_999, 'at least 100.00 EUR'],
    ['crossesBelow', 10_000, 9_999, 'at least 100.00 EUR'],
    ['atMost', 10_001, 10_000, 'more than 100.00 EUR'],
  ] as const)(
    'wants the recovery of %s on the safe side, to the last decimal',
    (operator, safe, unsafe, right) => {
      expect(checkCondition(aCondition(operator, 10_000, { recovery: safe }), EUR)).toEqual([]);
      expect(checkCondition(aCondition(operator, 10_000, { recovery: unsafe }), EUR)).toEqual([
        { field: 'recovery', problem: 'lies on the side where the condition holds', wouldBeRight: right },
      ]);
    },
  );

  it('means by the safe side that no value is both: recovered, and held by the condition', () => {
    const level = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...OPERATORS), level, level, (operator, threshold, recovery) => {
        fc.pre(operator !== 'between' && operator !== 'outside' && operator !== 'equals');
        const condition = aCondition(operator, threshold, { recovery });
        expect(checkCondition(condition).length === 0).toBe(!isHeld(condition, recovery));
      }),
    );
  });

  it.each(['between', 'outside', 'equals'] as const)('knows no recovery level for %s', (operator) => {
    const upper = operator === 'equals' ? null : 200;
    expect(checkCondition(aCondition(operator, 100, { upper, recovery: 50 }))).toMatchObject([
      { field: 'recovery' },
    ]);
  });

  it('wants an upper end for a range, not below the lower one, and none for anything else', () => {
    expect(checkCondition(aCondition('between'))).toMatchObject([{ field: 'upper' }]);
    expect(checkCondition(aCondition('outside', 10_000, { upper: 9_999 }), EUR)).toEqual([
      { field: 'upper', problem: 'is below the lower end', wouldBeRight: 'at least 100.00 EUR' },
    ]);
    expect(checkCondition(aCondition('above', 100, { upper: 200 }))).toMatchObject([{ field: 'upper' }]);
  });

  it('names every problem at once', () => {
    const fields = checkCondition(aCondition('above', 0.5, { upper: 1, recovery: Number.NaN })).map(
      ({ field }) => field,
    );
    expect(fields).toEqual(['threshold', 'upper', 'recovery']);
  });

  it.each([Number.NaN, Infinity, 0.5, 2 ** 53])('refuses %d as a level, since it is not exact', (amount) => {
    expect(checkCondition(aCondition('above', amount))).toMatchObject([{ field: 'threshold' }]);
    expect(checkCondition(aCondition('between', 1, { upper: amount }))).toMatchObject([{ field: 'upper' }]);
    expect(checkCondition(aCondition('above', 1, { recovery: amount }))).toMatchObject([
      { field: 'recovery' },
    ]);
  });

  it('refuses an operator that does not exist, and lists those that do', () => {
    const [problem] = checkCondition(aCondition('over' as Operator));
    expect(problem).toMatchObject({ field: 'operator' });
    expect(problem?.wouldBeRight).toContain('above, atLeast');
  });

  it('is not optional: the engine throws on what was never checked', () => {
    expect(() => isHeld(aCondition('between'), 1)).toThrow('never checked');
  });
});
