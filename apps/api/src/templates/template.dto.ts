import { IsIn, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { TEMPLATE_CHANNELS, TEMPLATE_KINDS } from '@app/channels';
import type { Channel, NotificationKind } from '@app/contracts';
import { MayBeLeftOut } from '../rules/rule-validators';

export const LANGUAGE_TAG = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i;
const LANGUAGE_MESSAGE = { message: 'language must be a language tag, such as de or de-AT' };

/** The whole of a template, in Liquid; docs/TEMPLATES.md says what it can name. */
export class TemplateDto {
  /** One line; left out: the built-in subject. @example "{{ title }}: {{ value }}" */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(20_000)
  subject?: string;

  /** @example "Hello {{ name }}, {{ measure }} is now {{ value }}." */
  @IsString()
  @MaxLength(20_000)
  text: string;

  /** Mail only; left out: made of the text. What is put in is escaped. */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(20_000)
  html?: string;
}

export class TemplateView {
  kind: NotificationKind;
  channel: Channel;
  /** In lower case. */
  language: string;
  /** 1 with the first words, one more with each change. */
  version: number;
  subject: string;
  text: string;
  html: string;
  updatedBy: string;
  updatedAt: Date;
}

export class TemplateList {
  items: TemplateView[];
}

export class TemplateFaultView {
  kind: NotificationKind;
  channel: Channel;
  language: string;
  /** The field, the line where it is known, and what is wrong. */
  fault: string;
  /** Messages that went out in the built-in words because of it. */
  count: number;
  firstAt: Date;
  lastAt: Date;
}

export class TemplateFaultList {
  items: TemplateFaultView[];
}

/** What is to be looked at: words, kept or not yet, on facts, real or a sample. */
export class TemplatePreviewDto {
  @IsIn(TEMPLATE_CHANNELS)
  channel: (typeof TEMPLATE_CHANNELS)[number];

  /** Of the sample; not needed with a notification. */
  @MayBeLeftOut()
  @IsIn(TEMPLATE_KINDS)
  kind?: NotificationKind;

  /** Real facts and their reader. A code is never shown: a sample's stands in. */
  @MayBeLeftOut()
  @IsUUID()
  notificationId?: string;

  /** Default: the reader's, and of a sample `en`. */
  @MayBeLeftOut()
  @Matches(LANGUAGE_TAG, LANGUAGE_MESSAGE)
  language?: string;

  /** With `text`: words that are not kept yet. */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(20_000)
  subject?: string;

  /** Words that are not kept yet; left out: those that would be used now. */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(20_000)
  text?: string;

  /** With `text`, for mail. */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(20_000)
  html?: string;
}

/** How a text message is sent and billed. */
export class SmsMeasureView {
  encoding: 'GSM-7' | 'UCS-2';
  segments: number;
  /** Letters that the last segment still takes. */
  lettersLeft: number;
  /** Letters that made it UCS-2, each once. */
  outsideGsm: string[];
}

export class TemplatePreviewView {
  kind: NotificationKind;
  channel: Channel;
  /** Whose words they are: those that were sent along, those that are kept, or the built-in ones. */
  words: 'given' | 'template' | 'builtIn';
  /** Of the words. */
  language: string;
  /** Why the template could not be used and the built-in words are shown; else null. */
  fault: string | null;
  subject: string;
  text: string;
  html: string;
  /** Of `sms` only. */
  sms: SmsMeasureView | null;
}
