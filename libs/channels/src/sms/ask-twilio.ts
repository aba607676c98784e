import type { Twilio } from 'twilio';
import type { EarlierAttempt, Found } from '../channel-adapter';
import { callBeforehand } from '../calling/call-beforehand';
import type { ProviderVocabulary } from '../calling/classify';
import { readTextStatus } from '../callbacks/twilio-receipts';

/** Twilio's clock has whole seconds, and ours may be a little off. */
const EARLIER_MS = 5_000;

/** A number that got more texts than this since the attempt is a test's, and not a customer's. */
const TEXTS_LOOKED_AT = 50;

interface Text {
  sid: string;
  status: string;
  errorCode: number | null;
  to: string;
  body: string;
  dateCreated: Date | null;
}

type Vocabulary = Pick<ProviderVocabulary<unknown>, 'verdict' | 'retryAfterMs'>;

/**
 * Asks Twilio what became of a text: by its id, or by number, text and time where no answer told the id. The list is
 * asked without `DateSent`, which is empty for a text that still waits there.
 * @see https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
 */
export async function askTwilio(
  client: Twilio,
  attempt: EarlierAttempt,
  call: { signal: AbortSignal; timeoutMs: number; vocabulary: Vocabulary },
): Promise<Found> {
  const { providerMessageId: sid, to, attemptId } = attempt;
  const texts = await callBeforehand<Text[]>({
    ...call,
    message: { expiresAt: Number.POSITIVE_INFINITY },
    send: async () =>
      sid ? [await client.messages(sid).fetch()] : client.messages.list({ to, limit: TEXTS_LOOKED_AT }),
  });
  if (!texts.ok) return { kind: 'unknown' };
  const text = sid ? texts.answer[0] : texts.answer.find((one) => isOf(attempt, one));
  const receipt = text && readTextStatus(fieldsOf(text), attemptId, Date.now());
  return receipt ? { kind: 'found', receipt } : { kind: 'notFound' };
}

function isOf({ text, sentAt }: EarlierAttempt, { body, dateCreated }: Text): boolean {
  return body === text && dateCreated !== null && dateCreated.getTime() >= sentAt - EARLIER_MS;
}

/** As a status callback would have told it. */
function fieldsOf({ sid, status, errorCode, to }: Text): Parameters<typeof readTextStatus>[0] {
  return {
    MessageSid: sid,
    MessageStatus: status,
    ErrorCode: errorCode ? String(errorCode) : undefined,
    To: to,
  };
}
