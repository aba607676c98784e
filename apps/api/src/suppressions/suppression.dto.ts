import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, Length } from 'class-validator';
import type { Channel, SuppressionReason } from '@app/contracts';
import { PageQuery } from '../http/page.dto';

/** An address that nothing is sent to. */
export class SuppressionView {
  suppressionId: string;
  channel: Channel;
  /** Enough of the address to recognise it. @example "+49…78" */
  addressHint: string;
  /** Null: it holds for whoever has the address. */
  customerId: string | null;
  /** Null: all topics. */
  topic: string | null;
  reason: SuppressionReason;
  /** Whose word it was: `provider:…`, `sms`, `link:…`. */
  source: string;
  /** What happened, in words. */
  words: string;
  createdAt: Date;
  appealedAt: Date | null;
  appeal: string | null;
  liftedAt: Date | null;
  liftedBy: string | null;
}

export class SuppressionPage {
  items: SuppressionView[];
  nextCursor: string | null;
}

export class SuppressionsQuery extends PageQuery {
  /** Only those that a customer has appealed. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => value === 'true')
  @IsBoolean()
  appealed: boolean = false;

  /** Also those that were lifted. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => value === 'true')
  @IsBoolean()
  lifted: boolean = false;
}

export class AppealDto {
  /** Why messages should go there again. @example "I have a new SIM card with the same number." */
  @IsString()
  @Length(3, 1000)
  text: string;
}

export class LiftDto {
  /** Why it is lifted; kept in the audit. @example "The customer showed that the mail box works." */
  @IsString()
  @Length(3, 1000)
  reason: string;
}
