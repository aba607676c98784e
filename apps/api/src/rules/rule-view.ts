import { formatScaled } from '@app/contracts';
import type { KeptInstance, KeptRule } from '@app/persistence';
import { describeRule, isHeld, scaleOf } from '@app/rules';
import { asWritten } from './as-written';
import { composedOf } from './meaning';
import type { InstanceView, RuleView } from './rule-view.dto';

/** A rule as its customer sees it: amounts as written, what it will do in words, and whether it is true now. */
export function toRuleView(rule: KeptRule, instances: readonly KeptInstance[]): RuleView {
  const { metricEntry, subjectKind } = rule;
  const listed = instances.map((instance) => instance.subject);
  const views = instances.map((instance) => toInstanceView(instance, rule));
  return {
    ruleId: rule.ruleId,
    ...asWritten(rule),
    subjects: subjectKind === 'owned' ? 'owned' : listed,
    thresholdNow: thresholdNow(rule),
    snoozedUntil: rule.snoozedUntil,
    status: rule.status,
    words: describeRule(
      {
        ...rule,
        subjects: subjectKind === 'owned' ? { kind: 'owned' } : { kind: 'listed', subjects: listed },
      },
      metricEntry,
      rule.metricEntries,
    ),
    trueNow: anyTrue(views),
    instances: views,
    createdAt: rule.createdAt,
    updatedAt: rule.updatedAt,
  };
}

function thresholdNow(rule: KeptRule): string | null {
  const { tree } = composedOf(rule);
  if (!('leaf' in tree)) return null;
  return formatScaled(rule.condition.threshold, scaleOf(tree.leaf.measure, rule.metricEntry.scale));
}

function toInstanceView(instance: KeptInstance, rule: KeptRule): InstanceView {
  const { subject, state, progress, lastValue, lastAt } = instance;
  const since = progress?.since ?? null;
  return {
    subject,
    state,
    since: since === null ? null : new Date(since),
    reason: progress?.reason ?? null,
    level: progress?.level ?? 0,
    lastValue: lastValue === null ? null : formatScaled(lastValue, rule.metricEntry.scale),
    lastAt,
    trueNow: rule.composed ? composedTruth(instance) : plainTruth(instance, rule),
  };
}

function plainTruth({ lastValue }: KeptInstance, { condition }: KeptRule): boolean | null {
  return lastValue === null ? null : isHeld(condition, lastValue);
}

/** What the engine has decided last; it waits unarmed only while the condition holds. */
function composedTruth({ state, armed }: KeptInstance): boolean | null {
  switch (state) {
    case 'unknown':
    case 'noData':
      return null;
    case 'ok':
      return !armed;
    case 'recovering':
      return false;
    case 'pending':
    case 'firing':
      return true;
    default:
      return state satisfies never;
  }
}

function anyTrue(views: readonly InstanceView[]): boolean | null {
  if (views.some((view) => view.trueNow)) return true;
  return views.some((view) => view.trueNow === false) ? false : null;
}
