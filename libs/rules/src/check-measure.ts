import type { Metric } from '@app/contracts';
import { checkCondition } from './check-condition';
import type { Measure, Test, Window } from './measure';
import { BOUNDS } from './rule-bounds';
import type { Limit, TermsProblem } from './rule-bounds';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** At their longest, for the limit on windows; the window itself follows the calendar. */
const CALENDAR_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS, month: 744 * HOUR_MS };

type MetricSize = Pick<Metric, 'unit' | 'scale' | 'kind'>;

/**
 * Checks what a condition looks at: that windows and counts are within bounds, and that it means something for the
 * kind of metric.
 * @param maxWindowMs of the installation
 * @returns every problem, with fields relative to the measure (`window`, `where.threshold`)
 */
export function checkMeasure(measure: Measure, metric: MetricSize, maxWindowMs: number): TermsProblem[] {
  switch (measure.kind) {
    case 'value':
    case 'trailing':
      return [];
    case 'count':
      return [...checkWindow(measure.windowMs, maxWindowMs), ...checkTest(measure.where, metric)];
    case 'countOfLast':
      return [...checkLast(measure.last, BOUNDS.counted), ...checkTest(measure.where, metric)];
    case 'countOfPeriods':
      return [...checkPeriods(measure, maxWindowMs), ...checkTest(measure.where, metric)];
    case 'aggregate':
      return checkAggregated(measure.window, maxWindowMs);
    case 'rate':
      return [...checkRate(measure, metric), ...checkWindow(measure.windowMs, maxWindowMs)];
    case 'change':
      return 'windowMs' in measure ? checkWindow(measure.windowMs, maxWindowMs) : [];
    default:
      return measure satisfies never;
  }
}

function checkWindow(ms: number, maxWindowMs: number): TermsProblem[] {
  return within('window', ms, { min: BOUNDS.minWindowMs, max: maxWindowMs, limit: 'windowTooLong' });
}

function checkAggregated(window: Window, maxWindowMs: number): TermsProblem[] {
  if (window.kind === 'sliding') return checkWindow(window.ms, maxWindowMs);
  if (CALENDAR_MS[window.period] <= maxWindowMs) return [];
  return [
    {
      field: 'calendar',
      problem: `a ${window.period} is longer than windows may be here`,
      wouldBeRight: `at most ${inWords(maxWindowMs)}`,
      limit: 'windowTooLong',
    },
  ];
}

function checkLast(last: number, max: number): TermsProblem[] {
  if (Number.isInteger(last) && last >= 1 && last <= max) return [];
  const problem = Number.isInteger(last) && last > max ? 'is too many to count' : 'is not a number of them';
  const right = { wouldBeRight: `a whole number from 1 to ${max}` };
  return [{ field: 'last', problem, ...right, ...(last > max ? { limit: 'countTooLarge' as const } : {}) }];
}

function checkPeriods(
  { last, periodMs }: Extract<Measure, { kind: 'countOfPeriods' }>,
  maxWindowMs: number,
): TermsProblem[] {
  const problems = [
    ...checkLast(last, BOUNDS.periods),
    ...within('period', periodMs, { min: BOUNDS.minWindowMs, max: maxWindowMs, limit: 'windowTooLong' }),
  ];
  if (problems.length > 0 || last * periodMs <= maxWindowMs) return problems;
  const wouldBeRight = `periods that together last at most ${inWords(maxWindowMs)}`;
  return [
    {
      field: 'last',
      problem: 'reaches further back than windows may',
      wouldBeRight,
      limit: 'windowTooLong',
    },
  ];
}

function checkRate(
  { perMs }: Extract<Measure, { kind: 'rate' }>,
  { kind }: Pick<Metric, 'kind'>,
): TermsProblem[] {
  const problems = within('per', perMs, { min: SECOND_MS, max: BOUNDS.maxWindowMs });
  if (kind !== 'gauge') return problems;
  const wouldBeRight = 'a metric that is a counter or a delta; for a gauge the measure change';
  return [{ field: 'kind', problem: 'has no meaning for a gauge', wouldBeRight }, ...problems];
}

function checkTest(where: Test | null, metric: MetricSize): TermsProblem[] {
  if (where === null) return [];
  return checkCondition({ ...where, recovery: null }, metric).map((problem) => ({
    ...problem,
    field: `where.${problem.field}`,
  }));
}

/** A duration between bounds, both included; NaN is none of them. */
export function within(
  field: string,
  ms: number,
  { min, max, limit }: { min: number; max: number; limit?: Limit },
): TermsProblem[] {
  const wouldBeRight = `from ${inWords(min)} to ${inWords(max)}`;
  if (ms > max) return [{ field, problem: 'is too long', wouldBeRight, ...(limit ? { limit } : {}) }];
  return ms >= min ? [] : [{ field, problem: 'is too short', wouldBeRight }];
}

const UNITS = [
  [86_400_000, 'day'],
  [HOUR_MS, 'hour'],
  [60_000, 'minute'],
  [SECOND_MS, 'second'],
] as const;

/** The largest unit that divides it: `31 days`, `90 minutes`. */
function inWords(ms: number): string {
  const [size, name] = UNITS.find(([unit]) => ms > 0 && ms % unit === 0) ?? [SECOND_MS, 'second'];
  const count = ms / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
