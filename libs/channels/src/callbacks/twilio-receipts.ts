import type { Receipt } from '@app/contracts';
import { TWILIO_CODES } from '../sms/twilio-codes';
import type { Verdict } from '../send-reason';
import { failed, failureOf, going, type Progress } from './text-failure';

/** Fields of a callback as they came; what is not named here is ignored, since new ones come without notice. */
export type CallbackFields = Readonly<Record<string, string | undefined>>;

/** @see https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks */
const TEXTS: Readonly<Record<string, Progress>> = {
  queued: going('accepted'),
  accepted: going('accepted'),
  scheduled: going('accepted'),
  sending: going('accepted'),
  sent: going('sent'),
  partially_delivered: going('delivered'),
  delivered: going('delivered'),
  read: going('seen'),
  canceled: failed('refused', false),
};

/** @see https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent */
const CALLS: Readonly<Record<string, Progress>> = {
  queued: going('accepted'),
  initiated: going('accepted'),
  ringing: going('accepted'),
  'in-progress': going('sent'),
  completed: going('delivered'),
  busy: failed('unreachableHandset', true),
  'no-answer': failed('unreachableHandset', true),
  canceled: failed('refused', false),
};

/**
 * What Twilio says of a text. It gives no name to the event, so that message, status and code make one: a repetition has
 * the same. Nor does it say when, so that the time of the call counts.
 * @returns null where it speaks of no message
 */
export function readTextStatus(
  fields: CallbackFields,
  attemptId: string | null,
  now: number,
): Receipt | null {
  const { MessageSid: sid, MessageStatus: status, ErrorCode: code, To: to } = fields;
  if (!sid || !status) return null;
  return {
    ...(TEXTS[status] ?? (isFailure(status) ? failureOf(verdictOf(code)) : going('accepted'))),
    provider: 'twilio',
    eventId: [sid, status, code].filter(Boolean).join(':'),
    attemptId,
    providerMessageId: sid,
    occurredAt: now,
    channel: 'sms',
    address: to || null,
  };
}

/** What Twilio says of a call: answered is delivered, whether by a person or by a machine that takes it down. */
export function readCallStatus(
  fields: CallbackFields,
  attemptId: string | null,
  now: number,
): Receipt | null {
  const { CallSid: sid, CallStatus: status, ErrorCode: code, To: to } = fields;
  if (!sid || !status) return null;
  return {
    ...(CALLS[status] ?? (isFailure(status) ? failureOf(verdictOf(code)) : going('accepted'))),
    provider: 'twilio-voice',
    eventId: [sid, status].join(':'),
    attemptId,
    providerMessageId: sid,
    occurredAt: now,
    channel: 'voice',
    address: to || null,
  };
}

function isFailure(status: string): boolean {
  return status === 'failed' || status === 'undelivered';
}

function verdictOf(code: string | undefined): Verdict | null {
  return Object.hasOwn(TWILIO_CODES, Number(code)) ? (TWILIO_CODES[Number(code)] ?? null) : null;
}
