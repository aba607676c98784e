import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { CHANNELS, type Channel } from '@app/contracts';
import type { RedriveVerdict } from '@app/persistence';
import { IsInstant } from '../http/instant';

const REDRIVABLE = ['failed', 'ambiguous', 'expired'] as const;

/** All of it must fit; at least one field must be named. */
export class RedriveFilterDto {
  @IsOptional()
  @IsIn(REDRIVABLE)
  state?: (typeof REDRIVABLE)[number];

  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;

  /** The carrier that had it last. @example "twilio" */
  @IsOptional()
  @IsString()
  @MaxLength(50)
  provider?: string;

  /** Why it ended so, as deliveries show it. @example "providerError" */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  reason?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  topic?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  customerId?: string;

  /** Made at this time or later. @example "2026-11-22T08:00:00Z" */
  @IsOptional()
  @IsInstant()
  since?: string;

  /** Made before this time. @example "2026-11-22T09:00:00Z" */
  @IsOptional()
  @IsInstant()
  until?: string;
}

export class RedriveDto {
  @IsObject()
  @ValidateNested()
  @Type(() => RedriveFilterDto)
  filter: RedriveFilterDto;

  /** Counts what would go again and what would not, and changes nothing. */
  @IsBoolean()
  dryRun: boolean;

  /** `nextCursor` of the call before. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
}

export class RedriveCountsView implements Record<RedriveVerdict, number> {
  goesAgain: number;
  /** The contact point is no longer there. */
  gone: number;
  /** The contact point was switched off after long failure. */
  disabled: number;
  /** The address has lost its proof. */
  notVerified: number;
  /** Nothing may be sent to the address. */
  suppressed: number;
  /** The customer no longer wants it. */
  switchedOff: number;
  /** A code or an answer, which helps nobody later. */
  expired: number;
}

export class RedriveExampleView {
  deliveryId: string;
  verdict: RedriveVerdict;
}

export class RedriveView {
  dryRun: boolean;
  counts: RedriveCountsView;
  /** At most twenty, the oldest first. */
  examples: RedriveExampleView[];
  /** Set where more than 10,000 fit: call again with it. */
  nextCursor: string | null;
}
