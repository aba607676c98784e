import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { callProvider } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import type { ProviderAgents } from '../calling/provider-agent';
import { watchedRequest, type WatchedAnswer } from '../calling/watched-request';
import type { SendReason } from '../send-reason';
import { EgressRefused, type EgressGuard } from './egress-guard';

/** Any status is one. */
export type GuardedAnswer = WatchedAnswer;

export interface GuardedRequest {
  /** As the customer gave it. */
  url: string;
  headers: Readonly<Record<string, string | number>>;
  body: string | Buffer;
}

/** Guard and pools of one adapter whose URLs come from customers. */
export interface GuardedWay {
  guard: EgressGuard;
  /** Opened with the same guard. */
  agents: ProviderAgents;
  timeoutMs: number;
}

/**
 * POSTs to a URL that a customer gave and says how it ended, as `callProvider` does for providers. No redirect is
 * followed, the answer is cut, and a URL that the guard refuses is `rejected` as `forbiddenAddress`.
 * @param request is asked for once; what it throws is a bug of ours and ends as `internalError`
 */
export async function callGuarded(
  way: GuardedWay,
  call: { message: OutgoingMessage; signal: AbortSignal; request: () => GuardedRequest },
  vocabulary: ProviderVocabulary<GuardedAnswer>,
): Promise<SendOutcome> {
  let isRefused = false;
  const outcome = await callProvider<GuardedAnswer>({
    message: call.message,
    signal: call.signal,
    timeoutMs: way.timeoutMs,
    vocabulary,
    send: () =>
      postGuarded(way, call.request()).catch((error: unknown) => {
        isRefused = error instanceof EgressRefused;
        throw error;
      }),
  });
  return isRefused ? { kind: 'rejected', reason: 'forbiddenAddress' satisfies SendReason } : outcome;
}

/** @throws EgressRefused where the guard says no; whatever the connection fails with otherwise */
async function postGuarded({ guard, agents }: GuardedWay, request: GuardedRequest): Promise<GuardedAnswer> {
  const checked = guard.check(request.url);
  if (!checked.ok) throw new EgressRefused(checked.refusal);
  const { headers, body } = request;
  const content = Buffer.from(body);
  return watchedRequest({ agents, url: checked.url, method: 'POST', headers, content });
}
