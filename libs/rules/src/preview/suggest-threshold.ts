import { PLAIN_FACTS } from '../composed/metric-facts';
import { programOf } from '../composed/program';
import type { InstanceChange } from '../instance';
import type { Measure } from '../measure';
import { openMeasure } from '../measures/open-measure';
import { isCrossing, toCuts, type Cuts } from '../plain/cuts';
import { BOUNDS } from '../rule-bounds';
import type { Condition, Operator } from '../rule';
import { asking, replayPast, type RuleToPreview, type SeriesPast } from './replay-past';
import { countFirings, turningCodes } from './turning-codes';

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

/** How often the rule would have fired at some thresholds; where that is too often, at least more than it may. */
type Trial = (thresholds: readonly number[]) => Suggestion[];

/**
 * Looks for the nearest round threshold, on the side where the rule fires less often, at which it would have fired at
 * most so often and still at least once. Reads once what the measure said through the past, and counts on that: which
 * is right where nothing but the measure has a say, and is to be proved by the matcher all the same.
 * @param quiet a rule that fires no more often needs no other threshold
 * @returns null where there is none, or where it cannot be counted
 */
export function likelyThreshold(
  rule: RuleToPreview,
  pasts: Pasts,
  { most, quiet }: { most: number; quiet: number },
): Suggestion | null {
  const way = wayOut(rule);
  if (way === 0 || !isBare(rule)) return null;
  const turns = pasts.subjects.map(({ series }) => turnsOf(rule, series, pasts.until));
  const [own] = countingTrial(rule, turns, quiet)([rule.condition.threshold]);
  if (!own || own.firings <= quiet) return null;
  return nearest(rule, way, { most, trial: countingTrial(rule, turns, most) });
}

/**
 * The same, proved. Where more than the measure has a say, such as how long something lasts, the matcher watches all
 * candidates in the same walk, like so many rules.
 * @param likely what `likelyThreshold` gave
 * @param proved how often the rule fired there
 * @returns null also where one threshold does not say it all: levels, ranges, several questions, a single firing
 */
export function suggestThreshold(
  rule: RuleToPreview,
  pasts: Pasts,
  { most, likely, proved }: { most: number; likely: Suggestion | null; proved: number },
): Suggestion | null {
  const way = wayOut(rule);
  if (way === 0) return null;
  if (isBare(rule) && (!likely || likely.firings === proved)) return likely;
  return nearest(rule, way, { most, trial: (thresholds) => tryThresholds(rule, thresholds, pasts) });
}

/**
 * Tries first those at doubled distances, then between the last that was too close and the first that was not, ever
 * finer.
 */
function nearest(
  rule: RuleToPreview,
  way: 1 | -1,
  { most, trial }: { most: number; trial: Trial },
): Suggestion | null {
  let near = rule.condition.threshold;
  let now = trial(doubledFrom(near, way, farthest(leafOf(rule).measure)));
  for (let walk = 0; walk < WALKS; walk += 1) {
    const first = now.findIndex(({ firings }) => firings <= most);
    const reached = now[first];
    if (!reached) return null;
    near = now[first - 1]?.threshold ?? near;
    const between = roundLevels(near, reached.threshold, way);
    const isLast = between.length === 0;
    if (reached.firings > 0 && (walk > 0 || isLast)) return reached;
    if (isLast) return null;
    now = [...trial(between), reached];
  }
  return null;
}

/** @param turns what the measure of each subject read */
function countingTrial(rule: RuleToPreview, turns: readonly number[][], most: number): Trial {
  const waits = rule.onCreate === 'waitForCross' || isCrossing(rule.condition.operator);
  return (thresholds) =>
    thresholds.map((threshold) => {
      const cuts = cutsOf(rule, atLevel(rule)(threshold));
      let firings = 0;
      for (const each of turns) firings += countFirings(each, cuts, { waits, most });
      return { threshold, firings };
    });
}

function turnsOf(rule: RuleToPreview, series: readonly SeriesPast[], until: number): number[] {
  const { metric, measure } = leafOf(rule);
  const { kind, scale, startsAtZero, allowedLatenessMs } = rule.metrics[metric] ?? PLAIN_FACTS;
  const decidesEarly = outwards(rule) === 1;
  const options = { kind, scale, startsAtZero, decidesEarly, upTo: Number.POSITIVE_INFINITY };
  const points = series.find((each) => each.metric === metric)?.points ?? [];
  return turningCodes(openMeasure(measure, options, null), { points, allowedLatenessMs, until });
}

function cutsOf({ composed }: RuleToPreview, condition: Condition): Cuts {
  return composed ? programOf(asking(composed, condition)).leaves[0]!.cuts[0]! : toCuts(condition);
}

/** Nothing but the measure has a say: neither time nor silence, and no end. */
function isBare({ composed }: RuleToPreview): boolean {
  if (!composed) return true;
  const { tree, forMs, keepFiringMs, noData, rearmAfterMs, expiresAt, maxFirings } = composed;
  const ends = [noData, rearmAfterMs, expiresAt, maxFirings, 'leaf' in tree ? tree.leaf.maxAgeMs : 0];
  return forMs === 0 && keepFiringMs === 0 && ends.every((each) => each === null);
}

function doubledFrom(threshold: number, way: 1 | -1, far: number): number[] {
  const levels: number[] = [];
  for (let distance = 1; distance <= far; distance *= 2) levels.push(threshold + way * distance);
  return levels.filter((level) => Math.abs(level) <= far);
}

function wayOut(rule: RuleToPreview): 1 | -1 | 0 {
  const { composed, lifecycle } = rule;
  const isSingle = !composed || ('leaf' in composed.tree && composed.levels.length === 0);
  return isSingle && lifecycle === 'recurring' ? outwards(rule) : 0;
}

function outwards({ condition }: RuleToPreview): 1 | -1 | 0 {
  return OUTWARDS[condition.operator];
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

function leafOf({ metric, composed }: RuleToPreview): { metric: string; measure: Measure } {
  return composed && 'leaf' in composed.tree ? composed.tree.leaf : { metric, measure: { kind: 'value' } };
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
