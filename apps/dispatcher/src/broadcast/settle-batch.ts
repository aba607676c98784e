import type { SendOutcome, TopicPolicy } from '@app/contracts';
import type { BatchSettlement, ClaimedBatch } from '@app/persistence';
import { settleDelivery } from '../delivery/settle-delivery';
import { bodyOf } from './broadcast-texts';

interface Circumstances {
  provider: string;
  onAmbiguous: TopicPolicy['onAmbiguous'];
  /** Epoch ms. */
  now: number;
  /** In [0, 1). */
  random: number;
}

/**
 * Pure: where the outcome of one call leaves all of its people. The same rules as for a single delivery: nobody is told
 * twice unless the topic says so, and then only after the provider's events had time to come.
 */
export function settleBatch(
  batch: ClaimedBatch,
  outcome: SendOutcome,
  { provider, onAmbiguous, now, random }: Circumstances,
): BatchSettlement {
  const { state, reason, waitMs, usedTry, duplicatePossible } = settleDelivery(
    { ...batch, onAmbiguous, body: bodyOf(batch), lane: 'bulk', waitedFor: '' },
    outcome,
    { provider, idempotent: false, canAsk: false, hasOther: false, now, random },
  );
  // Held, it is not sent a second time; whoever sends it again marks it.
  const held = state === 'ambiguous';
  return {
    state: state === 'retry' ? 'pending' : state,
    reason,
    waitMs,
    usedTry,
    duplicatePossible: duplicatePossible && !held,
  };
}
