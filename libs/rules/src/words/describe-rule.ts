import { isCrossing } from '../plain/cuts';
import type { ComposedTerms, Leaf, Level, Severity } from '../composed';
import type { NoticePolicy } from '../notice-policy';
import type { Condition, Rule, RuleSubjects } from '../rule';
import {
  amountWords,
  describeCondition,
  edgeWords,
  recoveryWords,
  type MetricWords,
} from './describe-condition';
import { describeNotices } from './describe-notices';
import { describeTimes } from './describe-times';
import { describeTree, hasCrossing } from './describe-tree';
import { durationWords } from './duration-words';
import { describeMeasure, type MeasureWords } from './measure-words';

/** Subjects named one by one before the rest is counted. */
const NAMED = 3;

/** What of a rule its words need; what is left out is not said. */
export interface RuleToDescribe extends Pick<Rule, 'subjects' | 'condition' | 'lifecycle' | 'onCreate'> {
  /** The end is told unless this is false. */
  notifyRecovery?: boolean;
  composed?: ComposedTerms | null;
  notices?: NoticePolicy | null;
  /** The customer's, IANA: in which instants are said. */
  timeZone?: string;
  severity?: Severity | null;
  /** The customer's attribute that the threshold follows. */
  thresholdAttribute?: string | null;
  /** The other one of a pair, of which one ends as the other fires. */
  partnerRuleId?: string | null;
}

/**
 * Full sentences for the customer who made the rule: when it tells, when it tells of the end, how often, and
 * what happens if the condition holds already. They say of every level whether it counts itself.
 * @param rule its terms have passed `checkCondition` or `checkComposed`
 * @param metric the rule's own
 * @param metrics those of the other questions of a tree
 */
export function describeRule(
  rule: RuleToDescribe,
  metric: MetricWords,
  metrics: readonly (MetricWords & { name: string })[] = [],
): string {
  const { composed, notices } = rule;
  const hasLevels = composed ? composed.levels.length > 0 : false;
  return [
    ...questionWords(rule, metric, metrics),
    ...(composed
      ? describeTimes(composed, notices?.timeZone ?? rule.timeZone ?? 'UTC', tellsEnds(rule))
      : []),
    ...severityWords(rule),
    ...(rule.partnerRuleId ? [PAIR] : []),
    lifecycleWords(rule),
    startWords(rule),
    ...(notices ? describeNotices(notices, hasLevels) : []),
  ].join(' ');
}

function questionWords(
  rule: RuleToDescribe,
  metric: MetricWords,
  metrics: readonly (MetricWords & { name: string })[],
): string[] {
  const { composed, subjects } = rule;
  const told = toldWords(rule);
  if (composed && !('leaf' in composed.tree)) {
    const find = (name: string): MetricWords => metrics.find((one) => one.name === name) ?? metric;
    const all = describeTree(composed.tree, find, true);
    return [`Tells you when, for ${subjectWords(subjects)}, ${all}, ${told} this is no longer so.`];
  }
  const leaf: Pick<Leaf, 'measure' | 'maxAgeMs'> =
    composed && 'leaf' in composed.tree ? composed.tree.leaf : PLAIN;
  const measure = describeMeasure(leaf.measure, metric);
  const what = [measure.title, 'of', subjectWords(subjects), ...(measure.span === '' ? [] : [measure.span])];
  const levels = composed?.levels ?? [];
  const question =
    levels.length > 0
      ? levelsWords(rule.condition, levels, measure, told)
      : `${describeCondition(rule.condition, measure)}${edgeWords(rule.condition, measure)}, ` +
        `${told} it ${recoveryWords(rule.condition, measure)}.`;
  return [
    `Tells you when the ${what.join(' ')} ${question}`,
    ...attributeWords(rule, measure),
    ...windowWords(leaf, measure),
  ];
}

const PLAIN: Pick<Leaf, 'measure' | 'maxAgeMs'> = { measure: { kind: 'value' }, maxAgeMs: null };

const PAIR = 'It is one of a pair: as soon as one of them tells you, the other ends.';

function tellsEnds({ notices, notifyRecovery = true }: RuleToDescribe): boolean {
  return notices ? notices.onRecovery : notifyRecovery;
}

function toldWords(rule: RuleToDescribe): string {
  return tellsEnds(rule) ? 'and again when' : 'but not when';
}

function severityWords({ severity }: RuleToDescribe): string[] {
  if (!severity) return [];
  return [severity === 'info' ? 'It is for information.' : `It is a ${severity} alert.`];
}

/** "is above 60 min (info), above 70 min (warning) or …; not at exactly these levels". */
function levelsWords(
  condition: Condition,
  levels: readonly Level[],
  measure: MeasureWords,
  told: string,
): string {
  const each = levels.map(({ severity, threshold }) => {
    const holds = describeCondition({ ...condition, threshold, recovery: null }, measure);
    return `${holds} (${severity})`;
  });
  const isInclusive = condition.operator === 'atLeast' || condition.operator === 'atMost';
  const edge = isInclusive ? 'also at exactly these levels' : 'not at exactly these levels';
  const [lowest] = levels;
  const ends = recoveryWords(lowest ? { ...condition, ...lowest } : condition, measure);
  return `${listed(each)} (${edge}), ${told} it ${ends}.${fallWords(condition, levels, measure)}`;
}

/** Where levels have recoveries of their own, each is left only there. */
function fallWords(condition: Condition, levels: readonly Level[], measure: MeasureWords): string {
  const own = levels.slice(1).filter(({ recovery }) => recovery !== null);
  if (own.length === 0) return '';
  const each = own.map(
    ({ severity, ...level }) => `${severity} when it ${recoveryWords({ ...condition, ...level }, measure)}`,
  );
  return ` It is no longer ${each.join(', no longer ')}.`;
}

function attributeWords({ thresholdAttribute, condition }: RuleToDescribe, measure: MeasureWords): string[] {
  if (!thresholdAttribute) return [];
  return [
    `That level is your own “${thresholdAttribute}”, now ${amountWords(condition.threshold, measure)}.`,
  ];
}

function windowWords(
  { measure, maxAgeMs }: Pick<Leaf, 'measure' | 'maxAgeMs'>,
  words: MeasureWords,
): string[] {
  const isPartial = 'partial' in measure && measure.partial;
  return [
    ...(words.grain === '' ? [] : [`The time moves on ${words.grain}.`]),
    ...(isPartial ? ['It decides before that time is full.'] : []),
    ...(maxAgeMs === null ? [] : [`A value older than ${durationWords(maxAgeMs)} says nothing.`]),
  ];
}

function lifecycleWords({ lifecycle, subjects, composed }: RuleToDescribe): string {
  const isCounted = composed && composed.maxFirings !== null;
  if (lifecycle === 'recurring')
    return `It does so every time this happens${isCounted ? ', until it ends' : ''}.`;
  const isSingle = subjects.kind === 'listed' && subjects.subjects.length === 1;
  return isSingle
    ? 'It does so a single time, and then never again.'
    : 'It does so a single time for each of them.';
}

function startWords({ condition, composed, onCreate }: RuleToDescribe): string {
  const waits = composed ? hasCrossing(composed.tree) : isCrossing(condition.operator);
  if (onCreate !== 'fireIfBreached' || waits)
    return 'If this is so already, it waits until that has ended and happens anew.';
  return composed && composed.forMs > 0
    ? 'If this is so already, it waits for that time, too.'
    : 'If this is so already, it tells you at once.';
}

function subjectWords(subjects: RuleSubjects): string {
  if (subjects.kind === 'owned') return 'each of those you own';
  const names = subjects.subjects.map((subject) => subject.replace(':', ' '));
  const rest = names.length - NAMED;
  return names.length === 0
    ? 'nothing'
    : listed(rest > 0 ? [...names.slice(0, NAMED), `${rest} more`] : names);
}

/** "a, b or c" */
function listed(names: readonly string[]): string {
  return names.length <= 1 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
