import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../http/page.dto';

export class AuditQuery extends PageQuery {
  /** Only what concerns this customer. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  customerId?: string;
}

export class AuditEntryView {
  id: number;
  at: Date;
  /** `customer:…`, `key:…`, `link:…`, `provider:…`, `sms`, `system`, or `erased`. */
  actor: string;
  /** What was done. @example "suppression.made" */
  action: string;
  customerId: string | null;
  detail: Readonly<Record<string, unknown>>;
  /** SHA-256 over the hash before and this entry. */
  hash: string;
  /** The customer was erased, and with them what the entry said. */
  erasedAt: Date | null;
}

export class AuditPage {
  items: AuditEntryView[];
  nextCursor: string | null;
}

export class AuditVerdictView {
  /** Entries that follow from each other, from the first on. */
  entries: number;
  /** Hash of the last of them. Noted elsewhere, it shows later whether the end was cut off. */
  head: string;
  isIntact: boolean;
  /** The first entry that was changed, or before which one is missing. */
  brokenAt: number | null;
}
