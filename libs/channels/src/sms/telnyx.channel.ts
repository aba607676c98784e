import type { IncomingHttpHeaders } from 'node:http';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { callbackFor } from '../callbacks/callback-url';
import { callProvider, DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import { fieldOf, PlainRefusal, plainRequest, wordOf, type PlainAnswer } from '../calling/plain-request';
import { openAgents, type ProviderAgents } from '../calling/provider-agent';
import { readRetryAfter } from '../calling/retry-after';
import type { ChannelAdapter, EarlierAttempt, Found } from '../channel-adapter';
import { askTelnyx } from './ask-telnyx';
import { telnyxVerdict } from './telnyx-codes';

export interface TelnyxSettings {
  /** `KEY…`, of the API v2. */
  apiKey: string;
  /** Who sends: a number of ours in E.164, a short code or a sender name; without it the profile's pool of numbers does. */
  from?: string;
  messagingProfileId?: string;
  /** Public URL that Telnyx calls with each status; the attempt's id is added as `attempt`. */
  webhookUrl?: string;
  /** Another server that speaks Telnyx's protocol; default `https://api.telnyx.com`. */
  baseUrl?: string;
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number;
}

/**
 * Text messages through Telnyx's `messages` resource. It has no idempotency key and no field for an id of ours, so that
 * the attempt's id travels in the webhook's URL, which comes back with every event and in the records that are asked for.
 * How long a text may wait there cannot be said: the profile's hour counts.
 * @see https://developers.telnyx.com/api-reference/messages/send-a-message
 */
export class TelnyxAdapter implements ChannelAdapter {
  readonly channel = 'sms';
  readonly provider = 'telnyx';
  readonly idempotent = false;

  private readonly agents: ProviderAgents = openAgents();
  private readonly baseUrl: URL;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly timeoutMs: number;

  constructor(private readonly settings: TelnyxSettings) {
    this.baseUrl = new URL(settings.baseUrl ?? 'https://api.telnyx.com');
    this.headers = { authorization: `Bearer ${settings.apiKey}` };
    this.timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    const { agents, headers, timeoutMs } = this;
    const [url, json] = [new URL('/v2/messages', this.baseUrl), this.bodyOf(message)];
    return callProvider({
      message,
      signal,
      timeoutMs,
      send: () => plainRequest({ agents, url, headers, json }),
      vocabulary,
    });
  }

  askAbout(attempt: EarlierAttempt, signal: AbortSignal): Promise<Found> {
    const { agents, headers, timeoutMs, baseUrl } = this;
    const get = (path: string): Promise<PlainAnswer> =>
      plainRequest({ agents, headers, method: 'GET', url: new URL(path, baseUrl) });
    return askTelnyx(get, attempt, { signal, timeoutMs, vocabulary });
  }

  async close(): Promise<void> {
    this.agents.close();
  }

  private bodyOf({ to, text, attemptId }: OutgoingMessage): object {
    const { from, messagingProfileId, webhookUrl } = this.settings;
    return {
      to,
      text,
      type: 'SMS',
      ...(from && { from }),
      ...(messagingProfileId && { messaging_profile_id: messagingProfileId }),
      ...(webhookUrl && { webhook_url: callbackFor(webhookUrl, attemptId) }),
    };
  }
}

const vocabulary: ProviderVocabulary<PlainAnswer> = {
  readId: (answer) => wordOf(fieldOf(answer?.body, 'data'), 'id') || null,
  verdict: (status, failure) =>
    // A code cannot prove that a server that failed did nothing.
    status < 500 && failure instanceof PlainRefusal ? telnyxVerdict(fieldOf(failure.body, 'errors')) : null,
  retryAfterMs: (headers) => readRetryAfter(headers, Date.now()) ?? readReset(headers),
};

/**
 * Telnyx's own header says seconds, not an instant.
 * @see https://developers.telnyx.com/development/api-fundamentals/reliability/rate-limiting
 */
function readReset(headers: IncomingHttpHeaders): number | undefined {
  const reset = headers['x-ratelimit-reset'];
  return typeof reset === 'string' && /^\d{1,5}$/.test(reset.trim()) ? Number(reset) * 1000 : undefined;
}
