import type { IncomingHttpHeaders } from 'node:http';
import type { SendOutcome } from '@app/contracts';
import type { SendReason, Verdict } from '../send-reason';
import type { ProviderCall } from './provider-call';

/** What each adapter knows of its own provider; everything else is the same for all of them. */
export interface ProviderVocabulary<Answer> {
  /** The message id that proves acceptance, from a 2xx answer; null if there is none to read. */
  readId(answer: Answer | undefined, headers: IncomingHttpHeaders): string | null;
  /** For providers that refuse inside a 2xx: what such an answer means; null if it is none. */
  refusal?(answer: Answer | undefined): Verdict | null;
  /**
   * The provider's table: what its own code says of an attempt; null leaves it to the HTTP status.
   * @param failure what the client rejected with
   * @param answer what it resolved with, where it does not reject for a status
   */
  verdict(status: number, failure: unknown, answer?: Answer): Verdict | null;
  /** Ms to wait as this provider tells it, for answers that throttle; few say it elsewhere than in a header. */
  retryAfterMs(headers: IncomingHttpHeaders, failure?: unknown): number | undefined;
}

/** How an SDK's promise ended. */
export type SdkEnd<Answer> = { answer: Answer } | { failure: unknown };

/**
 * Turns what happened on the wire into an outcome.
 *
 * The order matters: a status that came is the truth whatever broke later; without one only the question remains
 * whether anything can have left. `ambiguous` wherever nobody can know.
 */
export function classify<Answer>(
  call: ProviderCall,
  end: SdkEnd<Answer>,
  vocabulary: ProviderVocabulary<Answer>,
): SendOutcome {
  const { status, headers } = call;
  if (status === null) return classifySilence(call, 'answer' in end);
  const { answer, failure } = { answer: undefined, failure: undefined, ...end };
  if (status >= 200 && status < 300)
    return vocabulary.refusal?.(answer) ?? classifySuccess(vocabulary.readId(answer, headers), call);
  const { kind, reason } = vocabulary.verdict(status, failure, answer) ?? verdictByStatus(status);
  if (kind !== 'retryable') return { kind, reason };
  const retryAfterMs = vocabulary.retryAfterMs(headers, failure);
  return retryAfterMs === undefined ? { kind, reason } : { kind, reason, retryAfterMs };
}

function classifySuccess(providerMessageId: string | null, call: ProviderCall): SendOutcome {
  if (providerMessageId) return { kind: 'accepted', providerMessageId };
  const reason: SendReason = call.cutShort ?? 'unreadableAnswer';
  return { kind: 'ambiguous', reason };
}

/** No status came. A connection that was never ready carried nothing. */
function classifySilence(call: ProviderCall, answered: boolean): SendOutcome {
  if (!call.begun && !call.cutShort) {
    // The SDK refused our arguments, and would again; or it found a way around our agents, and then nobody can know.
    return { kind: answered ? 'ambiguous' : 'rejected', reason: 'internalError' satisfies SendReason };
  }
  if (!call.mayHaveLeft) {
    const reason: SendReason = call.cutShort === 'aborted' ? 'aborted' : 'unreachable';
    return { kind: 'retryable', reason };
  }
  const reason: SendReason = call.cutShort ?? 'connectionReset';
  return { kind: 'ambiguous', reason };
}

/** 408 and 421 say that the request was not taken in, 425 and 429 that it was not processed. */
const NOT_PROCESSED: Readonly<Record<number, SendReason>> = {
  408: 'timeout',
  421: 'unreachable',
  425: 'throttled',
  429: 'throttled',
};
const REFUSED: Readonly<Record<number, SendReason>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  413: 'content',
};

/** The class of an HTTP status that no table knows better (any status but 2xx). */
export function verdictByStatus(status: number): Verdict {
  if (status >= 500) return { kind: 'ambiguous', reason: 'providerError' };
  if (status < 400) return { kind: 'retryable', reason: 'unexpectedAnswer' };
  const waiting = NOT_PROCESSED[status];
  if (waiting) return { kind: 'retryable', reason: waiting };
  return { kind: 'rejected', reason: REFUSED[status] ?? 'refused' };
}
