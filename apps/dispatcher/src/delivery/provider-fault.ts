import type { SendOutcome } from '@app/contracts';

/**
 * Reasons that speak against the carrier and not against the one message: only they count against its health. Others
 * tell of a wrong address or text, of a recipient's telephone, or of ourselves.
 */
const FAULTS: ReadonlySet<string> = new Set([
  'unreachable',
  'timeout',
  'connectionReset',
  'providerError',
  'unreadableAnswer',
  'unexpectedAnswer',
]);

/** Refusals that are about our account there: every other message would meet them, too. */
const OUR_ACCOUNT: ReadonlySet<string> = new Set(['unauthorized', 'configuration']);

/** Whether the carrier itself failed; `unauthorized` counts, since nothing goes through it until a person acts. */
export function isProviderFault(outcome: SendOutcome): boolean {
  if (outcome.kind === 'accepted') return false;
  if (outcome.kind === 'rejected') return outcome.reason === 'unauthorized';
  return FAULTS.has(outcome.reason);
}

/** Whether another carrier might well take what this one refused. */
export function isWorthAnotherCarrier(outcome: SendOutcome): boolean {
  if (outcome.kind === 'rejected') return OUR_ACCOUNT.has(outcome.reason);
  return outcome.kind === 'retryable' && FAULTS.has(outcome.reason);
}
