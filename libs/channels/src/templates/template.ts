import type { Channel, NotificationKind } from '@app/contracts';

/** Whose words come before ours: an admin's, for one kind of notification on one channel in one language. */
export interface Template {
  kind: NotificationKind;
  channel: Channel;
  /** BCP 47, as it was written. */
  language: string;
  /** One line; empty leaves the built-in subject. */
  subject: string;
  text: string;
  /** Mail only; empty: made of the text. */
  html: string;
}

/** The language in which the built-in words are, and in which a template is looked for last. */
export const DEFAULT_LANGUAGE = 'en';

/** A web hook's reader is a program, whose events have one form. */
export const TEMPLATE_CHANNELS = ['sms', 'email', 'social', 'push', 'chat', 'voice', 'inbox'] as const;

export const TEMPLATE_KINDS: readonly NotificationKind[] = [
  'alertFired',
  'alertRecovered',
  'alertLevel',
  'alertRepeated',
  'alertUnstable',
  'alertSettled',
  'serviceAlert',
  'digest',
  'contactPointLost',
  'answer',
  'verificationCode',
];

/** A template that could not be used when it was needed; the built-in words went out in its place. */
export interface TemplateFault {
  kind: NotificationKind;
  channel: Channel;
  language: string;
  /** In plain words, without values; begins with the field and, where it is known, the line. */
  fault: string;
}

/**
 * Where a template is looked for, in this order: the reader's language, that language anywhere, the default language.
 * @param language BCP 47
 */
export function languagesToTry(language: string): string[] {
  const whole = language.toLowerCase();
  const [base = ''] = whole.split('-');
  return [...new Set([whole, base, DEFAULT_LANGUAGE])];
}
