import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { MAX_SCALE, type Metric, type MetricKind, type Visibility } from '@app/contracts';
import { IsDuration } from '../http/duration';

export class MetricDto implements Metric {
  /** Dotted lower case; events and rules name it so. @example "account.balance" */
  @Matches(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/, {
    message: 'name must be dotted lower case, such as account.balance',
  })
  @MaxLength(100)
  name: string;

  /** As a sentence uses it: "the … of account 42 falls below …". @example "balance" */
  @MinLength(1)
  @MaxLength(100)
  title: string;

  /** Shown after a value; empty for a bare number. @example "EUR" */
  @MaxLength(20)
  unit: string;

  /** Decimals that are kept exactly; cannot be changed later. */
  @IsInt()
  @Min(0)
  @Max(MAX_SCALE)
  scale: number;

  /** `gauge`: a level; `counter`: only grows, may reset; `delta`: an amount of its own each time. */
  @IsIn(['gauge', 'counter', 'delta'])
  kind: MetricKind;

  /** `public`: anyone may watch any subject; `owned`: only those who own the subject. */
  @IsIn(['public', 'owned'])
  visibility: Visibility;

  /** How far before the last event of its series one may be dated and still count in windows, up to a day. @example "PT1M" */
  @IsOptional()
  @IsDuration()
  allowedLateness: string = 'PT1M';

  /** Days for which its values are kept for previews, up to 3,650; 0 keeps none. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(3_650)
  retentionDays: number = 90;

  /** Of a counter: the first value seen has grown from zero. */
  @IsOptional()
  @IsBoolean()
  startsAtZero: boolean = false;
}

export class MetricPage {
  items: MetricDto[];
  /** Null on the last page. */
  nextCursor: string | null;
}
