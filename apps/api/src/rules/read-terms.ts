import { toScaled, TOPIC_ALERTS, type Metric } from '@app/contracts';
import type { RuleTerms } from '@app/persistence';
import { checkCondition, type Condition } from '@app/rules';
import type { FieldProblem } from '../http/problem';
import type { CreateRuleDto } from './rule.dto';

type Read<T> = { ok: true; value: T } | { ok: false; problems: FieldProblem[] };

/** Turns a customer's words into exact terms, with the defaults that fit the metric, or says all that is wrong. */
export function readTerms(wish: CreateRuleDto, metric: Metric): Read<RuleTerms> {
  const condition = readCondition(wish, metric);
  if (!condition.ok) return condition;
  return {
    ok: true,
    value: {
      title: wish.title ?? '',
      metric: metric.name,
      condition: condition.value,
      subjectKind: wish.subjects === 'owned' ? 'owned' : 'listed',
      lifecycle: wish.lifecycle ?? 'recurring',
      // One's own balance below the limit is news at once; a public figure beyond a level may have been so for years.
      onCreate: wish.onCreate ?? (metric.visibility === 'owned' ? 'fireIfBreached' : 'waitForCross'),
      topic: wish.topic ?? TOPIC_ALERTS,
      channels: wish.channels ?? null,
      notifyRecovery: wish.notifyRecovery ?? true,
    },
  };
}

function readCondition(wish: CreateRuleDto, metric: Metric): Read<Condition> {
  const problems: FieldProblem[] = [];
  const amount = (field: 'threshold' | 'upper' | 'recovery'): number | null => {
    const given = wish[field];
    if (given === undefined || given === null) return null;
    const scaled = toScaled(given, metric.scale);
    if (scaled.ok) return scaled.value;
    const wouldBeRight = `an amount with at most ${metric.scale} decimals, as text if it is large`;
    problems.push({ field, problem: scaled.detail, wouldBeRight });
    return null;
  };
  const condition = {
    operator: wish.operator,
    threshold: amount('threshold') ?? 0,
    upper: amount('upper'),
    recovery: amount('recovery'),
  };
  // Only what is exact can be compared, so the second kind of problem waits for the first.
  if (problems.length === 0) problems.push(...checkCondition(condition, metric));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: condition };
}
