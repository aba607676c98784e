import type { Channel, Receipt, SendOutcome, SuppressionReason } from '@app/contracts';
import type { ClaimedDelivery } from '@app/persistence';

/** What a refusal at once says about the address itself; other channels have no such last word, or their own. */
const LAST_WORDS: Partial<Record<Channel, Readonly<Record<string, SuppressionReason>>>> = {
  sms: { invalidAddress: 'deadNumber', optedOut: 'optedOut' },
  voice: { invalidAddress: 'deadNumber' },
  email: { invalidAddress: 'bounced', optedOut: 'optedOut' },
};

/**
 * A carrier that refuses an address when it is handed the message says the same as one that finds out later, so that it
 * is kept as a receipt, and suppressed as one.
 * @returns null for every other outcome
 */
export function refusedAddress(
  { attemptId, channel, address }: Pick<ClaimedDelivery, 'attemptId' | 'channel' | 'address'>,
  outcome: SendOutcome,
  now: number,
): Receipt | null {
  const suppress = outcome.kind === 'rejected' ? LAST_WORDS[channel]?.[outcome.reason] : undefined;
  if (outcome.kind !== 'rejected' || !suppress || address === null) return null;
  return {
    provider: channel,
    eventId: `refused:${attemptId}`,
    attemptId,
    providerMessageId: null,
    state: 'undelivered',
    reason: outcome.reason,
    occurredAt: now,
    channel,
    address,
    mayRetry: false,
    suppress,
  };
}
