import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { Channel } from '@app/contracts';
import { IsInstant } from '../http/instant';

/** Channels that carry to an address; the inbox has none. */
export const ADDRESSED_CHANNELS = ['sms', 'email', 'social', 'push', 'webhook', 'chat', 'voice'] as const;

/** What a browser gives with its subscription; messages are encrypted for them. */
export class PushKeysDto {
  /** Public key of the subscription, base64url. */
  @Matches(/^B[\w-]{86}$/, { message: 'p256dh must be an uncompressed P-256 point in base64url' })
  p256dh: string;

  /** Secret of the subscription, base64url. */
  @Matches(/^[\w-]{22}$/, { message: 'auth must be 16 bytes in base64url' })
  auth: string;
}

export class AddContactPointDto {
  @IsIn(ADDRESSED_CHANNELS)
  channel: (typeof ADDRESSED_CHANNELS)[number];

  /** Telephone number with country code (E.164), mail address, account on a social network (a number on X, `@user@host` on Mastodon, a handle on Bluesky), https URL of a web hook, endpoint of a push subscription, or a chat (hook of Slack or Teams, `telegram:` and a number). @example "+4915112345678" */
  @IsString()
  @MaxLength(2048)
  address: string;

  /** Of a push subscription, and needed there. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PushKeysDto)
  keys?: PushKeysDto;
}

export class ChangeContactPointDto {
  /** On the same channel. @example "+4915187654321" */
  @IsString()
  @MaxLength(2048)
  address: string;
}

export class VerifyContactPointDto {
  /** The six digits of the newest message. @example "123456" */
  @Matches(/^\d{6}$/, { message: 'code must be the six digits of the message' })
  code: string;
}

export class ContactPointView {
  contactPointId: string;
  channel: Channel;
  address: string;
  /** Null until the code has come back; nothing but codes is sent before. */
  verifiedAt: Date | null;
  /** Set once nothing more is sent here; another code makes it usable again. */
  disabledAt: Date | null;
  /** `gone`: its far end says that it is there no more; `failing`: it has taken nothing in for days. */
  disabledReason: string | null;
  /** Of a web hook: checks its `v1a` signatures. */
  publicKey: string | null;
}

export class ContactPointWithSecretView extends ContactPointView {
  /** Of a new or rotated web hook: checks its `v1` signatures. Shown this once. */
  secret: string | null;
}

export class RotateSecretDto {
  /** True ends the secrets before at once; otherwise they sign for 72 hours more. */
  @IsOptional()
  @IsBoolean()
  isCompromised: boolean = false;
}

export class ReplayDto {
  /** One delivery to this contact point. */
  @IsOptional()
  @IsUUID()
  deliveryId?: string;

  /** Deliveries made since then. @example "2027-01-31T18:00:00Z" */
  @IsOptional()
  @IsInstant()
  from?: string;

  /** Deliveries made before then; without it, until now. */
  @IsOptional()
  @IsInstant()
  to?: string;
}

export class ReplayView {
  /** Deliveries that go again, oldest first; at most 1,000 in one request. */
  replayed: number;
}

export class ContactPointPage {
  items: ContactPointView[];
  nextCursor: string | null;
}

export class PushKeyView {
  /** Uncompressed P-256 point in base64url: `applicationServerKey` of `pushManager.subscribe`. */
  publicKey: string;
}
