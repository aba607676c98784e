import type { Operator } from './rule';

/** A plain question to one value, for counting: how many of them were above 100? Scaled integers of the metric. */
export interface Test {
  operator: Exclude<Operator, 'crossesAbove' | 'crossesBelow'>;
  threshold: number;
  /** Upper end of `between` and `outside`, otherwise null. */
  upper: number | null;
}

/**
 * `sliding` ends now, in 60 slices of `ceil(ms / 60)` ms: it covers the current slice and the 59 before it.
 * `calendar` runs from the beginning of the current hour, day, week (Monday) or month on a wall clock.
 */
export type Window =
  | { kind: 'sliding'; ms: number }
  | { kind: 'calendar'; period: 'hour' | 'day' | 'week' | 'month'; timeZone: string };

/** `amount` in the metric's unit; `percent` in hundredths of a percent of the reference's size. */
export type ChangeUnit = 'amount' | 'percent';

/**
 * What a condition looks at: a number derived from one series. Thresholds are scaled integers of `scaleOf(measure)`.
 * Measures are shared: all rules of a series that look at the same thing pay for it once.
 */
export type Measure =
  /** The latest value. */
  | { kind: 'value' }
  /** How many events of the last `windowMs`, both ends included, pass the test (null: all of them). */
  | { kind: 'count'; where: Test | null; windowMs: number }
  /** How many of the last `last` events pass the test: "3 of the last 5". */
  | { kind: 'countOfLast'; where: Test; last: number }
  /** How many of the last `last` full periods of `periodMs` had a last value that passes the test. */
  | { kind: 'countOfPeriods'; where: Test; last: number; periodMs: number }
  /** `partial`: decide before the window is full. `rate` is the sum (of a counter: the growth) per `perMs`. */
  | { kind: 'aggregate'; of: 'sum' | 'avg' | 'min' | 'max'; window: Window; partial: boolean }
  | { kind: 'rate'; windowMs: number; perMs: number; partial: boolean }
  /** Value minus reference; `windowMs` for the three window references, `timeZone` for `dayOpen`. */
  | { kind: 'change'; against: 'previous'; unit: ChangeUnit }
  | {
      kind: 'change';
      against: 'windowStart' | 'windowHigh' | 'windowLow';
      windowMs: number;
      unit: ChangeUnit;
    }
  | { kind: 'change'; against: 'dayOpen'; timeZone: string; unit: ChangeUnit }
  /** How far the value lies below its high, or above its low, since the rule was set. */
  | { kind: 'trailing'; from: 'high' | 'low'; unit: ChangeUnit };

/** Decimals of a measure's numbers: counts have none, percentages two, everything else the metric's. */
export function scaleOf(measure: Measure, metricScale: number): number {
  if (measure.kind === 'count' || measure.kind === 'countOfLast' || measure.kind === 'countOfPeriods')
    return 0;
  return 'unit' in measure && measure.unit === 'percent' ? 2 : metricScale;
}
