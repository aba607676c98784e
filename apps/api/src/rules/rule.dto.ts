import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { CHANNELS, type Channel } from '@app/contracts';
import { OPERATORS, type Lifecycle, type OnCreate, type Operator } from '@app/rules';
import { IsAmount, IsSubjects } from './rule-validators';

const AMOUNT = { oneOf: [{ type: 'string', example: '100.00' }, { type: 'number' }] };
const SUBJECTS = {
  oneOf: [
    { type: 'array', items: { type: 'string' }, example: ['account:42'] },
    { type: 'string', enum: ['owned'] },
  ],
};
const TOPIC = /^[a-z][a-z0-9-]{0,49}$/;
const TOPIC_WORDS = { message: 'topic must be lower case letters, digits and hyphens, such as alerts' };

/** Left out, or right: null is not the same as left out. */
const MayBeLeftOut = () => ValidateIf((_, value) => value !== undefined);

export class CreateRuleDto {
  /** Your own name for it; stands in the messages. @example "Low balance" */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(100)
  title?: string;

  /** @example "account.balance" */
  @IsString()
  @MaxLength(100)
  metric: string;

  /** The subjects to watch, or `owned` for all that the customer owns, now and later. */
  @ApiProperty(SUBJECTS)
  @IsSubjects()
  subjects: string[] | 'owned';

  /** `crossesAbove` and `crossesBelow` fire only when the value moves over the level; the others also when it is already there. */
  @IsIn(OPERATORS)
  operator: Operator;

  /** The level in the metric's unit; the lower end for `between` and `outside`. Decimal text is exact. */
  @ApiProperty(AMOUNT)
  @IsAmount()
  threshold: string | number;

  /** The upper end for `between` and `outside`. */
  @ApiProperty({ ...AMOUNT, required: false, nullable: true })
  @IsOptional()
  @IsAmount()
  upper?: string | number | null;

  /** Recovered only at or beyond this level, so that a value that flutters around the threshold tells once. */
  @ApiProperty({ ...AMOUNT, required: false, nullable: true })
  @IsOptional()
  @IsAmount()
  recovery?: string | number | null;

  /** `once` tells a single time for each subject. Default `recurring`. */
  @MayBeLeftOut()
  @IsIn(['recurring', 'once'])
  lifecycle?: Lifecycle;

  /** Whether a condition that already holds counts. Default: `fireIfBreached` for owned metrics, `waitForCross` for public ones. */
  @MayBeLeftOut()
  @IsIn(['fireIfBreached', 'waitForCross'])
  onCreate?: OnCreate;

  /** Category under which preferences switch its messages. Default `alerts`. */
  @MayBeLeftOut()
  @Matches(TOPIC, TOPIC_WORDS)
  topic?: string;

  /** Only these channels; without it the preferences decide. */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(CHANNELS, { each: true })
  channels?: Channel[] | null;

  /** Whether to tell when it is over. Default true. */
  @MayBeLeftOut()
  @IsBoolean()
  notifyRecovery?: boolean;
}

/** Only what is to change; null takes upper, recovery or channels away. */
export class ChangeRuleDto {
  @MayBeLeftOut()
  @IsString()
  @MaxLength(100)
  title?: string;

  @MayBeLeftOut()
  @IsString()
  @MaxLength(100)
  metric?: string;

  @ApiProperty({ ...SUBJECTS, required: false })
  @MayBeLeftOut()
  @IsSubjects()
  subjects?: string[] | 'owned';

  @MayBeLeftOut()
  @IsIn(OPERATORS)
  operator?: Operator;

  @ApiProperty({ ...AMOUNT, required: false })
  @MayBeLeftOut()
  @IsAmount()
  threshold?: string | number;

  @ApiProperty({ ...AMOUNT, required: false, nullable: true })
  @IsOptional()
  @IsAmount()
  upper?: string | number | null;

  @ApiProperty({ ...AMOUNT, required: false, nullable: true })
  @IsOptional()
  @IsAmount()
  recovery?: string | number | null;

  @MayBeLeftOut()
  @IsIn(['recurring', 'once'])
  lifecycle?: Lifecycle;

  @MayBeLeftOut()
  @IsIn(['fireIfBreached', 'waitForCross'])
  onCreate?: OnCreate;

  @MayBeLeftOut()
  @Matches(TOPIC, TOPIC_WORDS)
  topic?: string;

  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(CHANNELS, { each: true })
  channels?: Channel[] | null;

  @MayBeLeftOut()
  @IsBoolean()
  notifyRecovery?: boolean;
}

export class InstanceView {
  subject: string;
  /** `unknown` until a value has been seen, then `ok` or `firing`. */
  state: string;
  /** Decimal text in the metric's unit; null if no value has been seen. */
  lastValue: string | null;
  lastAt: Date | null;
  /** Whether the condition holds for the last value; null if there is none. */
  trueNow: boolean | null;
}

export class RuleView {
  ruleId: string;
  title: string;
  metric: string;
  @ApiProperty(SUBJECTS)
  subjects: string[] | 'owned';
  operator: Operator;
  /** Decimal text in the metric's unit. */
  threshold: string;
  upper: string | null;
  recovery: string | null;
  lifecycle: Lifecycle;
  onCreate: OnCreate;
  topic: string;
  channels: Channel[] | null;
  notifyRecovery: boolean;
  status: 'active' | 'paused' | 'removed';
  /** What the rule will do, in full sentences. */
  words: string;
  /** Whether it holds now for any of its subjects; null if no value of them is known. */
  trueNow: boolean | null;
  instances: InstanceView[];
  createdAt: Date;
  updatedAt: Date;
}

export class RulePage {
  items: RuleView[];
  nextCursor: string | null;
}
