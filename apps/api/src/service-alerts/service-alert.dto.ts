import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { Relation, Severity } from '@app/contracts';
import type { ServiceAlertStatus } from '@app/persistence';
import { SUBJECT, SUBJECT_WORDS } from '../http/subject';

const TOPIC = /^[a-z][a-z0-9-]{0,49}$/;
const TOPIC_WORDS = { message: 'topic must be lower case letters, digits and hyphens, such as service' };

export class AudienceDto {
  /** `everyone`; `topic`: who follows it; `subjects`: who owns or follows one of them. */
  @IsIn(['everyone', 'topic', 'subjects'])
  kind: 'everyone' | 'topic' | 'subjects';

  /** For `topic`. */
  @ValidateIf((audience: AudienceDto) => audience.kind === 'topic' || audience.topic !== undefined)
  @Matches(TOPIC, TOPIC_WORDS)
  topic?: string;

  /** For `subjects`. @example ["flight:UA123"] */
  @ValidateIf((audience: AudienceDto) => audience.kind === 'subjects' || audience.subjects !== undefined)
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @Matches(SUBJECT, { each: true, ...SUBJECT_WORDS })
  subjects?: string[];

  /** For `subjects`; both by default. */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(['owns', 'follows'], { each: true })
  relations?: Relation[];
}

export class CreateServiceAlertDto {
  /** @example "Delays at Chicago O'Hare" */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  title: string;

  /** @example "Thunderstorms hold up departures. We rebook without a fee." */
  @IsString()
  @MinLength(1)
  @MaxLength(4000)
  text: string;

  @IsIn(['info', 'warning', 'critical'])
  severity: Severity;

  /** Default `service`. */
  @ValidateIf((_, value) => value !== undefined)
  @Matches(TOPIC, TOPIC_WORDS)
  topic?: string;

  @IsObject()
  @ValidateNested()
  @Type(() => AudienceDto)
  audience: AudienceDto;

  /** Whether it is also posted in public on the social channel. */
  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  publicPost?: boolean;
}

export class ConfirmServiceAlertDto {
  /** What the dry run said; another number now is refused. */
  @IsInt()
  @Min(0)
  people: number;
}

const PER_CHANNEL = {
  type: 'object',
  additionalProperties: { type: 'number' },
  example: { sms: 12, email: 30, inbox: 34 },
} as const;

export class DryRunView {
  /** Customers in the audience. */
  people: number;
  /** Messages that would go out, by channel; those that are held among them. */
  @ApiProperty(PER_CHANNEL)
  messages: Record<string, number>;
  /** Of these, wait for the end of somebody's quiet hours or quiet day. */
  @ApiProperty(PER_CHANNEL)
  held: Record<string, number>;
  /** Come later, in a digest. */
  @ApiProperty(PER_CHANNEL)
  digested: Record<string, number>;
  /** Over the customer's cap: come later, in a digest. */
  @ApiProperty(PER_CHANNEL)
  capped: Record<string, number>;
  /** Follow only if the channels before them do not reach the customer. */
  @ApiProperty(PER_CHANNEL)
  later: Record<string, number>;
  /** Not sent: the address must not be written to any more. */
  @ApiProperty(PER_CHANNEL)
  suppressed: Record<string, number>;
  /** People to whom nothing would go out at all. */
  unreachable: number;
  /** 1: everybody was counted. More: of customers with a preference sheet only this share, and the counts are estimates. */
  oneIn: number;
  /** All of it in words. */
  words: string;
  publicPost: boolean;
}

export class MessageCounts {
  sent: number;
  /** Being handed over at this moment. */
  inFlight: number;
  /** Nobody can know whether they left. */
  ambiguous: number;
  /** All others, and one for each person who is not yet planned. */
  notSent: number;
}

/** Counted as it goes on; exact at any moment. */
export class ProgressView {
  people: number;
  /** Of people who are told alone and not together with others, and one for the public post. */
  notifications: number;
  /** People and notifications that are not yet planned. */
  waiting: number;
  /** People who were not planned before it was cancelled. */
  cancelledUnplanned: number;
  /** People to whom nothing goes; each has a reason. */
  notTold: number;
  /** People who were erased after it was confirmed. */
  gone: number;
  messages: MessageCounts;
  /** Deliveries by channel and state. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'object', additionalProperties: { type: 'number' } },
  })
  byChannel: Record<string, Record<string, number>>;
}

export class ServiceAlertView {
  serviceAlertId: string;
  title: string;
  text: string;
  severity: Severity;
  topic: string;
  audience: AudienceDto;
  publicPost: boolean;
  status: ServiceAlertStatus;
  progress: ProgressView;
  createdAt: Date;
  confirmedAt: Date | null;
  /** While it is paused. */
  pausedAt: Date | null;
  cancelledAt: Date | null;
}

export class ServiceAlertPage {
  items: ServiceAlertView[];
  nextCursor: string | null;
}

export class CancelView {
  /** Messages, and notifications not yet planned, that will not go out. */
  cancelled: number;
  alreadyAccepted: number;
  /** Being handed over at this moment: they cannot be called back, and are not tried again. */
  inFlight: number;
}

export class ResendDto {
  /** `ambiguous`: these people may get it twice. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(['ambiguous', 'failed'], { each: true })
  states: ('ambiguous' | 'failed')[];
}

export class ResendView {
  /** Messages that go again. */
  messages: number;
}
