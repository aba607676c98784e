import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsLocale,
  IsOptional,
  IsTimeZone,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import type { Attributes } from '@app/persistence';
import { SUBJECT, SUBJECT_WORDS } from '../http/subject';
import { ATTRIBUTES, IsAttributes } from './attributes';

const CUSTOMER_ID = /^[^\s/?#\u0000-\u001f\u007f]{1,100}$/;

/** Everything about a customer except the id. */
export class CustomerTerms {
  /** As messages address them. @example "Ada Lovelace" */
  @MinLength(1)
  @MaxLength(200)
  name: string;

  /** IANA zone in which times are shown. @example "Europe/Berlin" */
  @IsOptional()
  @IsTimeZone()
  timeZone: string = 'UTC';

  /** BCP 47. @example "en" */
  @IsOptional()
  @IsLocale()
  @MaxLength(35)
  language: string = 'en';

  /** What owned metrics they may watch. @example ["account:42"] */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ArrayUnique()
  @Matches(SUBJECT, { each: true, ...SUBJECT_WORDS })
  owns: string[] = [];

  /** What else concerns them; service alerts find them by it. @example ["flight:UA123"] */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ArrayUnique()
  @Matches(SUBJECT, { each: true, ...SUBJECT_WORDS })
  follows: string[] = [];

  /** Numbers that rules may follow as `{"attribute": "limit"}`: decimal text by name, at most 100. */
  @ApiProperty({ ...ATTRIBUTES, selfRequired: false, default: {} })
  @IsOptional()
  @IsAttributes()
  attributes: Attributes = {};
}

export class CreateCustomerDto extends CustomerTerms {
  /** Your own id for this customer. @example "customer-1" */
  @Matches(CUSTOMER_ID, { message: 'id must be 1 to 100 characters without blanks, /, ? and #' })
  id: string;
}

export class ReplaceCustomerDto extends CustomerTerms {
  /** May be left out; the path counts. */
  @IsOptional()
  @Matches(CUSTOMER_ID, { message: 'id must be the id in the path' })
  id?: string;
}

export class CustomerView {
  id: string;
  name: string;
  timeZone: string;
  language: string;
  owns: string[];
  follows: string[];
  @ApiProperty(ATTRIBUTES)
  attributes: Attributes;
}

export class CustomerPage {
  items: CustomerView[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/** The same pattern for ids in paths. */
export function isCustomerId(id: string): boolean {
  return CUSTOMER_ID.test(id);
}
