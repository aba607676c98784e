import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { callProvider } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import type { ProviderAgents } from '../calling/provider-agent';
import type { SendReason } from '../send-reason';
import { EgressRefused, type EgressGuard } from './egress-guard';

/** Nobody needs more of a stranger's answer, and one that never ends must not fill our memory. */
const LONGEST_ANSWER = 64 * 1024;

export interface GuardedAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** At most the first 64 KiB. */
  text: string;
}

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
  const { url } = checked;
  const isSecure = url.protocol === 'https:';
  const body = Buffer.from(request.body);
  const headers = { ...request.headers, 'content-length': body.length };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const agent = isSecure ? agents.https : agents.http;
    const { request: open } = isSecure ? https : http;
    open(url, { method: 'POST', agent, headers }).on('error', reject).once('response', resolve).end(body);
  });
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: await readStart(answer) };
}

/** An answer that is longer is left, and its connection with it. */
async function readStart(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= LONGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_ANSWER).toString('utf8');
}
