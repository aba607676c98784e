import type { IncomingHttpHeaders } from 'node:http';
import { TwitterApi } from 'twitter-api-v2';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ChannelAdapter } from '../channel-adapter';
import { callProvider, DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import { openAgents, type ProviderAgents } from '../calling/provider-agent';
import { readResetAt, readRetryAfter } from '../calling/retry-after';
import { xVerdict, type XProblem } from './x-problems';

export interface XSettings {
  apiKey: string;
  apiSecret: string;
  /** Of the account that posts and writes. */
  accessToken: string;
  accessSecret: string;
  /** Another server that speaks X's protocol; the SDK's host is fixed, so only the connection goes there. */
  baseUrl?: string;
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number;
}

/** A post's answer, or a direct message's; both are inside `data`, which the SDK's types leave out for the latter. */
interface Created {
  data?: { id?: unknown; dm_event_id?: unknown };
}

/**
 * Direct messages and public posts on X. A post repeated with the same text is refused as duplicate; right after an
 * ambiguous attempt that proves that the first one is there, which the caller knows and this adapter does not.
 * @see https://docs.x.com/x-api/posts/create-post
 * @see https://docs.x.com/x-api/direct-messages/create-dm-message-by-participant-id
 */
export class XAdapter implements ChannelAdapter {
  readonly channel = 'social';
  readonly provider = 'x';
  readonly idempotent = false;

  private readonly agents: ProviderAgents;
  private readonly client: TwitterApi;
  private readonly timeoutMs: number;

  constructor(settings: XSettings) {
    this.timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.agents = openAgents(settings.baseUrl ?? null);
    const { apiKey: appKey, apiSecret: appSecret, accessToken, accessSecret } = settings;
    this.client = new TwitterApi(
      { appKey, appSecret, accessToken, accessSecret },
      // Uncompressed: the SDK listens to no error of its decompressor, so a garbled answer would end the process.
      { httpAgent: this.agents.https, compression: 'identity' },
    );
  }

  serves(to: string): boolean {
    return to === 'public' || /^\d{1,19}$/.test(to);
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (!this.serves(message.to)) return { kind: 'rejected', reason: 'configuration' };
    return callProvider<Created>({
      message,
      signal,
      timeoutMs: this.timeoutMs,
      send: () => this.create(message),
      vocabulary,
    });
  }

  async close(): Promise<void> {
    this.agents.close();
  }

  private async create(message: OutgoingMessage): Promise<Created> {
    const { text } = message;
    if (message.to === 'public') return this.client.v2.tweet(text);
    return (await this.client.v2.sendDmToParticipant(message.to, { text })) as Created;
  }
}

const vocabulary: ProviderVocabulary<Created> = {
  readId: (answer) => {
    const id = answer?.data?.id ?? answer?.data?.dm_event_id;
    return typeof id === 'string' && id !== '' ? id : null;
  },
  verdict: (status, failure) => (status >= 500 ? null : xVerdict(status, readProblems(failure))),
  retryAfterMs: readWait,
};

/** X sends no `Retry-After` of its own; the windows that are used up say when they open again. */
function readWait(headers: IncomingHttpHeaders): number | undefined {
  const now = Date.now();
  const asked = readRetryAfter(headers, now);
  if (asked !== undefined) return asked;
  const waits = ['x-user-limit-24hour', 'x-app-limit-24hour', 'x-rate-limit']
    .filter((window) => headers[`${window}-remaining`] === '0')
    .map((window) => readResetAt(headers[`${window}-reset`], now))
    .filter((wait) => wait !== undefined);
  return waits.length > 0 ? Math.max(...waits) : readResetAt(headers['x-rate-limit-reset'], now);
}

function readProblems(failure: unknown): XProblem[] {
  const data = (failure as { data?: unknown } | undefined)?.data;
  if (typeof data !== 'object' || data === null) return [];
  const inner = 'errors' in data && Array.isArray(data.errors) ? (data.errors as unknown[]) : [];
  return [data, ...inner].map((problem) => {
    const { title, detail, type, message } = (problem ?? {}) as Record<string, unknown>;
    return { title: word(title), detail: `${word(detail)} ${word(message)}`, type: word(type) };
  });
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
