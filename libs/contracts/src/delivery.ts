import type { Channel } from './channel';
import type { Lane } from './notification';

/**
 * - `pending`: waits to be claimed; `retry`: failed for now, waits until `notBefore`
 * - `sending`: leased by a dispatcher that is calling the provider
 * - `accepted`: the provider has taken it (handed over, not yet on the phone)
 * - `ambiguous`: nobody can know whether it left, and its topic does not risk a second copy; a person decides
 * - `failed`: given up, with a reason; can be re-driven
 * - `withdrawn`: what it would have told no longer held when its time came, or the customer no longer wanted it
 * - `expired`: its time passed before it could go; `cancelled`: its service alert was cancelled in time
 */
export const DELIVERY_STATES = [
  'pending',
  'sending',
  'retry',
  'accepted',
  'ambiguous',
  'failed',
  'expired',
  'cancelled',
  'withdrawn',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One notification to one contact point. */
export interface Delivery {
  deliveryId: string;
  notificationId: string;
  customerId: string | null;
  contactPointId: string | null;
  channel: Channel;
  lane: Lane;
  state: DeliveryState;
  /** Tries used; a throttled call uses none. */
  attemptNo: number;
  /** Grows with each claim; an outcome counts only under the epoch that claimed. */
  leaseEpoch: number;
  notBefore: Date;
  expiresAt: Date;
  /** True once an earlier attempt ended `ambiguous`: the customer may get it twice. */
  duplicatePossible: boolean;
  reason: string;
}

/**
 * What a provider said later, ranked: a receipt moves a delivery only to a higher rank, so that repeated and unordered
 * ones change nothing. A message that arrived after all is no longer `undelivered`; `bounced` and `complained` stand above
 * the good news: they may follow it, and call for an act.
 */
export const RECEIPT_STATES = ['sent', 'undelivered', 'delivered', 'seen', 'bounced', 'complained'] as const;
export type ReceiptState = (typeof RECEIPT_STATES)[number];
