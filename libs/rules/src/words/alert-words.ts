import type { ComposedTerms, Severity } from '../composed';
import type { Condition } from '../rule';
import { describeCondition, type MetricWords } from './describe-condition';
import { describeTree, firstLeafOf, type MetricsByName } from './describe-tree';
import { describeMeasure } from './measure-words';

export interface AlertWords {
  /** As it follows "X, which …": "is above 45 min". */
  condition: string;
  /** What the alert's number is, as it follows "the"; null where it is the metric's latest value. */
  measure: string | null;
  /** The end of `measure` that says over what: "within 5 minutes"; empty where there is none. */
  span: string;
  /** Of the alert's number. */
  unit: string;
  scale: number;
  /** Of the level that holds; null without levels. */
  severity: Severity | null;
}

/**
 * What an alert says of its rule.
 * @param level of the instance, counted from 1; 0 without levels
 */
export function alertWords(
  rule: { metric: string; condition: Condition; composed?: ComposedTerms | null },
  level: number,
  metrics: MetricsByName,
): AlertWords {
  const { composed } = rule;
  if (!composed) {
    const { unit, scale } = metrics(rule.metric);
    const condition = describeCondition(rule.condition, metrics(rule.metric));
    return { condition, measure: null, span: '', unit, scale, severity: null };
  }
  const { metric, measure, condition } = firstLeafOf(composed.tree);
  const words = describeMeasure(measure, metrics(metric));
  const held = composed.levels[level - 1];
  const isSingle = 'leaf' in composed.tree;
  return {
    condition: isSingle
      ? describeCondition(held ? { ...condition, threshold: held.threshold } : condition, words)
      : `meets “${describeTree(composed.tree, metrics, false)}”`,
    measure: measure.kind === 'value' ? null : `${words.title} ${words.span}`,
    span: measure.kind === 'value' ? '' : words.span,
    unit: words.unit,
    scale: words.scale,
    severity: held?.severity ?? null,
  };
}

/** @param known the metrics that the rule asks; one that is not among them is called by its name */
export function metricsByName(known: readonly (MetricWords & { name: string })[]): MetricsByName {
  const byName = new Map(known.map((metric) => [metric.name, metric]));
  return (name) => byName.get(name) ?? { title: name, unit: '', scale: 0 };
}
