import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import type { Channel } from '@app/contracts';

/** Channels that carry to an address; the inbox has none. */
export const ADDRESSED_CHANNELS = ['sms', 'email', 'social'] as const;

export class AddContactPointDto {
  @IsIn(ADDRESSED_CHANNELS)
  channel: (typeof ADDRESSED_CHANNELS)[number];

  /** Telephone number with country code (E.164), mail address, or numeric account id on the social network. @example "+4915112345678" */
  @IsString()
  @MaxLength(254)
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
}

export class ContactPointPage {
  items: ContactPointView[];
  nextCursor: string | null;
}
