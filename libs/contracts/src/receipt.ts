import type { Channel } from './channel';
import type { ReceiptState } from './delivery';

/**
 * Why nothing goes to an address any more. `complained` is lifted by an admin only; `optedOut` also by whoever asked for
 * it; `bounced`, `deadNumber` and `softBounces` were the provider's word on the address.
 */
export const SUPPRESSION_REASONS = [
  'optedOut',
  'complained',
  'bounced',
  'deadNumber',
  'softBounces',
] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** What a carrier said later about a message that it had taken, whether it called us or was asked. */
export interface Receipt {
  provider: string;
  /** The carrier's own name for this word, or one made of message and state: a repetition has the same. */
  eventId: string;
  /** Ours, where it came back with the message. */
  attemptId: string | null;
  providerMessageId: string | null;
  /** `accepted`: it has the message, and nothing more is known. */
  state: ReceiptState | 'accepted';
  /** A stable word for what went wrong; empty otherwise. */
  reason: string;
  /** Epoch ms. */
  occurredAt: number;
  channel: Channel;
  /** Where it went, as the carrier says; used to suppress, and not kept with the receipt. */
  address: string | null;
  /** With `undelivered`: whether another attempt may succeed. */
  mayRetry: boolean;
  /** What it says about the address itself. */
  suppress: SuppressionReason | null;
}
