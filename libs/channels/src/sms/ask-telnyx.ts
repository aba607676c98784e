import { attemptOf } from '../callbacks/callback-url';
import { readTelnyxMessage } from '../callbacks/telnyx-events';
import { callBeforehand } from '../calling/call-beforehand';
import type { ProviderVocabulary } from '../calling/classify';
import { fieldOf, wordOf, type PlainAnswer } from '../calling/plain-request';
import type { EarlierAttempt, Found } from '../channel-adapter';

/** Telnyx's clock and ours may be a little off; records are asked for by whole days. */
const EARLIER_MS = 60_000;

/** A number that got more texts than this in a day is a test's, and not a customer's. */
const RECORDS_LOOKED_AT = 20;

interface Question {
  signal: AbortSignal;
  timeoutMs: number;
  vocabulary: Pick<ProviderVocabulary<unknown>, 'verdict' | 'retryAfterMs'>;
}

/**
 * Asks Telnyx what became of a text. Where no answer told its id, the day's records of the number are searched for the
 * attempt, whose id is in their webhook's URL. Telnyx makes a record when it takes a text, but does not say how soon it is
 * found: `notFound` is no proof that it never will be.
 * @see https://developers.telnyx.com/api-reference/messages/retrieve-a-message
 * @see https://developers.telnyx.com/api-reference/detail-records/search-detail-records
 */
export async function askTelnyx(
  get: (path: string) => Promise<PlainAnswer>,
  attempt: EarlierAttempt,
  question: Question,
): Promise<Found> {
  const ask = async (path: string): Promise<unknown> => {
    const told = await callBeforehand<PlainAnswer>({
      ...question,
      message: { expiresAt: Number.POSITIVE_INFINITY },
      send: () => get(path),
    });
    return told.ok ? fieldOf(told.answer.body, 'data') : undefined;
  };
  const known = attempt.providerMessageId;
  const id = known ?? idAmong(await ask(recordsPath(attempt)), attempt.attemptId);
  if (typeof id !== 'string') return { kind: id === null ? 'notFound' : 'unknown' };
  const message = await ask(`/v2/messages/${encodeURIComponent(id)}`);
  const receipt = readTelnyxMessage(message, Date.now());
  return receipt
    ? { kind: 'found', receipt: { ...receipt, attemptId: attempt.attemptId } }
    : { kind: 'unknown' };
}

function recordsPath({ to, sentAt }: EarlierAttempt): string {
  const query = new URLSearchParams({
    'filter[record_type]': 'messaging',
    'filter[direction]': 'outbound',
    'filter[cld]': to,
    'filter[created_at][gte]': new Date(sentAt - EARLIER_MS).toISOString().slice(0, 10),
    sort: '-created_at',
    'page[size]': String(RECORDS_LOOKED_AT),
  });
  return `/v2/detail_records?${query}`;
}

/** @returns null if none of them is it; undefined where that cannot be said, since a record names no URL or none came */
function idAmong(records: unknown, attemptId: string): string | null | undefined {
  if (!Array.isArray(records)) return undefined;
  const urls = records.map((record) => wordOf(record, 'delivery_status_webhook_url'));
  const found = urls.findIndex((url) => attemptOf(url) === attemptId);
  if (found >= 0) return wordOf(records[found], 'uuid') || undefined;
  return urls.includes('') ? undefined : null;
}
