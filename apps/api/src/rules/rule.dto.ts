import { ApiProperty, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { CHANNELS, type Channel } from '@app/contracts';
import { SEVERITIES, type Lifecycle, type OnCreate, type Severity } from '@app/rules';
import { IsDuration } from '../http/duration';
import { IsInstant } from '../http/instant';
import { ConditionDto, LevelDto, NoDataDto, QuestionDto } from './condition.dto';
import { NoticesDto } from './notice.dto';
import { IsSubjects, MayBeLeftOut } from './rule-validators';

export const SUBJECTS = {
  oneOf: [
    { type: 'array', items: { type: 'string' }, example: ['account:42'] },
    { type: 'string', enum: ['owned'] },
  ],
};
const TOPIC = /^[a-z][a-z0-9-]{0,49}$/;
const TOPIC_WORDS = { message: 'topic must be lower case letters, digits and hyphens, such as alerts' };

/** A question of its own (`metric`, `operator`, `threshold`), or several with `when`. */
export class CreateRuleDto extends QuestionDto {
  /** Your own name for it; stands in the messages. @example "Low balance" */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(100)
  title?: string;

  /** The subjects to watch, or `owned` for all that the customer owns, now and later. */
  @ApiProperty(SUBJECTS)
  @IsSubjects()
  subjects: string[] | 'owned';

  /** Several questions to the metrics of one subject, instead of `metric`, `operator` and `threshold`. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ConditionDto)
  when?: ConditionDto | null;

  /** Several thresholds instead of one, the nearest first. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LevelDto)
  levels?: LevelDto[] | null;

  /** How serious its alerts are; with levels, each says so itself. */
  @IsOptional()
  @IsIn(SEVERITIES)
  severity?: Severity | null;

  /** The condition must hold this long before the alert opens. @example "PT5M" */
  @IsOptional()
  @IsDuration()
  for?: string | null;

  /** It must have recovered this long before the alert ends. @example "PT5M" */
  @IsOptional()
  @IsDuration()
  keepFiring?: string | null;

  /** What silence of the (first) metric means. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NoDataDto)
  noData?: NoDataDto | null;

  /** `once` tells a single time for each subject. Default `recurring`. */
  @MayBeLeftOut()
  @IsIn(['recurring', 'once'])
  lifecycle?: Lifecycle;

  /** Whether a condition that already holds counts. Default: `fireIfBreached` for owned metrics, `waitForCross` for public ones. */
  @MayBeLeftOut()
  @IsIn(['fireIfBreached', 'waitForCross'])
  onCreate?: OnCreate;

  /** An alert ends after this long, and the rule may fire again even if nothing has changed. @example "P1D" */
  @IsOptional()
  @IsDuration()
  rearmAfter?: string | null;

  /** The rule ends here. @example "2027-12-31T23:00:00Z" */
  @ApiProperty({ type: 'string', format: 'date-time', required: false, nullable: true })
  @IsOptional()
  @IsInstant()
  expiresAt?: string | null;

  /** `trigger` fires at the expiry if the rule never fired before. Default `cancel`. */
  @MayBeLeftOut()
  @IsIn(['cancel', 'trigger'])
  onExpiry?: 'cancel' | 'trigger';

  /** After so many firings on a subject it is over there; at most 1,000. */
  @IsOptional()
  @IsInt()
  maxFirings?: number | null;

  /** Id of another rule of yours on the same single subject: whichever fires first ends the other for good. */
  @IsOptional()
  @IsUUID()
  cancels?: string | null;

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

  /** Which of its moments are told, and when. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NoticesDto)
  notices?: NoticesDto | null;
}

/** Only what is to change; null takes what may be missing away. */
export class ChangeRuleDto extends PartialType(CreateRuleDto, { skipNullProperties: false }) {}
