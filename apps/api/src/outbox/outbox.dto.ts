import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { CHANNELS, type Channel } from '@app/contracts';

export class OutboxQuery {
  /** Messages after this number, oldest first. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  after?: number;

  /** Messages before this number, newest first; without either, the newest. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  before?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}

export class OutboxMessageView {
  seq: number;
  deliveryId: string;
  @IsIn(CHANNELS)
  channel: Channel;
  address: string;
  subject: string;
  body: string;
  html: string;
  keptAt: Date;
}

export class OutboxPageView {
  items: OutboxMessageView[];
}
