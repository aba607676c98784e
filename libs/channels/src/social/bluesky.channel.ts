import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ChannelAdapter } from '../channel-adapter';
import { DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import { fieldOf, wordOf, type PlainAnswer } from '../calling/plain-request';
import { BlueskyClient, type BlueskyAccount, type Turn } from './bluesky-client';
import type { BlueskySession } from './bluesky-session';
import { recordKeyOf } from './record-key';

export interface BlueskySettings extends BlueskyAccount {
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number;
}

const HANDLE = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const DID = /^did:[a-z]+:[\w.:%-]+$/;
/** The one service that keeps direct messages; the account's own server passes the call on. */
const CHAT = { 'atproto-proxy': 'did:web:api.bsky.chat#bsky_chat' };

/**
 * Posts on Bluesky, and direct messages to accounts that take them from us.
 * A post is put under a key that follows from its delivery, so that repeating it changes nothing. A direct message has
 * no such key, and so the adapter as a whole does not call itself idempotent.
 * @see https://docs.bsky.app/docs/api/com-atproto-repo-put-record
 * @see https://docs.bsky.app/docs/api/chat-bsky-convo-send-message
 */
export class BlueskyAdapter implements ChannelAdapter {
  readonly channel = 'social';
  readonly provider = 'bluesky';
  readonly idempotent = false;

  private readonly client: BlueskyClient;
  private readonly timeoutMs: number;

  constructor(settings: BlueskySettings) {
    this.client = new BlueskyClient(settings);
    this.timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  serves(to: string): boolean {
    return to === 'public' || HANDLE.test(to) || DID.test(to);
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (!this.serves(message.to)) return { kind: 'rejected', reason: 'configuration' };
    const turn = { message, signal, timeoutMs: this.timeoutMs };
    const session = await this.client.needSession(turn);
    if (!session.ok) return session.outcome;
    return message.to === 'public' ? this.post(turn, session.answer) : this.write(turn, session.answer);
  }

  async close(): Promise<void> {
    this.client.close();
  }

  private post(turn: Turn, { did: repo, accessJwt: token }: BlueskySession): Promise<SendOutcome> {
    const { deliveryId, text, about } = turn.message;
    const collection = 'app.bsky.feed.post';
    const record = { $type: collection, text, createdAt: new Date(about.causedAt).toISOString() };
    const rkey = recordKeyOf(deliveryId, about.causedAt);
    const call = { path: 'com.atproto.repo.putRecord', token, json: { repo, collection, rkey, record } };
    return this.client.tell(turn, call, (answer) => wordOf(answer?.body, 'uri') || null);
  }

  private async write(turn: Turn, { accessJwt: token }: BlueskySession): Promise<SendOutcome> {
    const member = await this.didOf(turn, token);
    if (typeof member !== 'string') return member;
    const path = `chat.bsky.convo.getConvoForMembers?members=${encodeURIComponent(member)}`;
    const convo = await this.client.ask(turn, { method: 'GET', path, token, headers: CHAT });
    if (!convo.ok) return convo.outcome;
    const convoId = wordOf(fieldOf(convo.answer.body, 'convo'), 'id');
    if (!convoId) return { kind: 'retryable', reason: 'unreadableAnswer' };
    const json = { convoId, message: { text: turn.message.text } };
    const call = { path: 'chat.bsky.convo.sendMessage', token, headers: CHAT, json };
    return this.client.tell(turn, call, messageId);
  }

  /** A handle may move to another account's server, a DID stays: it is asked for each time. */
  private async didOf(turn: Turn, token: string): Promise<string | SendOutcome> {
    const { to } = turn.message;
    if (DID.test(to)) return to;
    const path = `com.atproto.identity.resolveHandle?handle=${encodeURIComponent(to)}`;
    const resolved = await this.client.ask(turn, { method: 'GET', path, token });
    if (!resolved.ok) return resolved.outcome;
    return wordOf(resolved.answer.body, 'did') || { kind: 'retryable', reason: 'unreadableAnswer' };
  }
}

function messageId(answer: PlainAnswer | undefined): string | null {
  return wordOf(answer?.body, 'id') || null;
}
