import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsObject, IsString, Min, ValidateNested } from 'class-validator';
import { CHANNELS, type Channel, type FallbackStep } from '@app/contracts';
import { IsDuration } from '../http/duration';
import { MayBeLeftOut } from '../rules/rule-validators';

export const DIGEST_EVERY = ['time', 'hour', 'day', 'week'] as const;
export const STOP_ON = ['accepted', 'delivered', 'seen'] as const;

/** Wall time in the customer's zone, half-open: at `from` quiet, at `to` no longer. */
export class QuietWindowDto {
  /** ISO weekdays on which it starts, 1 Monday to 7 Sunday. @example [1, 2, 3, 4, 5] */
  @IsArray()
  @IsInt({ each: true })
  days: number[];

  /** @example "22:00" */
  @IsString()
  from: string;

  /** Before `from`: of the next day. @example "07:00" */
  @IsString()
  to: string;
}

/** When the notifications of a topic are told: each at its `time`, or together. */
export class DigestDto {
  @IsIn(DIGEST_EVERY)
  every: (typeof DIGEST_EVERY)[number];

  /** With `day` and `week`: wall time. @example "18:00" */
  @MayBeLeftOut()
  @IsString()
  at?: string;

  /** With `week`: ISO weekday. */
  @MayBeLeftOut()
  @IsInt()
  day?: number;
}

/** What is over goes to a digest, which says how many. */
export class CapDto {
  @MayBeLeftOut()
  @IsInt()
  perHour?: number;

  /** Per calendar day of the customer's zone. */
  @MayBeLeftOut()
  @IsInt()
  perDay?: number;
}

/** These channels at once; the next step unless the goal is met in time. */
export class StepDto {
  @IsArray()
  @IsIn(CHANNELS, { each: true })
  channels: Channel[];

  /** Until the next step; the last needs none. From PT10S to P1D. @example "PT10M" */
  @MayBeLeftOut()
  @IsDuration()
  wait?: string;

  /** What makes the next step needless. Default `seen`. */
  @MayBeLeftOut()
  @IsIn(STOP_ON)
  stopOn?: FallbackStep['stopOn'];
}

/** Everything a customer chooses beyond the switches. What is left out is as if it had never been chosen. */
@ApiExtraModels(DigestDto, CapDto)
export class SheetDto {
  /** Alerts wait until they end; what is critical does not. */
  @MayBeLeftOut()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => QuietWindowDto)
  quietHours?: QuietWindowDto[];

  /** Local dates, quiet from midnight to midnight. @example ["2026-12-25"] */
  @MayBeLeftOut()
  @IsArray()
  @IsString({ each: true })
  holidays?: string[];

  /** An alert that was held and is over when its time comes: told with its end, or not at all. Default `reword`. */
  @MayBeLeftOut()
  @IsIn(['reword', 'withdraw'])
  whenOver?: 'reword' | 'withdraw';

  /** By topic. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(DigestDto) },
    selfRequired: false,
    example: { alerts: { every: 'day', at: '18:00' } },
  })
  @MayBeLeftOut()
  @IsObject()
  digests?: Record<string, DigestDto>;

  /** By channel; `all` counts every channel but the inbox. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(CapDto) },
    selfRequired: false,
    example: { sms: { perHour: 5, perDay: 20 } },
  })
  @MayBeLeftOut()
  @IsObject()
  caps?: Record<string, CapDto>;

  /** Channels in this order and not all at once. */
  @MayBeLeftOut()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StepDto)
  steps?: StepDto[];
}

export class ChangeSheetDto {
  /** The one that was read; 0 where none was ever saved. Another answers 409. */
  @IsInt()
  @Min(0)
  version: number;

  /** The whole sheet. */
  @IsObject()
  @ValidateNested()
  @Type(() => SheetDto)
  sheet: SheetDto;
}

export class SheetView {
  /** Grows with each change; decisions name the one they were made by. */
  version: number;
  sheet: SheetDto;
  /** IANA zone of the customer, in which all its times are read. */
  timeZone: string;
  /** Null where none was ever saved. */
  updatedAt: Date | null;
}
