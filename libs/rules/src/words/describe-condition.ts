import { groupedAmount } from '@app/contracts';
import type { Metric } from '@app/contracts';
import type { Condition, Operator } from '../rule';

/** What of a metric its sentences need; without the kind a counter's sum is not called its growth. */
export type MetricWords = Pick<Metric, 'title' | 'unit' | 'scale'> & Partial<Pick<Metric, 'kind'>>;

/** The levels of a condition as written: with the unit, and bare where the unit stands nearby. */
export interface LevelWords {
  level: string;
  bareLevel: string;
  upper: string;
  bareUpper: string;
  /** Null without a recovery level. */
  recovery: string | null;
}

const HOLDS: Record<Operator, (levels: LevelWords) => string> = {
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

/** What the condition's own words leave open: whether the level itself counts. */
const EDGE: Record<Operator, (levels: LevelWords) => string> = {
  above: ({ bareLevel }) => ` (not at exactly ${bareLevel})`,
  below: ({ bareLevel }) => ` (not at exactly ${bareLevel})`,
  atLeast: ({ bareLevel }) => ` (also at exactly ${bareLevel})`,
  atMost: ({ bareLevel }) => ` (also at exactly ${bareLevel})`,
  crossesAbove: ({ bareLevel }) => ` (from ${bareLevel} or less to more than ${bareLevel})`,
  crossesBelow: ({ bareLevel }) => ` (from ${bareLevel} or more to less than ${bareLevel})`,
  between: () => '',
  outside: ({ bareLevel, bareUpper }) => ` (not at exactly ${bareLevel} or ${bareUpper})`,
  equals: () => '',
};

const RECOVERS: Record<Operator, (levels: LevelWords) => string> = {
  above: ({ level, recovery }) => `is back at ${recovery ?? level} or below`,
  crossesAbove: ({ level, recovery }) => `is back at ${recovery ?? level} or below`,
  below: ({ level, recovery }) => `is back at ${recovery ?? level} or above`,
  crossesBelow: ({ level, recovery }) => `is back at ${recovery ?? level} or above`,
  atLeast: ({ level, recovery }) =>
    recovery === null ? `is back below ${level}` : `is back at ${recovery} or below`,
  atMost: ({ level, recovery }) =>
    recovery === null ? `is back above ${level}` : `is back at ${recovery} or above`,
  between: () => 'has left that range',
  outside: ({ bareLevel, upper }) => `is back between ${bareLevel} and ${upper} (both included)`,
  equals: ({ level }) => `is no longer exactly ${level}`,
};

/**
 * The condition as it follows "X, which …" or "the balance …": "is above 45 min", "falls below 100.00 EUR".
 * @param condition has passed `checkCondition`
 */
export function describeCondition(condition: Condition, metric: MetricWords): string {
  return HOLDS[condition.operator](levelsOf(condition, metric));
}

/** " (not at exactly 100.00)", or nothing where the condition's words leave nothing open. */
export function edgeWords(condition: Condition, metric: MetricWords): string {
  return EDGE[condition.operator](levelsOf(condition, metric));
}

/** As it follows "it": "is back at 100.00 EUR or above". */
export function recoveryWords(condition: Condition, metric: MetricWords): string {
  return RECOVERS[condition.operator](levelsOf(condition, metric));
}

function levelsOf({ threshold, upper, recovery }: Condition, metric: MetricWords): LevelWords {
  return {
    level: amountWords(threshold, metric),
    bareLevel: groupedAmount(threshold, metric.scale),
    upper: amountWords(upper ?? threshold, metric),
    bareUpper: groupedAmount(upper ?? threshold, metric.scale),
    recovery: recovery === null ? null : amountWords(recovery, metric),
  };
}

export function amountWords(value: number, { unit, scale }: MetricWords): string {
  return unit === '' ? groupedAmount(value, scale) : `${groupedAmount(value, scale)} ${unit}`;
}
