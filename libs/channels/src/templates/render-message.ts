import type { Channel, NotificationBody } from '@app/contracts';
import {
  draftFired,
  draftLevel,
  draftRecovered,
  draftRepeated,
  draftSettled,
  draftUnstable,
} from './alert-draft';
import { cleanLine } from './clean-text';
import { draftAnswer } from './answer-draft';
import { draftCode } from './code-draft';
import { draftContactPointLost } from './contact-point-draft';
import { cutText } from './cut-text';
import { draftDigest } from './digest-draft';
import type { Draft, Recipient } from './draft';
import { mailHtml } from './mail-html';
import { fitPost } from './post-length';
import { draftServiceAlert } from './service-draft';
import { fitSms } from './sms-length';

export interface RenderedMessage {
  /** One line, at most 150 letters; mail and inbox show it. */
  subject: string;
  text: string;
  /** Mail only, else empty. */
  html: string;
}

/** A subject longer than this is cut by every mail program anyway. */
const MAX_SUBJECT = 150;

/**
 * Writes one notification as a channel carries it. Pure: the same facts give the same words in a preview.
 *
 * Texts: `sms` one segment of 160 letters where the facts allow and never more than three; `social` at most 280 as X
 * counts; `email` whole, with an HTML form of the same words; `inbox` whole. Times are on the recipient's clock with
 * the zone named. Titles and texts that people wrote are cleaned of control characters, and escaped in HTML.
 *
 * @param recipient an empty name leaves the greeting without one
 * @param extra `unsubscribeUrl` is shown in mail if it is an http(s) URL, but never with a verification code
 * @throws never; a time zone that is not known falls back to UTC, and says so
 */
export function renderMessage(
  body: NotificationBody,
  channel: Channel,
  recipient: Recipient,
  extra: { unsubscribeUrl?: string } = {},
): RenderedMessage {
  const draft = draftOf(body, recipient);
  const subject = cutText(draft.subject, (text) => text.length <= MAX_SUBJECT, MAX_SUBJECT);
  switch (channel) {
    case 'sms':
    case 'voice':
      return { subject, text: fitSms(draft.short), html: '' };
    case 'social':
      return { subject, text: fitPost(draft.short), html: '' };
    case 'inbox':
    case 'push':
    case 'webhook':
    case 'chat':
      return { subject, text: draft.paragraphs.join('\n'), html: '' };
    case 'email': {
      const url = body.kind === 'verificationCode' ? null : webUrl(extra.unsubscribeUrl);
      return { subject, ...mailOf({ ...draft, subject }, cleanLine(recipient.name), url) };
    }
    default:
      return channel satisfies never;
  }
}

function draftOf(body: NotificationBody, recipient: Recipient): Draft {
  switch (body.kind) {
    case 'alertFired':
      return draftFired(body.facts, recipient);
    case 'alertRecovered':
      return draftRecovered(body.facts, recipient);
    case 'alertLevel':
      return draftLevel(body.facts, recipient);
    case 'alertRepeated':
      return draftRepeated(body.facts, recipient);
    case 'alertUnstable':
      return draftUnstable(body.facts, recipient);
    case 'alertSettled':
      return draftSettled(body.facts, recipient);
    case 'serviceAlert':
      return draftServiceAlert(body.facts);
    case 'digest':
      return draftDigest(body.facts, (one) => draftOf(one, recipient));
    case 'contactPointLost':
      return draftContactPointLost(body.facts);
    case 'answer':
      return draftAnswer(body.facts);
    case 'verificationCode':
      return draftCode(body.facts, recipient);
    default:
      return body satisfies never;
  }
}

function mailOf(draft: Draft, name: string, unsubscribeUrl: string | null): { text: string; html: string } {
  const greeting = name === '' ? 'Hello,' : `Hello ${name},`;
  const foot = [draft.because, ...(unsubscribeUrl ? [`Change what we tell you: ${unsubscribeUrl}`] : [])];
  const text = [greeting, ...draft.paragraphs, ['--', ...foot].join('\n')].join('\n\n');
  return { text, html: mailHtml(draft, { greeting, unsubscribeUrl }) };
}

/** Anything but a web address (`javascript:`) is left out rather than linked. */
function webUrl(text: string | undefined): string | null {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}
