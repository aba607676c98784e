import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { NO_DATA_TREATMENTS, OPERATORS, SEVERITIES } from '@app/rules';
import type { NoDataTreatment, Operator, Severity } from '@app/rules';
import { IsDuration } from '../http/duration';
import { MeasureDto } from './measure.dto';
import { AMOUNT, IsAmount, IsThreshold, MayBeLeftOut, THRESHOLD, type Threshold } from './rule-validators';

/** One question to one metric. */
export class QuestionDto {
  /** @example "account.balance" */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  metric?: string | null;

  /** What to look at instead of the latest value. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MeasureDto)
  measure?: MeasureDto | null;

  /** `crossesAbove` and `crossesBelow` fire only when the value moves over the level; the others also when it is already there. */
  @IsOptional()
  @IsIn(OPERATORS)
  operator?: Operator | null;

  /** The level in the measure's unit; the lower end for `between` and `outside`. Decimal text is exact; `{"attribute": …}` follows the customer's attribute. */
  @ApiProperty({ ...THRESHOLD, required: false, nullable: true })
  @IsOptional()
  @IsThreshold()
  threshold?: Threshold | null;

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

  /** The answer is unknown where the metric's last event is older than this. @example "PT10M" */
  @IsOptional()
  @IsDuration()
  maxAge?: string | null;
}

/** Exactly one of: `all`, `any`, `not`, or a question of its own. */
export class ConditionDto extends QuestionDto {
  @MayBeLeftOut()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ConditionDto)
  all?: ConditionDto[];

  @MayBeLeftOut()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ConditionDto)
  any?: ConditionDto[];

  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => ConditionDto)
  not?: ConditionDto;
}

/** One of several thresholds, each further out than the one before it. */
export class LevelDto {
  @IsIn(SEVERITIES)
  severity: Severity;

  @ApiProperty(AMOUNT)
  @IsAmount()
  threshold: string | number;

  @ApiProperty({ ...AMOUNT, required: false, nullable: true })
  @IsOptional()
  @IsAmount()
  recovery?: string | number | null;
}

/** What silence means. */
export class NoDataDto {
  /** Silent for how long. @example "PT15M" */
  @IsDuration()
  after: string;

  /** `alert` opens one, `ok` recovers, `keep` leaves things as they are and stops what was counting, `ignore` does nothing. Default `alert`. */
  @MayBeLeftOut()
  @IsIn(NO_DATA_TREATMENTS)
  treat?: NoDataTreatment;
}
