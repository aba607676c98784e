import type { Channel, NotificationBody } from '@app/contracts';
import { cleanLine } from './clean-text';
import { cutText } from './cut-text';
import type { Draft, Recipient } from './draft';
import { draftOf } from './draft-of';
import { mailHtml } from './mail-html';
import { fitPost } from './post-length';
import { fitSms, plainPunctuation, smsSegments } from './sms-length';

export interface RenderedMessage {
  /** One line, at most 150 letters; mail and inbox show it. */
  subject: string;
  text: string;
  /** Mail only, else empty. */
  html: string;
}

/** Telegram takes 4,096 letters, Slack advises 4,000. */
const MAX_CHAT = 4_000;

/** What stands around the words. */
export interface MessageFrame {
  /** Mail only. */
  unsubscribeUrl?: string;
  /** The team that signs, as the topic's policy names it: below mails and chat messages, and texts that have room. */
  signedBy?: string;
}

/** A subject longer than this is cut by every mail program anyway. */
const MAX_SUBJECT = 150;

/**
 * Writes one notification as a channel carries it. Pure: the same facts give the same words in a preview.
 *
 * Texts: `sms` one segment of 160 letters where the facts allow and never more than three; `social` at most 280 as X
 * counts; `chat` at most 4,000 letters; `email` whole, with an HTML form of the same words; `inbox` whole. Times are on the recipient's clock with
 * the zone named. Titles and texts that people wrote are cleaned of control characters, and escaped in HTML.
 *
 * @param recipient an empty name leaves the greeting without one
 * @param extra `unsubscribeUrl` is shown if it is an http(s) URL, and not with a verification code
 * @throws never; a time zone that is not known falls back to UTC, and says so
 */
export function renderMessage(
  body: NotificationBody,
  channel: Channel,
  recipient: Recipient,
  extra: MessageFrame = {},
): RenderedMessage {
  return shapeDraft(draftOf(body, recipient), channel, {
    ...extra,
    name: recipient.name,
    isCode: body.kind === 'verificationCode',
  });
}

/** Gives words, ours or a template's, the shape of a channel. */
export function shapeDraft(
  draft: Draft,
  channel: Channel,
  frame: MessageFrame & { name: string | null; isCode: boolean },
): RenderedMessage {
  const subject = cutText(draft.subject, (text) => text.length <= MAX_SUBJECT, MAX_SUBJECT);
  switch (channel) {
    case 'sms':
    case 'voice':
      return { subject, text: signed(fitSms(draft.short), frame.signedBy), html: '' };
    case 'social':
      return { subject, text: fitPost(draft.short), html: '' };
    case 'inbox':
    case 'push':
    case 'webhook':
      return { subject, text: draft.paragraphs.join('\n'), html: '' };
    case 'chat':
      return { subject, text: chatOf(draft, frame.signedBy), html: '' };
    case 'email':
      return { subject, ...mailOf({ ...draft, subject }, frame) };
    default:
      return channel satisfies never;
  }
}

function chatOf({ lead = '', paragraphs }: Draft, signedBy = ''): string {
  const whole = [lead, ...paragraphs, cleanLine(signedBy)].filter((line) => line !== '').join('\n');
  return cutText(whole, (text) => text.length <= MAX_CHAT, MAX_CHAT);
}

/** A text is signed where that costs no further segment. */
function signed(text: string, signedBy = ''): string {
  const name = cleanLine(signedBy);
  if (name === '') return text;
  const whole = plainPunctuation(`${text} - ${name}`);
  return smsSegments(whole) <= smsSegments(text) ? whole : text;
}

function mailOf(
  draft: Draft,
  frame: MessageFrame & { name: string | null; isCode: boolean },
): { text: string; html: string } {
  const unsubscribeUrl = frame.isCode ? null : webUrl(frame.unsubscribeUrl);
  const signedBy = cleanLine(frame.signedBy ?? '');
  // Whoever reads a code has not proven to be the customer yet.
  const greeting = frame.name === null ? '' : greetingTo(frame.isCode ? '' : frame.name);
  const text = [
    greeting,
    draft.lead ?? '',
    ...draft.paragraphs,
    signedBy,
    footOf(draft.because, unsubscribeUrl),
  ];
  return {
    text: text.filter((part) => part !== '').join('\n\n'),
    html: mailHtml(
      { ...draft, link: webUrl(draft.link) ? draft.link : '' },
      { greeting, signedBy, unsubscribeUrl },
    ),
  };
}

/** Below every mail, whoever wrote it. */
export function footOf(because: string, unsubscribeUrl: string | null): string {
  return ['--', because, ...(unsubscribeUrl ? [`Change what we tell you: ${unsubscribeUrl}`] : [])].join(
    '\n',
  );
}

/** @param name may be empty */
export function greetingTo(name: string): string {
  const clean = cleanLine(name);
  return clean === '' ? 'Hello,' : `Hello ${clean},`;
}

/** Anything but a web address (`javascript:`) is left out rather than linked. */
export function webUrl(text: string | undefined): string | null {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}
