import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator';
import { CHANNELS, type Channel, type TopicPolicy } from '@app/contracts';
import { IsDuration } from '../http/duration';
import { DigestDto, StepDto } from '../preferences/sheet.dto';
import { MayBeLeftOut } from '../rules/rule-validators';

/** What an admin decides about a topic; what is left out is the default. */
export class TopicPolicyDto {
  /** What customers call it. @example "Card security" */
  @IsString()
  title: string;

  @MayBeLeftOut()
  @IsString()
  description?: string;

  /** Signs the messages. @example "Your card team" */
  @MayBeLeftOut()
  @IsString()
  signedBy?: string;

  /** Cannot be switched off and passes quiet hours, digests and caps; never a lawful opt-out or a dead address. Default false. */
  @MayBeLeftOut()
  @IsBoolean()
  isCritical?: boolean;

  /** Why it cannot be switched off: customers read it where the switch would be. Needed where it is critical, and only there. */
  @MayBeLeftOut()
  @IsString()
  criticalReason?: string;

  /** Channels that are on where the customer said nothing; null, the default: all but `voice`. */
  @IsOptional()
  @IsArray()
  @IsIn(CHANNELS, { each: true })
  channels?: Channel[] | null;

  /** Where the customer chose none. Default: each at its time. */
  @MayBeLeftOut()
  @ValidateNested()
  @Type(() => DigestDto)
  digest?: DigestDto;

  /** Order of channels where the customer has none; of a critical topic its escalation. Null, the default: all at once. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StepDto)
  steps?: StepDto[] | null;

  /** A message that may or may not have left: sent again, or shown to a person. Default `resend`. */
  @MayBeLeftOut()
  @IsIn(['resend', 'hold'])
  onAmbiguous?: TopicPolicy['onAmbiguous'];

  /** After which a message would only confuse. Default P1D, from PT1M to P7D. @example "P1D" */
  @MayBeLeftOut()
  @IsDuration()
  timeToLive?: string;
}

export class TopicPolicyView {
  topic: string;
  title: string;
  description: string;
  signedBy: string;
  isCritical: boolean;
  criticalReason: string;
  channels: Channel[] | null;
  digest: DigestDto;
  steps: StepDto[] | null;
  onAmbiguous: TopicPolicy['onAmbiguous'];
  timeToLive: string;
}

export class TopicList {
  items: TopicPolicyView[];
}
