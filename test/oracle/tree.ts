import type { Condition, ConditionTree, Leaf, Level } from '@app/rules';
import { compare, type Fraction, type Reading } from './reading';

/** Three-valued: true, false, or nobody knows. */
export type Kleene = 'T' | 'F' | 'U';
/** Between trigger and recovery level (hysteresis) the state stays. */
export type Truth = 'held' | 'between' | 'clear' | 'unknown';

/** The leaves of a tree from left to right; the first one is that whose silence counts. */
export function leavesOf(tree: ConditionTree): Leaf[] {
  if ('leaf' in tree) return [tree.leaf];
  if ('not' in tree) return leavesOf(tree.not);
  return ('all' in tree ? tree.all : tree.any).flatMap(leavesOf);
}

/** @param readings what each leaf's measure says, in the order of `leavesOf` */
export function truthOf(tree: ConditionTree, readings: ReadonlyMap<Leaf, Reading>): Truth {
  if (trigger(tree, readings) === 'T') return 'held';
  if (loose(tree, readings) === 'F') return 'clear';
  return trigger(tree, readings) === 'U' ? 'unknown' : 'between';
}

/** Whether it holds. */
function trigger(tree: ConditionTree, readings: ReadonlyMap<Leaf, Reading>): Kleene {
  if ('leaf' in tree)
    return ofLeaf(tree.leaf, readings, (known) => leafTruth(tree.leaf.condition, known) === 'held');
  if ('not' in tree) return negated(loose(tree.not, readings));
  return 'all' in tree
    ? all(tree.all.map((part) => trigger(part, readings)))
    : any(tree.any.map((part) => trigger(part, readings)));
}

/** Whether it has not recovered. */
function loose(tree: ConditionTree, readings: ReadonlyMap<Leaf, Reading>): Kleene {
  if ('leaf' in tree)
    return ofLeaf(tree.leaf, readings, (known) => leafTruth(tree.leaf.condition, known) !== 'clear');
  if ('not' in tree) return negated(trigger(tree.not, readings));
  return 'all' in tree
    ? all(tree.all.map((part) => loose(part, readings)))
    : any(tree.any.map((part) => loose(part, readings)));
}

function ofLeaf(
  leaf: Leaf,
  readings: ReadonlyMap<Leaf, Reading>,
  asks: (known: Fraction) => boolean,
): Kleene {
  const reading = readings.get(leaf);
  if (!reading || 'unknown' in reading) return 'U';
  return asks(reading.known) ? 'T' : 'F';
}

const negated = (one: Kleene): Kleene => (one === 'U' ? 'U' : one === 'T' ? 'F' : 'T');
const all = (parts: Kleene[]): Kleene => (parts.includes('F') ? 'F' : parts.includes('U') ? 'U' : 'T');
const any = (parts: Kleene[]): Kleene => (parts.includes('T') ? 'T' : parts.includes('U') ? 'U' : 'F');

/** A condition and a number: it holds, has recovered, or neither. */
export function leafTruth(condition: Condition, known: Fraction): 'held' | 'between' | 'clear' {
  if (holds(condition, known)) return 'held';
  return recovers(condition, known) ? 'clear' : 'between';
}

function holds({ operator, threshold, upper }: Condition, known: Fraction): boolean {
  const against = compare(known, threshold);
  const againstTop = compare(known, upper ?? threshold);
  switch (operator) {
    case 'above':
    case 'crossesAbove':
      return against > 0;
    case 'atLeast':
      return against >= 0;
    case 'below':
    case 'crossesBelow':
      return against < 0;
    case 'atMost':
      return against <= 0;
    case 'between':
      return against >= 0 && againstTop <= 0;
    case 'outside':
      return against < 0 || againstTop > 0;
    case 'equals':
      return against === 0;
  }
}

function recovers({ operator, recovery }: Condition, known: Fraction): boolean {
  if (recovery === null) return true;
  const fromAbove = operator === 'above' || operator === 'atLeast' || operator === 'crossesAbove';
  return fromAbove ? compare(known, recovery) <= 0 : compare(known, recovery) >= 0;
}

/**
 * Of several levels: the highest that holds; a level that held before is only left where its own recovery is reached. None
 * is left where the lowest has not recovered.
 * @param levels the lowest first
 * @param current counted from 1; 0 if none held
 */
export function levelOf(condition: Condition, levels: Level[], current: number, known: Fraction): number {
  const conditions = levels.map(({ threshold, recovery }) => ({ ...condition, threshold, recovery }));
  const highest = conditions.findLastIndex((one) => leafTruth(one, known) === 'held') + 1;
  if (highest >= current) return highest;
  if (leafTruth(conditions[current - 1]!, known) !== 'clear') return current;
  return leafTruth(conditions[0]!, known) === 'clear' ? highest : Math.max(highest, 1);
}
