import { isCrossing } from '../plain/cuts';
import { describeCondition, levelsOf } from './describe-condition';
import type { Levels, MetricWords } from './describe-condition';
import type { Condition, Operator, Rule, RuleSubjects } from '../rule';

/** Subjects named one by one before the rest is counted. */
const NAMED = 3;

/** What the condition's own words leave open: whether the level itself counts. */
const EDGE: Record<Operator, (levels: Levels) => string> = {
  above: ({ bareLevel }) => ` (not at exactly ${bareLevel})`,
  below: ({ bareLevel }) => ` (not at exactly ${bareLevel})`,
  atLeast: ({ bareLevel }) => ` (also at exactly ${bareLevel})`,
  atMost: ({ bareLevel }) => ` (also at exactly ${bareLevel})`,
  crossesAbove: ({ bareLevel }) => ` (from ${bareLevel} or less to more than ${bareLevel})`,
  crossesBelow: ({ bareLevel }) => ` (from ${bareLevel} or more to less than ${bareLevel})`,
  between: () => '',
  outside: ({ bareLevel, bareUpper }) => ` (not at exactly ${bareLevel} or ${bareUpper})`,
  equals: () => '',
};

const RECOVERS: Record<Operator, (levels: Levels) => string> = {
  above: ({ level, recovery }) => `is back at ${recovery ?? level} or below`,
  crossesAbove: ({ level, recovery }) => `is back at ${recovery ?? level} or below`,
  below: ({ level, recovery }) => `is back at ${recovery ?? level} or above`,
  crossesBelow: ({ level, recovery }) => `is back at ${recovery ?? level} or above`,
  atLeast: ({ level, recovery }) =>
    recovery === null ? `is back below ${level}` : `is back at ${recovery} or below`,
  atMost: ({ level, recovery }) =>
    recovery === null ? `is back above ${level}` : `is back at ${recovery} or above`,
  between: () => 'has left that range',
  outside: ({ bareLevel, upper }) => `is back between ${bareLevel} and ${upper} (both included)`,
  equals: ({ level }) => `is no longer exactly ${level}`,
};

/**
 * Full sentences for the customer who made the rule: when it tells, when it tells of the end, how often, and
 * what happens if the condition holds already. They say of every level whether it counts itself.
 * @param rule its condition has passed `checkCondition`; the end is told unless `notifyRecovery` is false
 */
export function describeRule(
  rule: Pick<Rule, 'subjects' | 'condition' | 'lifecycle' | 'onCreate'> & { notifyRecovery?: boolean },
  metric: MetricWords,
): string {
  const { condition, subjects } = rule;
  const levels = levelsOf(condition, metric);
  const when = `${describeCondition(condition, metric)}${EDGE[condition.operator](levels)}`;
  return [
    `Tells you when the ${metric.title} of ${subjectWords(subjects)} ${when},`,
    `${rule.notifyRecovery === false ? 'but not' : 'and again'} when it ${RECOVERS[condition.operator](levels)}.`,
    lifecycleWords(rule),
    startWords(condition, rule.onCreate),
  ].join(' ');
}

function lifecycleWords({ lifecycle, subjects }: Pick<Rule, 'lifecycle' | 'subjects'>): string {
  if (lifecycle === 'recurring') return 'It does so every time this happens.';
  const isSingle = subjects.kind === 'listed' && subjects.subjects.length === 1;
  return isSingle
    ? 'It does so a single time, and then never again.'
    : 'It does so a single time for each of them.';
}

function startWords(condition: Condition, onCreate: Rule['onCreate']): string {
  return onCreate === 'fireIfBreached' && !isCrossing(condition.operator)
    ? 'If this is so already, it tells you at once.'
    : 'If this is so already, it waits until that has ended and happens anew.';
}

function subjectWords(subjects: RuleSubjects): string {
  if (subjects.kind === 'owned') return 'each of those you own';
  const names = subjects.subjects.map((subject) => subject.replace(':', ' '));
  if (names.length <= 1) return names[0] ?? 'nothing';
  if (names.length <= NAMED) return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return `${names.slice(0, NAMED).join(', ')} or ${names.length - NAMED} more`;
}
