import { formatScaled } from '@app/contracts';
import type { Metric } from '@app/contracts';
import type { Condition, Operator } from '../rule';

/** What of a metric its sentences need. */
export type MetricWords = Pick<Metric, 'title' | 'unit' | 'scale'>;

/** The levels of a condition as written: with the unit, and bare where the unit stands nearby. */
export interface Levels {
  level: string;
  bareLevel: string;
  upper: string;
  bareUpper: string;
  /** Null without a recovery level. */
  recovery: string | null;
}

const HOLDS: Record<Operator, (levels: Levels) => string> = {
  above: ({ level }) => `is above ${level}`,
  atLeast: ({ level }) => `is at least ${level}`,
  below: ({ level }) => `is below ${level}`,
  atMost: ({ level }) => `is at most ${level}`,
  between: ({ bareLevel, upper }) => `is between ${bareLevel} and ${upper} (both included)`,
  outside: ({ level, upper }) => `is below ${level} or above ${upper}`,
  equals: ({ level }) => `is exactly ${level}`,
  crossesAbove: ({ level }) => `rises above ${level}`,
  crossesBelow: ({ level }) => `falls below ${level}`,
};

/**
 * The condition as it follows "X, which …" or "the balance …": "is above 45 min", "falls below 100.00 EUR".
 * @param condition has passed `checkCondition`
 */
export function describeCondition(condition: Condition, metric: MetricWords): string {
  return HOLDS[condition.operator](levelsOf(condition, metric));
}

export function levelsOf({ threshold, upper, recovery }: Condition, metric: MetricWords): Levels {
  return {
    level: amount(threshold, metric),
    bareLevel: formatScaled(threshold, metric.scale),
    upper: amount(upper ?? threshold, metric),
    bareUpper: formatScaled(upper ?? threshold, metric.scale),
    recovery: recovery === null ? null : amount(recovery, metric),
  };
}

function amount(value: number, { unit, scale }: MetricWords): string {
  return unit === '' ? formatScaled(value, scale) : `${formatScaled(value, scale)} ${unit}`;
}
