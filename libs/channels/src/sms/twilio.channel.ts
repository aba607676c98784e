import twilio from 'twilio';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ChannelAdapter, EarlierAttempt, Found } from '../channel-adapter';
import { callProvider, DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import { openAgents, type ProviderAgents } from '../calling/provider-agent';
import { readRetryAfter } from '../calling/retry-after';
import { askTwilio } from './ask-twilio';
import { TWILIO_CODES } from './twilio-codes';

export interface TwilioSettings {
  /** `AC…`; the SDK refuses anything else. */
  accountSid: string;
  authToken: string;
  /** Who sends: a number of ours in E.164, or a messaging service (`MG…`). */
  sender: { from: string } | { messagingServiceSid: string };
  /** Public URL that Twilio calls with each status; the attempt's id is added as `attempt`. */
  statusCallbackUrl?: string;
  /** Another server that speaks Twilio's protocol, e.g. `http://127.0.0.1:4010`. */
  baseUrl?: string;
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number;
}

interface CreatedMessage {
  sid?: unknown;
}

/**
 * Text messages through Twilio's `Messages` resource. It has no idempotency key, so an ambiguous attempt that is
 * repeated may arrive twice; the status callback with the attempt's id, or asking, tells what became of it.
 * @see https://www.twilio.com/docs/messaging/api/message-resource
 */
export class TwilioAdapter implements ChannelAdapter {
  readonly channel = 'sms';
  readonly provider = 'twilio';
  readonly idempotent = false;

  private readonly agents: ProviderAgents;
  private readonly client: twilio.Twilio;
  private readonly timeoutMs: number;

  constructor(private readonly settings: TwilioSettings) {
    this.timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.agents = openAgents();
    const httpClient = new twilio.RequestClient({ timeout: this.timeoutMs, autoRetry: false });
    Object.assign(httpClient.axios.defaults, { httpAgent: this.agents.http, httpsAgent: this.agents.https });
    httpClient.axios.defaults.maxContentLength = 256 * 1024;
    // A log level of its own: at `debug` the SDK would print whole requests, switched on by an environment variable.
    this.client = twilio(settings.accountSid, settings.authToken, { httpClient, logLevel: 'error' });
    if (settings.baseUrl) this.client.api.baseUrl = settings.baseUrl;
  }

  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    return callProvider<CreatedMessage>({
      message,
      signal,
      timeoutMs: this.timeoutMs,
      send: () => this.create(message),
      vocabulary,
    });
  }

  askAbout(attempt: EarlierAttempt, signal: AbortSignal): Promise<Found> {
    return askTwilio(this.client, attempt, { signal, timeoutMs: this.timeoutMs, vocabulary });
  }

  async close(): Promise<void> {
    this.agents.close();
  }

  private create(message: OutgoingMessage): Promise<CreatedMessage> {
    return this.client.messages.create({
      to: message.to,
      body: message.text,
      validityPeriod: validitySeconds(message.expiresAt - Date.now()),
      ...this.settings.sender,
      ...(this.settings.statusCallbackUrl && { statusCallback: this.callbackUrl(message.attemptId) }),
    });
  }

  private callbackUrl(attemptId: string): string {
    const url = new URL(this.settings.statusCallbackUrl ?? '');
    url.searchParams.set('attempt', attemptId);
    return url.href;
  }
}

/** Twilio's `ValidityPeriod`: how long the text may wait in its queue, 1 to 36,000 s. */
function validitySeconds(remainingMs: number): number {
  return Math.min(Math.max(Math.floor(remainingMs / 1000), 1), 36_000);
}

const vocabulary: ProviderVocabulary<CreatedMessage> = {
  readId: (answer) => (typeof answer?.sid === 'string' && answer.sid !== '' ? answer.sid : null),
  verdict: (status, failure) => {
    if (status >= 500) return null; // a code cannot prove that a server that failed did nothing
    const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
    return typeof code === 'number' && Object.hasOwn(TWILIO_CODES, code)
      ? (TWILIO_CODES[code] ?? null)
      : null;
  },
  retryAfterMs: (headers) => readRetryAfter(headers, Date.now()),
};
