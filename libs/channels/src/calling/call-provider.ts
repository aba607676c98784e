import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { classify, type ProviderVocabulary, type SdkEnd } from './classify';
import { ProviderCall } from './provider-call';

/** Ten seconds, as GOV.UK Notify allows a provider; a lease must be longer. */
export const DEFAULT_TIMEOUT_MS = 10_000;

export interface ProviderRequest<Answer> {
  message: Pick<OutgoingMessage, 'expiresAt'>;
  signal: AbortSignal;
  timeoutMs: number;
  /** The SDK's call; it must pass through this adapter's agents. */
  send(): Promise<Answer>;
  vocabulary: ProviderVocabulary<Answer>;
}

/**
 * Makes one call through an SDK and says how it ended. Never rejects and never takes longer than `timeoutMs`.
 * What an SDK throws is read by the adapter's table and dropped here: it holds addresses, bodies and credentials.
 */
export async function callProvider<Answer>(request: ProviderRequest<Answer>): Promise<SendOutcome> {
  if (request.message.expiresAt <= Date.now()) return { kind: 'rejected', reason: 'expired' };
  const call = new ProviderCall();
  let end: SdkEnd<Answer>;
  try {
    end = { answer: await call.run(request.send, request.signal, request.timeoutMs) };
  } catch (failure) {
    end = { failure };
  }
  try {
    return classify(call, end, request.vocabulary);
  } catch {
    // A table that trips over an answer nobody foresaw must not turn a message that may have left into a failure.
    return { kind: call.mayHaveLeft ? 'ambiguous' : 'retryable', reason: 'internalError' };
  }
}
