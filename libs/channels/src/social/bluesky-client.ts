import type { IncomingHttpHeaders } from 'node:http';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { callBeforehand, type Beforehand } from '../calling/call-beforehand';
import { callProvider } from '../calling/call-provider';
import { PlainRefusal, plainRequest, wordOf, type PlainAnswer } from '../calling/plain-request';
import { openAgents, type ProviderAgents } from '../calling/provider-agent';
import { readResetAt, readRetryAfter } from '../calling/retry-after';
import { blueskyVerdict } from './bluesky-errors';
import { readSession, type BlueskySession } from './bluesky-session';

export interface BlueskyAccount {
  /** The account's own server; default `https://bsky.social`. */
  serverUrl: string;
  /** Handle or DID of the account that posts and writes. */
  identifier: string;
  /** An app password; with access to direct messages if customers are written to. */
  appPassword: string;
}

/** One message's turn: whose time it takes and who may call it off. */
export interface Turn {
  message: OutgoingMessage;
  signal: AbortSignal;
  timeoutMs: number;
}

interface Call {
  method?: 'GET' | 'POST';
  /** Name of the procedure or query, with its query string. */
  path: string;
  json?: unknown;
  /** Of the session; a login has none. */
  token?: string;
  headers?: Record<string, string>;
}

/** Calls of AT Protocol for one account, whose session is opened when first needed and renewed before it runs out. */
export class BlueskyClient {
  private readonly agents: ProviderAgents = openAgents();
  private session: BlueskySession | null = null;
  /** One login at a time, whoever waits for it: the server allows few. */
  private opening: Promise<Beforehand<BlueskySession>> | null = null;

  constructor(private readonly account: BlueskyAccount) {}

  close(): void {
    this.agents.close();
  }

  /** The session that is good now. */
  needSession(turn: Turn): Promise<Beforehand<BlueskySession>> {
    if (this.session && this.session.renewAt > Date.now())
      return Promise.resolve({ ok: true, answer: this.session });
    this.opening ??= this.openSession(turn).finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  /** A call that tells nobody anything. */
  ask(turn: Turn, call: Call): Promise<Beforehand<PlainAnswer>> {
    return callBeforehand({ ...turn, send: () => this.request(call), vocabulary });
  }

  /** The call that carries the message. */
  async tell(
    turn: Turn,
    call: Call,
    readId: (answer: PlainAnswer | undefined) => string | null,
  ): Promise<SendOutcome> {
    const outcome = await callProvider({
      ...turn,
      send: () => this.request(call),
      vocabulary: { ...vocabulary, readId },
    });
    // Whatever the server has against the session, the next message brings a new one.
    if ('reason' in outcome && outcome.reason === 'unauthorized') this.session = null;
    return outcome;
  }

  private async openSession(turn: Turn): Promise<Beforehand<BlueskySession>> {
    const old = this.session;
    this.session = null;
    const renewed =
      old &&
      (await this.readInto(turn, { path: 'com.atproto.server.refreshSession', token: old.refreshJwt }));
    return renewed?.ok ? renewed : this.readInto(turn, this.login());
  }

  private login(): Call {
    const { identifier, appPassword: password } = this.account;
    return { path: 'com.atproto.server.createSession', json: { identifier, password } };
  }

  private async readInto(turn: Turn, call: Call): Promise<Beforehand<BlueskySession>> {
    const answered = await this.ask(turn, call);
    if (!answered.ok) return answered;
    this.session = readSession(answered.answer.body, Date.now());
    return this.session
      ? { ok: true, answer: this.session }
      : { ok: false, outcome: { kind: 'retryable', reason: 'unreadableAnswer' } };
  }

  private request({ method, path, json, token, headers }: Call): Promise<PlainAnswer> {
    return plainRequest({
      agents: this.agents,
      url: new URL(`/xrpc/${path}`, this.account.serverUrl),
      method,
      json,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    });
  }
}

const vocabulary = {
  verdict: (status: number, failure: unknown) =>
    status < 500 && failure instanceof PlainRefusal
      ? blueskyVerdict(wordOf(failure.body, 'error'), wordOf(failure.body, 'message'))
      : null,
  retryAfterMs: (headers: IncomingHttpHeaders) =>
    readRetryAfter(headers, Date.now()) ?? readResetAt(headers['ratelimit-reset'], Date.now()),
};
