import type { CallbackFields } from './twilio-receipts';

/** A text that somebody sent to one of our numbers. */
export interface InboundText {
  provider: string;
  providerMessageId: string;
  /** E.164. */
  from: string;
  text: string;
  /**
   * Who answers STOP, START and HELP: we in our `reply` to the provider's call; the `carrier`, which has done so: a second
   * answer would be one too many; or nobody but a `message` of our own.
   */
  answeredBy: 'reply' | 'carrier' | 'message';
}

/** @returns null for what is no text from a number, such as one from a short code */
export function readTextFrom(fields: CallbackFields): InboundText | null {
  const { MessageSid: providerMessageId, From: from, Body: text = '', OptOutType: optOut } = fields;
  if (!providerMessageId || !/^\+[1-9]\d{6,14}$/.test(from ?? '')) return null;
  return {
    provider: 'twilio',
    providerMessageId,
    from: from ?? '',
    text,
    answeredBy: optOut ? 'carrier' : 'reply',
  };
}

/**
 * Twilio's answer to its own call: one text to whoever wrote, or none.
 * @see https://www.twilio.com/docs/messaging/twiml
 */
export function twimlOf(answer: string | null): string {
  const message = answer === null ? '' : `<Message>${escapeXml(answer)}</Message>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${message}</Response>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
