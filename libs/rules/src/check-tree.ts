import type { Metric } from '@app/contracts';
import { checkCondition } from './check-condition';
import { checkMeasure, within } from './check-measure';
import type { ConditionTree, Leaf } from './composed';
import { scaleOf } from './measure';
import type { Measure } from './measure';
import { isCrossing } from './plain/cuts';
import { BOUNDS } from './rule-bounds';
import type { TermsProblem } from './rule-bounds';

/** What a check has to know beside the terms. */
export interface TermsContext {
  /** Of every metric that the terms name. */
  metrics: ReadonlyMap<string, Pick<Metric, 'unit' | 'scale' | 'kind'>>;
  /** Longest window of the installation. */
  maxWindowMs: number;
  /** Path at which the customer wrote the tree: `when`, or empty for a single condition among the rule's own fields. */
  path: string;
}

/** Codes of fractional numbers are doubled, and must still be exact. */
const MAX_DOUBLED = 2 ** 52;

/** Every problem of the tree, of its leaves and of what they look at, each with its path. */
export function checkTree(tree: ConditionTree, context: TermsContext): TermsProblem[] {
  const problems: TermsProblem[] = [];
  const leaves = leavesOf(tree, context.path);
  if (leaves.length > BOUNDS.leaves)
    problems.push({
      field: context.path,
      problem: `has ${leaves.length} conditions`,
      wouldBeRight: `at most ${BOUNDS.leaves}`,
      limit: 'tooManyConditions',
    });
  if (depthOf(tree) > BOUNDS.depth)
    problems.push({
      field: context.path,
      problem: `is ${depthOf(tree)} deep`,
      wouldBeRight: `at most ${BOUNDS.depth}, a condition alone being 1`,
      limit: 'tooDeep',
    });
  return [
    ...problems,
    ...checkShape(tree, context.path, false),
    ...leaves.flatMap(({ leaf, path }) => checkLeaf(leaf, path, context)),
  ];
}

/** All and any hold something; a crossing is a moment, which cannot be denied. */
function checkShape(tree: ConditionTree, path: string, isDenied: boolean): TermsProblem[] {
  if ('leaf' in tree) {
    if (!isDenied || !isCrossing(tree.leaf.condition.operator)) return [];
    const problem = 'is a crossing, which cannot stand under not';
    return [{ field: at(path, 'operator'), problem, wouldBeRight: 'above, atLeast, below or atMost' }];
  }
  if ('not' in tree) return checkShape(tree.not, at(path, 'not'), true);
  const [word, parts] = 'all' in tree ? (['all', tree.all] as const) : (['any', tree.any] as const);
  if (parts.length === 0)
    return [{ field: at(path, word), problem: 'is empty', wouldBeRight: 'one condition or more' }];
  return parts.flatMap((part, index) => checkShape(part, `${at(path, word)}[${index}]`, isDenied));
}

function checkLeaf(leaf: Leaf, path: string, context: TermsContext): TermsProblem[] {
  const metric = context.metrics.get(leaf.metric);
  if (!metric) {
    const wouldBeRight = 'a name that GET /v1/metrics lists';
    return [{ field: at(path, 'metric'), problem: 'is not defined', wouldBeRight }];
  }
  const unit = { unit: unitOf(leaf.measure, metric.unit), scale: scaleOf(leaf.measure, metric.scale) };
  const age = { min: 1_000, max: BOUNDS.maxDurationMs };
  return [
    ...checkCondition(leaf.condition, unit),
    ...checkReach(leaf),
    ...checkMeasure(leaf.measure, metric, context.maxWindowMs).map((problem) => ({
      ...problem,
      field: `measure.${problem.field}`,
    })),
    ...(leaf.maxAgeMs === null ? [] : within('maxAge', leaf.maxAgeMs, age)),
  ].map((problem) => ({ ...problem, field: at(path, problem.field) }));
}

/** Levels that the measure can never pass, or that it could not be compared with exactly. */
export function checkReach({ measure, condition }: Pick<Leaf, 'measure' | 'condition'>): TermsProblem[] {
  const most = mostOf(measure);
  if (most === null) return [];
  return (['threshold', 'upper', 'recovery'] as const).flatMap((field) => {
    const level = condition[field];
    if (level === null || !Number.isSafeInteger(level)) return [];
    if (level >= most.least && level <= most.greatest) return [];
    const isOverBound = most.greatest === BOUNDS.counted && level > most.greatest;
    const problem = { field, problem: 'is out of reach', wouldBeRight: most.words };
    return [isOverBound ? { ...problem, limit: 'countTooLarge' as const } : problem];
  });
}

function mostOf(measure: Measure): { least: number; greatest: number; words: string } | null {
  if (measure.kind === 'value') return null;
  if (measure.kind === 'count') return wholeUpTo(BOUNDS.counted);
  if (measure.kind === 'countOfLast' || measure.kind === 'countOfPeriods')
    return Number.isInteger(measure.last) ? wholeUpTo(measure.last) : null;
  return { least: -MAX_DOUBLED, greatest: MAX_DOUBLED, words: 'an amount within 2^52 of its last decimal' };
}

function wholeUpTo(greatest: number): { least: number; greatest: number; words: string } {
  return { least: 0, greatest, words: `a whole number from 0 to ${greatest}` };
}

/** Unit of a measure's numbers: counts have none of their own. */
function unitOf(measure: Measure, unit: string): string {
  if (scaleOf(measure, 1) === 0) return '';
  return 'unit' in measure && measure.unit === 'percent' ? '%' : unit;
}

function leavesOf(tree: ConditionTree, path: string): { leaf: Leaf; path: string }[] {
  if ('leaf' in tree) return [{ leaf: tree.leaf, path }];
  if ('not' in tree) return leavesOf(tree.not, at(path, 'not'));
  const [word, parts] = 'all' in tree ? (['all', tree.all] as const) : (['any', tree.any] as const);
  return parts.flatMap((part, index) => leavesOf(part, `${at(path, word)}[${index}]`));
}

function depthOf(tree: ConditionTree): number {
  if ('leaf' in tree) return 1;
  if ('not' in tree) return 1 + depthOf(tree.not);
  return 1 + Math.max(0, ...('all' in tree ? tree.all : tree.any).map(depthOf));
}

function at(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
