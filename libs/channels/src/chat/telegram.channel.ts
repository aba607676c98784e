import type { IncomingHttpHeaders } from 'node:http';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { callProvider, DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import { fieldOf, PlainRefusal, plainRequest, wordOf, type PlainAnswer } from '../calling/plain-request';
import { openAgents, type ProviderAgents } from '../calling/provider-agent';
import { readRetryAfter } from '../calling/retry-after';
import type { ChannelAdapter } from '../channel-adapter';
import { telegramVerdict } from './telegram-errors';

export interface TelegramSettings {
  /** Of the bot, as BotFather hands it out: `123456:ABC…`. */
  token: string;
  /** Another server that speaks the bot API; default `https://api.telegram.org`. */
  baseUrl?: string;
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number;
}

const ADDRESS = /^telegram:(-?\d{1,20})$/;

/**
 * Messages of a bot to a chat that has begun to talk with it, or to a group that it was let into. Plain text: no markup
 * is read out of a customer's own words. The bot API knows no idempotency: a repetition shows twice.
 * @see https://core.telegram.org/bots/api#sendmessage
 */
export class TelegramAdapter implements ChannelAdapter {
  readonly channel = 'chat';
  readonly provider = 'telegram';
  readonly idempotent = false;

  private readonly agents: ProviderAgents = openAgents();
  private readonly url: URL;
  private readonly timeoutMs: number;

  constructor({ token, baseUrl = 'https://api.telegram.org', timeoutMs }: TelegramSettings) {
    this.url = new URL(`/bot${token}/sendMessage`, baseUrl);
    this.timeoutMs = timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  serves(to: string): boolean {
    return ADDRESS.test(to);
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    const chatId = ADDRESS.exec(message.to)?.[1];
    if (chatId === undefined) return { kind: 'rejected', reason: 'configuration' };
    const json = { chat_id: chatId, text: message.text, link_preview_options: { is_disabled: true } };
    return callProvider({
      message,
      signal,
      timeoutMs: this.timeoutMs,
      send: () => plainRequest({ agents: this.agents, url: this.url, json }),
      vocabulary,
    });
  }

  async close(): Promise<void> {
    this.agents.close();
  }
}

const vocabulary: ProviderVocabulary<PlainAnswer> = {
  readId: (answer) => {
    const id = fieldOf(fieldOf(answer?.body, 'result'), 'message_id');
    return typeof id === 'number' ? String(id) : null;
  },
  verdict: (status, failure) =>
    status < 500 && failure instanceof PlainRefusal && typeof fieldOf(failure.body, 'error_code') === 'number'
      ? telegramVerdict(Number(fieldOf(failure.body, 'error_code')), wordOf(failure.body, 'description'))
      : null,
  retryAfterMs: readWait,
};

/** Said in the body: `parameters.retry_after`, in seconds. */
function readWait(headers: IncomingHttpHeaders, failure?: unknown): number | undefined {
  const parameters = failure instanceof PlainRefusal ? fieldOf(failure.body, 'parameters') : undefined;
  const seconds = fieldOf(parameters, 'retry_after');
  return typeof seconds === 'number' && seconds >= 0
    ? Math.ceil(seconds * 1000)
    : readRetryAfter(headers, Date.now());
}
