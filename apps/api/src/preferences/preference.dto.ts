import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, Matches, ValidateNested } from 'class-validator';
import { CHANNELS, type Channel, type Preference } from '@app/contracts';
import { DigestDto } from './sheet.dto';

export class PreferenceDto implements Preference {
  /** @example "alerts" */
  @Matches(/^[a-z][a-z0-9-]{0,49}$/, {
    message: 'topic must be lower case letters, digits and hyphens, such as alerts',
  })
  topic: string;

  @IsIn(CHANNELS)
  channel: Channel;

  @IsBoolean()
  enabled: boolean;
}

export class PreferencesDto {
  /** All switches; what is not named is as the topic has it. */
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => PreferenceDto)
  preferences: PreferenceDto[];
}

export class TopicView {
  topic: string;
  title: string;
  description: string;
  /** What is critical has no switch, no digest and no quiet hours. */
  isSwitchable: boolean;
  /** Why it has none; empty where it has one. */
  whyNotSwitchable: string;
  /** Where the customer chose none. */
  digest: DigestDto;
}

export class PreferencesView {
  /** Every known topic on every channel. */
  preferences: PreferenceDto[];
  topics: TopicView[];
}
