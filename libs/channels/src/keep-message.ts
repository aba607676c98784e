import type { OutgoingMessage, SendOutcome } from '@app/contracts';

/**
 * Keeps a message where its customer, or a person who looks after the system, can read it.
 * Keeping the same delivery id again must leave one message.
 */
export interface MessageKeeper {
  keep(message: OutgoingMessage): Promise<void>;
}

/**
 * Hands a message to a store of ours and says how that ended; never rejects.
 * A store that failed kept nothing or keeps it once, so a further try is right in both cases.
 */
export async function keepMessage(
  keeper: MessageKeeper,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<SendOutcome> {
  if (signal.aborted) return { kind: 'retryable', reason: 'aborted' };
  if (message.expiresAt <= Date.now()) return { kind: 'rejected', reason: 'expired' };
  const kept = Promise.resolve()
    .then(() => keeper.keep(message))
    .then(
      (): SendOutcome => ({ kind: 'accepted', providerMessageId: message.deliveryId }),
      (): SendOutcome => ({ kind: 'retryable', reason: 'storeFailed' }),
    );
  return orAborted(kept, signal);
}

async function orAborted(outcome: Promise<SendOutcome>, signal: AbortSignal): Promise<SendOutcome> {
  let onAbort = () => {};
  const aborted = new Promise<SendOutcome>((resolve) => {
    onAbort = () => resolve({ kind: 'ambiguous', reason: 'aborted' });
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([outcome, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
