import { generateRequestDetails, type RequestOptions } from 'web-push';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import { openGuardedAgents } from '../calling/provider-agent';
import { readRetryAfter } from '../calling/retry-after';
import type { ChannelAdapter } from '../channel-adapter';
import { EgressGuard, type EgressSettings } from '../egress/egress-guard';
import { callGuarded, type GuardedAnswer, type GuardedWay } from '../egress/guarded-call';
import { pushPayload } from './push-payload';
import { PUSH_STATUSES } from './push-status';
import type { VapidKeys } from './vapid';

export interface PushSettings {
  egress: EgressSettings;
  vapid: VapidKeys;
  /** `mailto:` or `https:`, where a push service finds a person who is responsible. */
  subject: string;
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number | undefined;
}

/** Push services keep nothing longer. */
const LONGEST_TTL_S = 28 * 24 * 3600;

/**
 * Web push to browsers: encrypted for the one subscription, signed by VAPID. A subscription's endpoint was given by a
 * customer's browser, so it goes through the egress guard. `Topic` is the delivery's id: a repetition replaces its
 * predecessor where that still waits.
 * @see RFC 8030, RFC 8291, RFC 8292
 */
export class PushAdapter implements ChannelAdapter {
  readonly channel = 'push';
  readonly provider = 'webpush';
  readonly idempotent = true;

  private readonly way: GuardedWay;

  constructor(private readonly settings: PushSettings) {
    const guard = new EgressGuard(settings.egress);
    const timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.way = { guard, agents: openGuardedAgents(guard), timeoutMs };
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    const { p256dh, auth } = message.keys ?? {};
    if (!p256dh || !auth) return { kind: 'rejected', reason: 'configuration' };
    const request = () => {
      const subscription = { endpoint: message.to, keys: { p256dh, auth } };
      const details = generateRequestDetails(subscription, pushPayload(message), this.optionsFor(message));
      return {
        url: message.to,
        headers: details.headers as Record<string, string | number>,
        body: details.body ?? '',
      };
    };
    return callGuarded(this.way, { message, signal, request }, vocabularyFor(message.deliveryId));
  }

  async close(): Promise<void> {
    this.way.agents.close();
  }

  private optionsFor({ deliveryId, expiresAt, urgent }: OutgoingMessage): RequestOptions {
    const { vapid, subject } = this.settings;
    const remainingS = Math.floor((expiresAt - Date.now()) / 1000);
    return {
      vapidDetails: { subject, ...vapid },
      TTL: Math.min(Math.max(remainingS, 0), LONGEST_TTL_S),
      urgency: urgent ? 'high' : 'normal',
      topic: deliveryId.replaceAll('-', ''), // 32 letters, as many as there may be
      contentEncoding: 'aes128gcm',
    };
  }
}

function vocabularyFor(deliveryId: string): ProviderVocabulary<GuardedAnswer> {
  return {
    readId: () => deliveryId, // 201 is the proof; the message's own URL would let its reader delete it
    verdict: (status) => PUSH_STATUSES[status] ?? null,
    retryAfterMs: (headers) => readRetryAfter(headers, Date.now()),
  };
}
