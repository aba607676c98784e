import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { CHANNELS, type Channel } from '@app/contracts';

export class PinProviderDto {
  /** Points of a hundred that it gets from now on; 0 for nothing at all; null gives it back to the algorithm. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, nullable: true, required: false })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  weight?: number | null;

  /** Kept with the change, for whoever asks later. @example "twilio has an incident" */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reason: string;
}

export class ProviderView {
  @ApiProperty({ enum: CHANNELS })
  channel: Channel;
  provider: string;
  /** As the algorithm has it: points of a hundred of its channel's messages. */
  weight: number;
  /** As a person set it, instead of the weight; null where nobody did. */
  pinned: number | null;
  version: number;
  reason: string;
  changedAt: Date;
}

export class ProviderChangeView {
  @ApiProperty({ enum: CHANNELS })
  channel: Channel;
  provider: string;
  weight: number;
  reason: string;
  changedAt: Date;
}

export class ProvidersView {
  @ApiProperty({ type: [ProviderView] })
  items: ProviderView[];
  /** The latest changes, newest first. */
  @ApiProperty({ type: [ProviderChangeView] })
  changes: ProviderChangeView[];
}
