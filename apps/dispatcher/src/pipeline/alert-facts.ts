import type { AlertFacts, Severity } from '@app/contracts';
import type { AlertContext } from '@app/persistence';
import { describeCondition, scaleOf, type ConditionTree, type Leaf, type Measure } from '@app/rules';
import { derivedId } from './derived-id';

/** Derived, never random: replaying the same transition finds the same alert. */
export function alertIdOf(context: AlertContext, transitionSeq: number): string {
  return derivedId('alert', context.ruleId, context.conditionVersion, context.subject, transitionSeq);
}

/** What every message about an instance's alert says, whatever the moment. */
export type StandingFacts = Omit<AlertFacts, 'alertId' | 'value' | 'at' | 'openedAt'>;

export function standingFactsOf(context: AlertContext): StandingFacts {
  const { ruleId, ruleTitle, metric, metricTitle, subject, owned, composed, unit, scale } = context;
  const measure = composed ? firstLeafOf(composed.tree).measure : null;
  return {
    ...{ ruleId, ruleTitle, metric, metricTitle, subject, owned },
    condition: wordsOf(context),
    unit: measure ? unitOf(measure, unit) : unit,
    scale: measure ? scaleOf(measure, scale) : scale,
  };
}

/** The condition as the message says it; a level's threshold is that of the level. */
export function wordsOf(context: AlertContext): string {
  const { metricTitle: title, unit, scale } = context;
  return describeCondition(context.condition, { title, unit, scale });
}

/** @param level counted from 1; 0 without levels */
export function severityOf({ composed, severity }: AlertContext, level: number): Severity | null {
  return composed?.levels[level - 1]?.severity ?? severity;
}

function unitOf(measure: Measure, unit: string): string {
  if ('unit' in measure && measure.unit === 'percent') return '%';
  return scaleOf(measure, 1) === 0 ? '' : unit;
}

function firstLeafOf(tree: ConditionTree): Leaf {
  if ('leaf' in tree) return tree.leaf;
  const [first] = 'not' in tree ? [tree.not] : 'all' in tree ? tree.all : tree.any;
  if (!first) throw new Error('an empty combination was refused when it was saved');
  return firstLeafOf(first);
}
