import type { ComposedTerms, ConditionTree, Leaf } from '../composed';
import type { Measure } from '../measure';
import { stepsOf } from '../measures/series-measure';
import { isCrossing, toCuts } from '../plain/cuts';
import type { Cuts } from '../plain/cuts';
import type { Condition } from '../rule';
import { canonical } from '../canonical';
import type { TreeNode } from './evaluate-tree';

/** A leaf as it is evaluated: its levels are codes of its measure. */
export interface ProgramLeaf {
  metric: string;
  measure: Measure;
  /** Equal for leaves that share their measure. */
  key: string;
  decidesEarly: boolean;
  upTo: number;
  /** One pair, or one for each level of the rule, the lowest first. */
  cuts: readonly Cuts[];
  maxAgeMs: number | null;
}

/** A rule's composed terms, made ready once for all its instances. */
export interface Program {
  terms: ComposedTerms;
  leaves: readonly ProgramLeaf[];
  tree: TreeNode;
  hasLevels: boolean;
  /** A leaf crosses: its rule never fires on what holds as it begins to watch. */
  hasCrossing: boolean;
  /** Names in order, each once. */
  metrics: readonly string[];
}

const compiled = new WeakMap<ComposedTerms, Program>();

/** Instances that name the same terms object share one program. */
export function programOf(terms: ComposedTerms): Program {
  let program = compiled.get(terms);
  if (!program) compiled.set(terms, (program = compile(terms)));
  return program;
}

function compile(terms: ComposedTerms): Program {
  const found: Leaf[] = [];
  const tree = number(terms.tree, found);
  const leaves = found.map((leaf) => compileLeaf(leaf, terms));
  return {
    terms,
    leaves,
    tree,
    hasLevels: terms.levels.length > 0,
    hasCrossing: found.some(({ condition }) => isCrossing(condition.operator)),
    metrics: [...new Set(found.map(({ metric }) => metric))].sort(),
  };
}

function number(tree: ConditionTree, leaves: Leaf[]): TreeNode {
  if ('leaf' in tree) return { kind: 'leaf', leaf: leaves.push(tree.leaf) - 1 };
  if ('not' in tree) return { kind: 'not', node: number(tree.not, leaves) };
  if ('all' in tree) return { kind: 'all', nodes: tree.all.map((each) => number(each, leaves)) };
  return { kind: 'any', nodes: tree.any.map((each) => number(each, leaves)) };
}

function compileLeaf({ metric, measure, condition, maxAgeMs }: Leaf, { levels }: ComposedTerms): ProgramLeaf {
  const conditions =
    levels.length === 0
      ? [condition]
      : levels.map(({ threshold, recovery }): Condition => ({ ...condition, threshold, recovery }));
  const isCount =
    measure.kind === 'count' || measure.kind === 'countOfLast' || measure.kind === 'countOfPeriods';
  const decidesEarly = isCount && ['above', 'atLeast', 'crossesAbove'].includes(condition.operator);
  const upTo = measure.kind === 'count' ? roomFor(conditions) : Number.POSITIVE_INFINITY;
  const steps = stepsOf(measure);
  return {
    metric,
    measure,
    key: measureKey(measure, decidesEarly, upTo),
    decidesEarly,
    upTo,
    cuts: conditions.map((each) => toCuts(inCodes(each, steps))),
    maxAgeMs,
  };
}

function inCodes(condition: Condition, steps: 1 | 2): Condition {
  const { operator, threshold, upper, recovery } = condition;
  if (steps === 1) return condition;
  const doubled = (level: number | null): number | null => (level === null ? null : level * 2);
  return { operator, threshold: threshold * 2, upper: doubled(upper), recovery: doubled(recovery) };
}

/** Rooms come in few sizes, so that rules with different levels can share what they count. */
const ROOMS = [16, 128, 1_024];

function roomFor(conditions: readonly Condition[]): number {
  const levels = conditions.flatMap(({ threshold, upper, recovery }) => [
    threshold,
    upper ?? 0,
    recovery ?? 0,
  ]);
  const needed = Math.max(...levels) + 1;
  return ROOMS.find((room) => room >= needed) ?? needed;
}

function measureKey(measure: Measure, decidesEarly: boolean, upTo: number): string {
  const room = upTo === Number.POSITIVE_INFINITY ? '' : ` ${upTo}`;
  return `${canonical(measure)}${decidesEarly ? ' early' : ''}${room}`;
}
