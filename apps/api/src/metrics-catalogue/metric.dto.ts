import { IsIn, IsInt, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { MAX_SCALE, type Metric, type MetricKind, type Visibility } from '@app/contracts';

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
}

export class MetricPage {
  items: MetricDto[];
  /** Null on the last page. */
  nextCursor: string | null;
}
