import type { Receipt } from '@app/contracts';
import type { SendReason, Verdict } from '../send-reason';

export type Progress = Pick<Receipt, 'state' | 'reason' | 'mayRetry' | 'suppress'>;

/** Why an address is given up at once; the other reasons are about the message, or pass. */
const SUPPRESSING: Partial<Record<SendReason, Receipt['suppress']>> = {
  invalidAddress: 'deadNumber',
  optedOut: 'optedOut',
};

export const going = (state: Receipt['state']): Progress => ({
  state,
  reason: '',
  mayRetry: false,
  suppress: null,
});

export const failed = (reason: SendReason, mayRetry: boolean): Progress => ({
  state: 'undelivered',
  reason,
  mayRetry,
  suppress: SUPPRESSING[reason] ?? null,
});

/**
 * A text that was accepted and then not delivered.
 * @param verdict of the carrier's table; null for a code that it does not know: codes may change and are no contract, so
 *   that the text may be tried again. So may one that met trouble with our account there: another carrier has none
 */
export function failureOf(verdict: Verdict | null): Progress {
  if (verdict === null) return failed('refused', true);
  return failed(verdict.reason, verdict.kind !== 'rejected' || verdict.reason === 'configuration');
}
