import type { IncomingHttpHeaders } from 'node:http';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ChannelAdapter } from '../channel-adapter';
import { callProvider, DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import { fieldOf, plainRequest, PlainRefusal, wordOf, type PlainAnswer } from '../calling/plain-request';
import { openAgents, type ProviderAgents } from '../calling/provider-agent';
import { readResetInstant, readRetryAfter } from '../calling/retry-after';
import { mastodonVerdict } from './mastodon-errors';

export interface MastodonSettings {
  /** The server where our account lives, e.g. `https://mastodon.example`. */
  serverUrl: string;
  /** Of an application with the scope `write:statuses`. */
  accessToken: string;
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number;
}

/** `@ada@mastodon.example`: an account, wherever on the network it lives. */
const ACCOUNT = /^@[\w.-]+@[a-z0-9.-]+$/i;

/**
 * Posts on Mastodon, to everybody or to one account (visibility `direct`: only who is named in it can read it).
 * The delivery's id goes along as idempotency key; the server keeps it for an hour, so that a later repetition would
 * show twice and is not promised away here.
 * @see https://docs.joinmastodon.org/methods/statuses/#create
 */
export class MastodonAdapter implements ChannelAdapter {
  readonly channel = 'social';
  readonly provider = 'mastodon';
  readonly idempotent = false;

  private readonly agents: ProviderAgents = openAgents();
  private readonly url: URL;

  constructor(private readonly settings: MastodonSettings) {
    this.url = new URL('/api/v1/statuses', settings.serverUrl);
  }

  serves(to: string): boolean {
    return to === 'public' || ACCOUNT.test(to);
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (!this.serves(message.to)) return { kind: 'rejected', reason: 'configuration' };
    return callProvider({
      message,
      signal,
      timeoutMs: this.settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      send: () => this.post(message),
      vocabulary: message.to === 'public' ? vocabulary : { ...vocabulary, refusal: nobodyNamed },
    });
  }

  async close(): Promise<void> {
    this.agents.close();
  }

  private post({ to, text, deliveryId }: OutgoingMessage): Promise<PlainAnswer> {
    const isPublic = to === 'public';
    return plainRequest({
      agents: this.agents,
      url: this.url,
      headers: { authorization: `Bearer ${this.settings.accessToken}`, 'idempotency-key': deliveryId },
      json: isPublic
        ? { status: text, visibility: 'public' }
        : { status: `${to} ${withoutMentions(text)}`, visibility: 'direct' },
    });
  }
}

/** Whoever is named in a direct post can read it: a name in somebody's own words must not be one. */
function withoutMentions(text: string): string {
  return text.replace(/@/g, '@\u200b');
}

/** A direct post that names nobody whom the server could find is taken in all the same, and nobody reads it. */
function nobodyNamed(answer: PlainAnswer | undefined): { kind: 'rejected'; reason: 'invalidAddress' } | null {
  const mentions = fieldOf(answer?.body, 'mentions');
  return Array.isArray(mentions) && mentions.length === 0
    ? { kind: 'rejected', reason: 'invalidAddress' }
    : null;
}

const vocabulary: ProviderVocabulary<PlainAnswer> = {
  readId: (answer) => wordOf(answer?.body, 'id') || null,
  verdict: (status, failure) =>
    status < 500 && failure instanceof PlainRefusal
      ? mastodonVerdict(status, wordOf(failure.body, 'error'))
      : null,
  retryAfterMs: readWait,
};

function readWait(headers: IncomingHttpHeaders): number | undefined {
  const now = Date.now();
  return readRetryAfter(headers, now) ?? readResetInstant(headers['x-ratelimit-reset'], now);
}
