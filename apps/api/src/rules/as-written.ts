import { formatScaled } from '@app/contracts';
import type { KeptRule } from '@app/persistence';
import { scaleOf, type ComposedTerms, type NoticePolicy } from '@app/rules';
import { writeDuration } from '../http/duration';
import { composedOf } from './meaning';
import type { NoticesDto } from './notice.dto';
import { firstLeaf } from './read-terms';
import type { CreateRuleDto } from './rule.dto';
import type { RuleView } from './rule-view.dto';
import { scaleIn, writeLevels, writeMeasure, writeTree } from './write-condition';

/** The part of a rule's view that is also its wish: nothing left out, what is not there is null. */
export type WrittenRule = Required<{ [Field in Exclude<keyof CreateRuleDto, 'subjects'>]: RuleView[Field] }>;

/** The kept rule in the words in which it could have been asked for; asking for them again changes nothing. */
export function asWritten(rule: KeptRule): WrittenRule {
  const { title, lifecycle, onCreate, severity, topic, channels, notifyRecovery, partnerRuleId } = rule;
  return {
    title,
    metric: rule.metric,
    ...questionOf(rule),
    severity,
    ...timesOf(rule.composed ?? NO_TIMES),
    lifecycle,
    onCreate,
    cancels: partnerRuleId,
    topic,
    channels,
    notifyRecovery,
    notices: rule.notices ? writeNotices(rule.notices) : null,
  };
}

const NO_TIMES = {
  forMs: 0,
  keepFiringMs: 0,
  noData: null,
  rearmAfterMs: null,
  expiresAt: null,
  onExpiry: 'cancel',
  maxFirings: null,
} as const satisfies Partial<ComposedTerms>;

type Question = Pick<
  WrittenRule,
  'measure' | 'operator' | 'threshold' | 'upper' | 'recovery' | 'maxAge' | 'when' | 'levels'
>;

const NO_QUESTION: Question = {
  measure: null,
  operator: null,
  threshold: null,
  upper: null,
  recovery: null,
  maxAge: null,
  when: null,
  levels: null,
};

function questionOf(rule: KeptRule): Question {
  const { composed } = rule;
  const metrics = new Map(rule.metricEntries.map((metric) => [metric.name, metric]));
  if (composed && !('leaf' in composed.tree))
    return { ...NO_QUESTION, when: writeTree(composed.tree, metrics) };
  const { measure, maxAgeMs } = firstLeaf(composedOf(rule).tree);
  const metricScale = scaleIn(metrics, rule.metric);
  const amount = (value: number | null): string | null =>
    value === null ? null : formatScaled(value, scaleOf(measure, metricScale));
  const { operator, threshold, upper, recovery } = rule.condition;
  return {
    ...NO_QUESTION,
    measure: writeMeasure(measure, metricScale),
    operator,
    threshold: rule.thresholdAttribute ? { attribute: rule.thresholdAttribute } : amount(threshold),
    upper: amount(upper),
    recovery: amount(recovery),
    maxAge: maxAgeMs === null ? null : writeDuration(maxAgeMs),
    levels:
      composed && composed.levels.length > 0 ? writeLevels(composed.levels, measure, metricScale) : null,
  };
}

function timesOf(terms: Pick<ComposedTerms, keyof typeof NO_TIMES>) {
  const { forMs, keepFiringMs, noData, rearmAfterMs, expiresAt, onExpiry, maxFirings } = terms;
  return {
    for: forMs === 0 ? null : writeDuration(forMs),
    keepFiring: keepFiringMs === 0 ? null : writeDuration(keepFiringMs),
    noData: noData ? { after: writeDuration(noData.afterMs), treat: noData.treat } : null,
    rearmAfter: rearmAfterMs === null ? null : writeDuration(rearmAfterMs),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    onExpiry,
    maxFirings,
  };
}

function writeNotices(policy: NoticePolicy): NoticesDto {
  const { onLevel, repeatEveryMs, cooldownMs, maxPerDay, activeHours, dampFlapping } = policy;
  return {
    onLevel,
    repeatEvery: repeatEveryMs === null ? null : writeDuration(repeatEveryMs),
    cooldown: cooldownMs === null ? null : writeDuration(cooldownMs),
    maxPerDay,
    activeHours,
    dampFlapping,
  };
}
