import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsTimeZone,
  ValidateNested,
} from 'class-validator';
import { IsDuration } from '../http/duration';
import { IsInstant } from '../http/instant';
import { MayBeLeftOut } from './rule-validators';

/** Half-open hours of a wall clock: at `from` yes, at `to` no; overnight hours belong to the day on which they start. */
export class ActiveHoursDto {
  /** ISO weekdays, 1 Monday to 7 Sunday. @example [1, 2, 3, 4, 5] */
  @IsArray()
  @IsInt({ each: true })
  days: number[];

  /** @example "08:00" */
  @IsString()
  from: string;

  /** The same as `from` means the 24 hours from there. @example "20:00" */
  @IsString()
  to: string;

  /** IANA; the customer's by default. @example "Europe/Berlin" */
  @MayBeLeftOut()
  @IsTimeZone()
  timeZone?: string;
}

/** Which of an alert's moments are told; the alert itself goes on. */
export class NoticesDto {
  /** With several levels: whether another level is told when it `rise`s, on `any` change, or not (`none`). Default `rise`. */
  @MayBeLeftOut()
  @IsIn(['rise', 'any', 'none'])
  onLevel?: 'rise' | 'any' | 'none';

  /** Told again this often while it lasts. @example "PT4H" */
  @IsOptional()
  @IsDuration()
  repeatEvery?: string | null;

  /** After a firing was told, further ones are held back for this long. @example "PT1H" */
  @IsOptional()
  @IsDuration()
  cooldown?: string | null;

  /** Firings told on one calendar day of the customer; 1 is once a day. */
  @IsOptional()
  @IsInt()
  maxPerDay?: number | null;

  /** Only then; empty means always. */
  @MayBeLeftOut()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ActiveHoursDto)
  activeHours?: ActiveHoursDto[];

  /** Quick alternation is told once as unstable, then once an hour. Default false. */
  @MayBeLeftOut()
  @IsBoolean()
  dampFlapping?: boolean;
}

/** Exactly one of them. */
export class SnoozeDto {
  /** @example "2027-01-31T18:00:00Z" */
  @ApiProperty({ format: 'date-time', required: false })
  @MayBeLeftOut()
  @IsInstant()
  until?: string;

  /** @example "PT8H" */
  @MayBeLeftOut()
  @IsDuration()
  for?: string;
}
