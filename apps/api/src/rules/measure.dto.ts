import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsDefined, IsIn, IsInt, IsObject, IsOptional, ValidateNested } from 'class-validator';
import type { ChangeUnit, Test } from '@app/rules';
import { IsDuration } from '../http/duration';
import { AMOUNT, IsAmount, MayBeLeftOut } from './rule-validators';

/** What a condition may look at, in the customer's words. */
export const MEASURE_KINDS = [
  'value',
  'count',
  'countOfLast',
  'countOfPeriods',
  'sum',
  'avg',
  'min',
  'max',
  'rate',
  'change',
  'trailing',
] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];

export const CALENDAR_PERIODS = ['hour', 'day', 'week', 'month'] as const;
export const REFERENCES = ['previous', 'windowStart', 'windowHigh', 'windowLow', 'dayOpen'] as const;
const TEST_OPERATORS = ['above', 'atLeast', 'below', 'atMost', 'between', 'outside', 'equals'] as const;

/** A plain question to one value, for counting. */
export class TestDto {
  @IsIn(TEST_OPERATORS)
  operator: Test['operator'];

  /** In the metric's unit; the lower end for `between` and `outside`. */
  @ApiProperty(AMOUNT)
  @IsAmount()
  threshold: string | number;

  /** The upper end for `between` and `outside`. */
  @ApiProperty({ ...AMOUNT, required: false, nullable: true })
  @IsOptional()
  @IsAmount()
  upper?: string | number | null;
}

/** What to look at instead of the latest value. Which fields belong to which kind: docs/RULES.md. */
export class MeasureDto {
  /** `value` is the latest value, as without a measure. */
  @IsIn(MEASURE_KINDS)
  kind: MeasureKind;

  /** How far back it looks, from one minute to 31 days; ISO 8601. @example "PT5M" */
  @MayBeLeftOut()
  @IsDuration()
  window?: string;

  /** For `sum`, `avg`, `min`, `max` instead of a window: from the beginning of the current one in the customer's zone. */
  @MayBeLeftOut()
  @IsIn(CALENDAR_PERIODS)
  calendar?: (typeof CALENDAR_PERIODS)[number];

  /** Which values count; `count` may leave it out and counts every event. */
  @MayBeLeftOut()
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => TestDto)
  where?: TestDto;

  /** For `countOfLast` and `countOfPeriods`: among how many. */
  @MayBeLeftOut()
  @IsInt()
  last?: number;

  /** For `countOfPeriods`: the length of one. @example "PT1H" */
  @MayBeLeftOut()
  @IsDuration()
  period?: string;

  /** For `rate`: per which time. @example "PT1M" */
  @MayBeLeftOut()
  @IsDuration()
  per?: string;

  /** For `change`: what the value is compared with. */
  @MayBeLeftOut()
  @IsIn(REFERENCES)
  against?: (typeof REFERENCES)[number];

  /** For `change` and `trailing`; default `amount`. */
  @MayBeLeftOut()
  @IsIn(['amount', 'percent'])
  unit?: ChangeUnit;

  /** For `trailing`: how far below its high, or above its low. */
  @MayBeLeftOut()
  @IsIn(['high', 'low'])
  from?: 'high' | 'low';

  /** For `sum`, `avg`, `min`, `max`, `rate`: decide before the window is full. Default false. */
  @MayBeLeftOut()
  @IsBoolean()
  partial?: boolean;
}
