import type { Channel, Metric } from '@app/contracts';
import type {
  ComposedTerms,
  Condition,
  ConditionTree,
  InstanceStateName,
  Lifecycle,
  NoticePolicy,
  OnCreate,
  Progress,
  Severity,
} from '@app/rules';

/** `removed` rules stay for the alerts that refer to them. */
export type RuleStatus = 'active' | 'paused' | 'removed';

/** What a customer decides about a rule. */
export interface RuleTerms {
  title: string;
  /** That of the first condition. */
  metric: string;
  /** The first condition; its threshold as it is now, where it follows an attribute. */
  condition: Condition;
  subjectKind: 'listed' | 'owned';
  lifecycle: Lifecycle;
  onCreate: OnCreate;
  topic: string;
  channels: Channel[] | null;
  notifyRecovery: boolean;
  severity: Severity | null;
  /** Attribute of the customer that the threshold follows. */
  thresholdAttribute: string | null;
  /** Rule of which one firing ends the other; it names this one back. */
  partnerRuleId: string | null;
  /** Null: one level on the latest value, and nothing else. Its `partnerInstanceId` is null: `partnerRuleId` says it. */
  composed: ComposedTerms | null;
  /** Null: every firing is told at once, and its end unless `notifyRecovery` is false. */
  notices: NoticePolicy | null;
}

/** A rule on its way into the store. */
export interface RuleToSave extends RuleTerms {
  ruleId: string;
  customerId: string;
  /** Version of the registration that thresholds and zones were taken from; null where none were. */
  registrationVersion: string | null;
}

export interface KeptRule extends RuleTerms {
  ruleId: string;
  customerId: string;
  status: RuleStatus;
  conditionVersion: number;
  /** Grows with every change; a change that was decided on an older one is refused. */
  revision: number;
  snoozedUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
  /** The customer's, IANA. */
  timeZone: string;
  /** Catalogue entry of its metric. */
  metricEntry: Metric;
  /** Catalogue entries of all metrics that it names. */
  metricEntries: Metric[];
  /** Its place in the customer's list. */
  cursor: string;
}

/** One rule on one subject, with the series' last value as the dispatcher saved it. */
export interface KeptInstance {
  ruleId: string;
  subject: string;
  state: InstanceStateName;
  armed: boolean;
  progress: Progress | null;
  lastValue: number | null;
  lastAt: Date | null;
}

/** What a change of a registration does to a rule that follows it. */
export interface RuleAdjustment extends Pick<RuleTerms, 'condition' | 'composed' | 'notices'> {
  ruleId: string;
  /** True if the condition means something else now: its instances start anew. */
  rearm: boolean;
}

export type RuleRefusal =
  | { kind: 'tooMany' }
  | { kind: 'notOwned'; subjects: string[] }
  | { kind: 'changedMeanwhile' }
  /** `missing`: no such rule of the customer; `taken`: it has another partner; `subjects`: not the same single one. */
  | { kind: 'partner'; why: 'missing' | 'taken' | 'subjects' };

/** Every metric that the terms look at; the first one first, some perhaps twice. */
export function metricsOf({ metric, composed }: Pick<RuleTerms, 'metric' | 'composed'>): string[] {
  return composed ? [metric, ...metricsIn(composed.tree)] : [metric];
}

function metricsIn(tree: ConditionTree): string[] {
  if ('leaf' in tree) return [tree.leaf.metric];
  if ('not' in tree) return metricsIn(tree.not);
  return ('all' in tree ? tree.all : tree.any).flatMap(metricsIn);
}
