import { formatScaled } from '@app/contracts';
import type { Metric } from '@app/contracts';
import { OPERATORS } from './rule';
import type { Condition, Operator } from './rule';

/** One thing wrong with a condition, in words for whoever sent it. */
export interface ConditionProblem {
  field: keyof Condition;
  problem: string;
  wouldBeRight: string;
}

type Unit = Pick<Metric, 'unit' | 'scale'>;

/** What a level must be to lie on the safe side: a value at it must not fulfil the condition. */
const SAFE_SIDE = {
  above: { words: 'at most', holds: (recovery, threshold) => recovery <= threshold },
  crossesAbove: { words: 'at most', holds: (recovery, threshold) => recovery <= threshold },
  atLeast: { words: 'less than', holds: (recovery, threshold) => recovery < threshold },
  below: { words: 'at least', holds: (recovery, threshold) => recovery >= threshold },
  crossesBelow: { words: 'at least', holds: (recovery, threshold) => recovery >= threshold },
  atMost: { words: 'more than', holds: (recovery, threshold) => recovery > threshold },
  between: null,
  outside: null,
  equals: null,
} satisfies Record<
  Operator,
  { words: string; holds: (recovery: number, threshold: number) => boolean } | null
>;

/**
 * Checks a condition before it is saved, so that nothing later needs to.
 * @param unit how to write levels in the answer; without it they are the bare scaled integers
 * @returns every problem at once, in the order of the fields; empty if the condition can be used
 */
export function checkCondition(
  condition: Condition,
  unit: Unit = { unit: '', scale: 0 },
): ConditionProblem[] {
  if (!OPERATORS.includes(condition.operator)) {
    return [
      { field: 'operator', problem: 'is not an operator', wouldBeRight: `one of ${OPERATORS.join(', ')}` },
    ];
  }
  return [...checkThreshold(condition), ...checkUpper(condition, unit), ...checkRecovery(condition, unit)];
}

function checkThreshold({ threshold }: Condition): ConditionProblem[] {
  return Number.isSafeInteger(threshold) ? [] : [notExact('threshold')];
}

function checkUpper({ operator, threshold, upper }: Condition, unit: Unit): ConditionProblem[] {
  const isRange = operator === 'between' || operator === 'outside';
  if (!isRange) {
    if (upper === null) return [];
    return [{ field: 'upper', problem: `has no meaning for ${operator}`, wouldBeRight: 'no upper end' }];
  }
  if (upper === null) {
    return [
      { field: 'upper', problem: `is missing for ${operator}`, wouldBeRight: 'the upper end of the range' },
    ];
  }
  if (!Number.isSafeInteger(upper)) return [notExact('upper')];
  if (upper >= threshold || !Number.isSafeInteger(threshold)) return [];
  return [
    { field: 'upper', problem: 'is below the lower end', wouldBeRight: `at least ${level(threshold, unit)}` },
  ];
}

function checkRecovery({ operator, threshold, recovery }: Condition, unit: Unit): ConditionProblem[] {
  if (recovery === null) return [];
  const side = SAFE_SIDE[operator];
  if (!side) {
    const problem = `has no meaning for ${operator}`;
    return [
      { field: 'recovery', problem, wouldBeRight: 'no recovery level: it recovers where it stops holding' },
    ];
  }
  if (!Number.isSafeInteger(recovery)) return [notExact('recovery')];
  if (side.holds(recovery, threshold) || !Number.isSafeInteger(threshold)) return [];
  return [
    {
      field: 'recovery',
      problem: 'lies on the side where the condition holds',
      wouldBeRight: `${side.words} ${level(threshold, unit)}`,
    },
  ];
}

function notExact(field: keyof Condition): ConditionProblem {
  return {
    field,
    problem: 'is not an exact amount',
    wouldBeRight: "a number with the metric's decimals, within 2^53",
  };
}

function level(value: number, { unit, scale }: Unit): string {
  return unit === '' ? formatScaled(value, scale) : `${formatScaled(value, scale)} ${unit}`;
}
