import { ApiProperty } from '@nestjs/swagger';
import type { Channel } from '@app/contracts';
import type { InstanceStateName, Lifecycle, OnCreate, Operator, Severity, UnknownReason } from '@app/rules';
import { ConditionDto, LevelDto, NoDataDto } from './condition.dto';
import { MeasureDto } from './measure.dto';
import { NoticesDto } from './notice.dto';
import { SUBJECTS } from './rule.dto';
import { THRESHOLD, type Threshold } from './rule-validators';

export class InstanceView {
  subject: string;
  /** `unknown` until a value has been seen, then `ok`, `pending`, `firing`, `recovering` or `noData`. */
  state: InstanceStateName;
  /** Since when it has been `pending` or `recovering`; null in other states. */
  since: Date | null;
  /** Why nothing can be said: `warmingUp`, `stale`, `undefined` or `noData`; null where something can. */
  reason: UnknownReason | null;
  /** The level that holds, counted from 1; 0 without levels or while none holds. */
  level: number;
  /** The metric's last value: decimal text in its unit; null if none has been seen. */
  lastValue: string | null;
  lastAt: Date | null;
  /** Whether the condition holds; null where it is not known. */
  trueNow: boolean | null;
}

export class RuleView {
  ruleId: string;
  title: string;
  /** With `when`, that of the first question. */
  metric: string;
  @ApiProperty(SUBJECTS)
  subjects: string[] | 'owned';
  /** Null: the latest value. */
  measure: MeasureDto | null;
  /** Null with `when`. */
  operator: Operator | null;
  /** Decimal text in the measure's unit, or the attribute that it follows; null with `when`. */
  @ApiProperty({ ...THRESHOLD, nullable: true })
  threshold: Threshold | null;
  /** The level in force, also where it follows an attribute; null with `when`. */
  thresholdNow: string | null;
  upper: string | null;
  recovery: string | null;
  maxAge: string | null;
  when: ConditionDto | null;
  levels: LevelDto[] | null;
  severity: Severity | null;
  for: string | null;
  keepFiring: string | null;
  noData: NoDataDto | null;
  lifecycle: Lifecycle;
  onCreate: OnCreate;
  rearmAfter: string | null;
  expiresAt: string | null;
  onExpiry: 'cancel' | 'trigger';
  maxFirings: number | null;
  cancels: string | null;
  topic: string;
  channels: Channel[] | null;
  notifyRecovery: boolean;
  notices: NoticesDto | null;
  /** Nothing is told before this; null or past: not snoozed. */
  snoozedUntil: Date | null;
  // Spelled out: the compiler orders a union by where it first met its words.
  @ApiProperty({ enum: ['active', 'paused', 'removed'] })
  status: 'active' | 'paused' | 'removed';
  /** What the rule will do, in full sentences. */
  words: string;
  /** Whether it holds now for any of its subjects; null if nothing of them is known. */
  trueNow: boolean | null;
  instances: InstanceView[];
  createdAt: Date;
  updatedAt: Date;
}

export class RulePage {
  items: RuleView[];
  nextCursor: string | null;
}
