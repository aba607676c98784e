import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { openGuardedAgents } from '../calling/provider-agent';
import type { ProviderVocabulary } from '../calling/classify';
import { readRetryAfter } from '../calling/retry-after';
import type { ChannelAdapter } from '../channel-adapter';
import { EgressGuard, type EgressSettings } from '../egress/egress-guard';
import { callGuarded, type GuardedAnswer, type GuardedWay } from '../egress/guarded-call';
import type { Verdict } from '../send-reason';
import { signWebhook } from './sign-webhook';
import { webhookPayload } from './webhook-event';
import { isWebhookKeys } from './webhook-keys';

export interface WebhookSettings {
  egress: EgressSettings;
  /** Wall time for one call; default 15 s, as Standard Webhooks asks at least. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
/** Of a receiver that is overloaded or has nobody behind it, and that names no time itself. */
const SLOW_DOWN_MS = 60_000;
const OVERLOADED = new Set([429, 502, 504]);

/**
 * Signed events to a URL of the customer's, by Standard Webhooks. A 2xx alone is success; 410 says that the receiver is
 * gone for good; anything else is tried again, a 404 or 401 too: receivers answer these while they are being deployed.
 * `webhook-id` is the delivery's id and stays over all tries, so that a receiver can tell a repetition.
 * @see https://www.standardwebhooks.com
 */
export class WebhookAdapter implements ChannelAdapter {
  readonly channel = 'webhook';
  readonly provider = 'webhook';
  readonly idempotent = true;
  readonly callMs: number;

  private readonly way: GuardedWay;

  constructor({ egress, timeoutMs = TIMEOUT_MS }: WebhookSettings) {
    const guard = new EgressGuard(egress);
    this.callMs = timeoutMs;
    this.way = { guard, agents: openGuardedAgents(guard), timeoutMs };
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    const { deliveryId: id, to: url, keys } = message;
    if (!isWebhookKeys(keys)) return { kind: 'rejected', reason: 'configuration' };
    const request = () => {
      const timestampS = Math.floor(Date.now() / 1000);
      const body = webhookPayload(message);
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Tidings-Webhooks/1.0',
        'webhook-id': id,
        'webhook-timestamp': timestampS,
        'webhook-signature': signWebhook({ id, timestampS, body }, keys),
      };
      return { url, headers, body };
    };
    return callGuarded(this.way, { message, signal, request }, vocabularyFor(id));
  }

  async close(): Promise<void> {
    this.way.agents.close();
  }
}

function vocabularyFor(deliveryId: string): ProviderVocabulary<GuardedAnswer> {
  let isOverloaded = false;
  return {
    readId: () => deliveryId, // the status is the proof; receivers give no ids
    verdict: (status) => {
      isOverloaded = OVERLOADED.has(status);
      return verdictOf(status);
    },
    retryAfterMs: (headers) =>
      readRetryAfter(headers, Date.now()) ?? (isOverloaded ? SLOW_DOWN_MS : undefined),
  };
}

/** Null leaves redirects, throttling and what was not processed to the general table. */
function verdictOf(status: number): Verdict | null {
  if (status === 410) return { kind: 'rejected', reason: 'invalidAddress' };
  if (status >= 500) return { kind: 'retryable', reason: 'providerError' };
  if (status < 400 || [408, 421, 425, 429].includes(status)) return null;
  return { kind: 'retryable', reason: 'refused' };
}
