import type { Condition, Operator } from '../rule';

/** How the two cuts of an instance are read; see `truthOf`. Numbers, since millions of instances keep one in a byte. */
export const RISING = 0;
export const FALLING = 1;
export const INSIDE = 2;
export const OUTSIDE = 3;
export type Shape = typeof RISING | typeof FALLING | typeof INSIDE | typeof OUTSIDE;

/** `CLEAR`: recovered; `BETWEEN`: holds no more, but the recovery level is not reached; `HELD`: the condition holds. */
export const CLEAR = 0;
export const BETWEEN = 1;
export const HELD = 2;
export type Truth = typeof CLEAR | typeof BETWEEN | typeof HELD;

/**
 * A condition as two integers that divide the number line; truth changes only where a value passes one of them.
 * A value lies at or above a cut, or below it: inclusive and exclusive levels have become the same thing.
 */
export interface Cuts {
  shape: Shape;
  /** `RISING` holds from here up, `FALLING` below here; the lower end of `INSIDE` and `OUTSIDE`. */
  first: number;
  /** Where `RISING` and `FALLING` count as recovered, equal to `first` without a recovery level; otherwise the upper end. */
  second: number;
}

/**
 * Reduces a condition to cuts. Values are whole numbers, so `above 5` is `from 6 up`, and the next whole number
 * stays exact: the largest cut is 2^53, which a float64 still holds.
 *
 * @throws Error on a condition that `checkCondition` refuses: a bug of the caller, since NaN would unsort an index
 */
export function toCuts(condition: Condition): Cuts {
  const cuts = REDUCE[condition.operator](condition);
  if (!Number.isInteger(cuts.first) || !Number.isInteger(cuts.second)) {
    throw new Error(`condition was never checked: ${JSON.stringify(condition)}`);
  }
  return cuts;
}

const REDUCE: Record<Operator, (condition: Condition) => Cuts> = {
  above: ({ threshold, recovery }) => rising(threshold + 1, recovery),
  crossesAbove: ({ threshold, recovery }) => rising(threshold + 1, recovery),
  atLeast: ({ threshold, recovery }) => rising(threshold, recovery),
  below: ({ threshold, recovery }) => falling(threshold, recovery),
  crossesBelow: ({ threshold, recovery }) => falling(threshold, recovery),
  atMost: ({ threshold, recovery }) => falling(threshold + 1, recovery),
  between: ({ threshold, upper }) => ({ shape: INSIDE, first: threshold, second: after(upper) }),
  outside: ({ threshold, upper }) => ({ shape: OUTSIDE, first: threshold, second: after(upper) }),
  equals: ({ threshold }) => ({ shape: INSIDE, first: threshold, second: threshold + 1 }),
};

/** Recovered at or below the recovery level, therefore below the whole number after it. */
function rising(first: number, recovery: number | null): Cuts {
  return { shape: RISING, first, second: recovery === null ? first : recovery + 1 };
}

function falling(first: number, recovery: number | null): Cuts {
  return { shape: FALLING, first, second: recovery ?? first };
}

function after(upper: number | null): number {
  return (upper ?? Number.NaN) + 1;
}

/** Reads a value against two cuts; the only comparison that production makes. */
export function truthOf(shape: number, first: number, second: number, value: number): Truth {
  if (shape === RISING) return value >= first ? HELD : value < second ? CLEAR : BETWEEN;
  if (shape === FALLING) return value < first ? HELD : value >= second ? CLEAR : BETWEEN;
  const inside = value >= first && value < second;
  return inside === (shape === INSIDE) ? HELD : CLEAR;
}

/** A crossing needs a value from before: it never fires on the first one. */
export function isCrossing(operator: Operator): boolean {
  return operator === 'crossesAbove' || operator === 'crossesBelow';
}
