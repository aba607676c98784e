import type { InstanceChange } from '../instance';
import type { Measure } from '../measure';
import { BOUNDS } from '../rule-bounds';
import type { Condition, Operator } from '../rule';
import { replayPast, type RuleToPreview, type SeriesPast } from './replay-past';

export interface Suggestion {
  threshold: number;
  /** How often it would have fired there. */
  firings: number;
}

/** Everything that a rule watches, as it was. */
export interface Pasts {
  subjects: readonly { subject: string; series: readonly SeriesPast[] }[];
  /** Log clock up to which time goes on, epoch ms. */
  until: number;
}

/** Levels on the way between two of which one is too close. */
const STEPS = 32;
const FARTHEST = 2 ** 52;
/** Each further walk through the past narrows the gap to a thirtieth. */
const WALKS = 6;

/**
 * The levels to try first, at ever doubled distances from the rule's own, on the side where it fires less often.
 * @returns nothing where one threshold does not say it all: levels, ranges, several questions, a single firing
 */
export function levelsToTry(rule: RuleToPreview): number[] {
  const way = wayOut(rule);
  return way === 0 ? [] : doubledFrom(rule.condition.threshold, way, farthest(measureOf(rule)));
}

/**
 * Looks for the nearest round threshold, on the same side, at which the rule would have fired at most so often and
 * still at least once. All candidates are watched in the same walk through the past, like so many rules: first those at
 * doubled distances, then between the last that was too close and the first that was not, ever finer.
 * @param tried what the levels of `levelsToTry` would have done
 * @returns null where there is none
 */
export function suggestThreshold(
  rule: RuleToPreview,
  pasts: Pasts,
  tried: readonly Suggestion[],
  most: number,
): Suggestion | null {
  let near = rule.condition.threshold;
  let now = tried;
  for (let walk = 0; walk < WALKS; walk += 1) {
    const first = now.findIndex(({ firings }) => firings <= most);
    const reached = now[first];
    if (!reached) return null;
    near = now[first - 1]?.threshold ?? near;
    const between = roundLevels(near, reached.threshold, reached.threshold > near ? 1 : -1);
    const isLast = between.length === 0;
    if (reached.firings > 0 && (walk > 0 || isLast)) return reached;
    if (isLast) return null;
    now = [...tryThresholds(rule, between, pasts), reached];
  }
  return null;
}

function doubledFrom(threshold: number, way: 1 | -1, far: number): number[] {
  const levels: number[] = [];
  for (let distance = 1; distance <= far; distance *= 2) levels.push(threshold + way * distance);
  return levels.filter((level) => Math.abs(level) <= far);
}

function wayOut({ condition, composed, lifecycle }: RuleToPreview): 1 | -1 | 0 {
  const isSingle = !composed || ('leaf' in composed.tree && composed.levels.length === 0);
  return isSingle && lifecycle === 'recurring' ? OUTWARDS[condition.operator] : 0;
}

/** Which way a threshold goes to fire less often; 0 where that is not one threshold's to say. */
const OUTWARDS: Record<Operator, 1 | -1 | 0> = {
  above: 1,
  atLeast: 1,
  crossesAbove: 1,
  below: -1,
  atMost: -1,
  crossesBelow: -1,
  between: 0,
  outside: 0,
  equals: 0,
};

function measureOf({ composed }: RuleToPreview): Measure {
  return composed && 'leaf' in composed.tree ? composed.tree.leaf.measure : { kind: 'value' };
}

/** A count keeps as many events as its level asks for. */
function farthest(measure: Measure): number {
  switch (measure.kind) {
    case 'count':
      return BOUNDS.counted;
    case 'countOfLast':
    case 'countOfPeriods':
      return measure.last;
    case 'value':
    case 'aggregate':
    case 'rate':
    case 'change':
    case 'trailing':
      return FARTHEST;
    default:
      return measure satisfies never;
  }
}

function tryThresholds(rule: RuleToPreview, thresholds: readonly number[], pasts: Pasts): Suggestion[] {
  const tried = thresholds.map((threshold) => ({ threshold, firings: 0 }));
  const count = {
    push: ({ transition, instanceId }: InstanceChange) =>
      transition === 'fired' ? (tried[instanceId]!.firings += 1) : 0,
  };
  for (const { subject, series } of pasts.subjects) {
    replayPast(rule, thresholds.map(atLevel(rule)), { subject, series, until: pasts.until }, count);
  }
  return tried;
}

/** The rule's condition with another threshold. */
export function atLevel({ condition }: RuleToPreview): (threshold: number) => Condition {
  return (threshold) => ({ ...condition, threshold });
}

/** Multiples of 1, 2 or 5 times a power of ten, nearest first, at most some thirty of them. */
function roundLevels(from: number, to: number, way: 1 | -1): number[] {
  const step = roundStep(Math.abs(to - from) / STEPS);
  const levels: number[] = [];
  const begin = way > 0 ? Math.floor(from / step) + 1 : Math.ceil(from / step) - 1;
  for (let level = begin * step; way > 0 ? level < to : level > to; level += way * step) levels.push(level);
  return levels;
}

function roundStep(atLeast: number): number {
  let power = 1;
  for (;;) {
    for (const factor of [1, 2, 5]) if (power * factor >= atLeast) return power * factor;
    power *= 10;
  }
}
