import type { Receipt } from '@app/contracts';
import { fieldOf, wordOf } from '../calling/plain-request';
import { telnyxVerdict } from '../sms/telnyx-codes';
import { attemptOf } from './callback-url';
import type { InboundText } from './inbound-text';
import { failed, failureOf, going, type Progress } from './text-failure';

/**
 * `delivery_unconfirmed` is a last word, too: the network never says whether the text arrived.
 * @see https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
 */
const STATUSES: Readonly<Record<string, Progress>> = {
  scheduled: going('accepted'),
  queued: going('accepted'),
  sending: going('accepted'),
  sent: going('sent'),
  delivery_unconfirmed: going('sent'),
  delivered: going('delivered'),
  cancelled: failed('refused', false),
};

const FAILURES: ReadonlySet<string> = new Set(['sending_failed', 'delivery_failed', 'expired']);

/**
 * What an event of Telnyx's says of a text of ours.
 * @param event the body, parsed
 * @returns null where it speaks of none
 */
export function readTelnyxReceipt(event: unknown, now: number): Receipt | null {
  const told = fieldOf(event, 'data');
  const [eventId, kind] = [wordOf(told, 'id'), wordOf(told, 'event_type')];
  if (!eventId || !/^message\.(sent|finalized)$/.test(kind)) return null;
  const receipt = readTelnyxMessage(fieldOf(told, 'payload'), now);
  const at = Date.parse(wordOf(told, 'occurred_at'));
  return receipt && { ...receipt, eventId: eventId.slice(0, 200), occurredAt: Number.isNaN(at) ? now : at };
}

/**
 * The same of a text itself, as it is when it is asked for. The attempt is read from the URL inside, which is signed with
 * the rest, and not from the one that was called, which is not.
 * @returns null for what is no text of ours
 */
export function readTelnyxMessage(message: unknown, now: number): Receipt | null {
  const id = wordOf(message, 'id');
  const to = firstOf(fieldOf(message, 'to'));
  const status = wordOf(to, 'status');
  if (!id || !status || wordOf(message, 'direction') === 'inbound') return null;
  return {
    ...progressOf(status, fieldOf(message, 'errors')),
    provider: 'telnyx',
    eventId: [id, status].join(':').slice(0, 200),
    attemptId: attemptOf(wordOf(message, 'webhook_url')),
    providerMessageId: id,
    occurredAt: now,
    channel: 'sms',
    address: wordOf(to, 'phone_number') || null,
  };
}

/** @returns null for what is no text from a number, such as one from a short code */
export function readTelnyxText(event: unknown): InboundText | null {
  const told = fieldOf(event, 'data');
  const message = fieldOf(told, 'payload');
  const [providerMessageId, from] = [wordOf(message, 'id'), wordOf(fieldOf(message, 'from'), 'phone_number')];
  if (wordOf(told, 'event_type') !== 'message.received') return null;
  if (!providerMessageId || !/^\+[1-9]\d{6,14}$/.test(from)) return null;
  const answeredBy = wordOf(message, 'autoresponse_type') ? 'carrier' : 'message';
  return { provider: 'telnyx', providerMessageId, from, text: wordOf(message, 'text'), answeredBy };
}

/** A status that nobody has heard of still proves that the text was taken. */
function progressOf(status: string, errors: unknown): Progress {
  if (FAILURES.has(status)) return failureOf(telnyxVerdict(errors));
  return (Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined) ?? going('accepted');
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}
