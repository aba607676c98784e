import { formatScaled } from '@app/contracts';
import type { KeptInstance, KeptRule } from '@app/persistence';
import { describeRule, isHeld } from '@app/rules';
import type { InstanceView, RuleView } from './rule.dto';

/** A rule as its customer sees it: amounts as written, what it will do in words, and whether it is true now. */
export function toRuleView(rule: KeptRule, instances: readonly KeptInstance[]): RuleView {
  const { metricEntry, condition, subjectKind } = rule;
  const amount = (value: number): string => formatScaled(value, metricEntry.scale);
  const listed = instances.map((instance) => instance.subject);
  const views = instances.map((instance) => toInstanceView(instance, rule));
  return {
    ruleId: rule.ruleId,
    title: rule.title,
    metric: rule.metric,
    subjects: subjectKind === 'owned' ? 'owned' : listed,
    operator: condition.operator,
    threshold: amount(condition.threshold),
    upper: condition.upper === null ? null : amount(condition.upper),
    recovery: condition.recovery === null ? null : amount(condition.recovery),
    lifecycle: rule.lifecycle,
    onCreate: rule.onCreate,
    topic: rule.topic,
    channels: rule.channels,
    notifyRecovery: rule.notifyRecovery,
    status: rule.status,
    words: describeRule(
      {
        ...rule,
        subjects: subjectKind === 'owned' ? { kind: 'owned' } : { kind: 'listed', subjects: listed },
      },
      metricEntry,
    ),
    trueNow: anyTrue(views),
    instances: views,
    createdAt: rule.createdAt,
    updatedAt: rule.updatedAt,
  };
}

function toInstanceView({ subject, state, lastValue, lastAt }: KeptInstance, rule: KeptRule): InstanceView {
  return {
    subject,
    state,
    lastValue: lastValue === null ? null : formatScaled(lastValue, rule.metricEntry.scale),
    lastAt,
    trueNow: lastValue === null ? null : isHeld(rule.condition, lastValue),
  };
}

function anyTrue(views: readonly InstanceView[]): boolean | null {
  if (views.some((view) => view.trueNow)) return true;
  return views.some((view) => view.trueNow === false) ? false : null;
}
