import { isCrossing } from '../plain/cuts';
import type { ConditionTree, Leaf } from '../composed';
import { describeCondition, edgeWords, recoveryWords, type MetricWords } from './describe-condition';
import { durationWords } from './duration-words';
import { describeMeasure } from './measure-words';

/** Finds the words of a metric; one that is not known is called by its name. */
export type MetricsByName = (metric: string) => MetricWords;

/** "the balance is below 100.00 EUR (not at exactly 100.00) and, at the same time, the delay is above 5 min". */
export function describeTree(tree: ConditionTree, metrics: MetricsByName, exact: boolean): string {
  if ('leaf' in tree) return leafWords(tree.leaf, metrics, exact);
  if ('not' in tree) return `it is not so that ${inner(tree.not, metrics, exact)}`;
  const [parts, word] = 'all' in tree ? [tree.all, ' and '] : [tree.any, ' or '];
  const all = parts.map((part, index) => {
    const words = inner(part, metrics, exact);
    // Otherwise it could be read as the denial of all that follows.
    return 'not' in part && index < parts.length - 1 ? `(${words})` : words;
  });
  return all.join(word);
}

function inner(tree: ConditionTree, metrics: MetricsByName, exact: boolean): string {
  const words = describeTree(tree, metrics, exact);
  return 'leaf' in tree || 'not' in tree ? words : `(${words})`;
}

function leafWords(
  { metric, measure, condition, maxAgeMs }: Leaf,
  metrics: MetricsByName,
  exact: boolean,
): string {
  const words = describeMeasure(measure, metrics(metric));
  const what = ['the', words.title, words.span, exact && words.grain !== '' ? `(${words.grain})` : ''];
  const how = `${describeCondition(condition, words)}${exact ? edgeWords(condition, words) : ''}`;
  const over =
    exact && condition.recovery !== null ? ` (over only when it ${recoveryWords(condition, words)})` : '';
  const age = exact && maxAgeMs !== null ? ` (unknown where older than ${durationWords(maxAgeMs)})` : '';
  return `${what.filter((part) => part !== '').join(' ')} ${how}${over}${age}`;
}

/** The first question of a tree, whose number an alert shows. @throws Error for a tree without one, which is refused */
export function firstLeafOf(tree: ConditionTree): Leaf {
  const [leaf] = leavesOf(tree);
  if (!leaf) throw new Error('a tree has at least one question');
  return leaf;
}

export function leavesOf(tree: ConditionTree): Leaf[] {
  if ('leaf' in tree) return [tree.leaf];
  if ('not' in tree) return leavesOf(tree.not);
  return ('all' in tree ? tree.all : tree.any).flatMap(leavesOf);
}

export function hasCrossing(tree: ConditionTree): boolean {
  return leavesOf(tree).some(({ condition }) => isCrossing(condition.operator));
}
