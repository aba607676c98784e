import type { Channel, Lane, NotificationBody, PreferenceSheet } from '@app/contracts';

/** The attempt before this one, where there was one. */
export interface FormerAttempt {
  attemptId: string;
  provider: string;
  providerMessageId: string | null;
  /** Null only if its outcome was never written. */
  outcome: string | null;
  /** Epoch ms. */
  startedAt: number;
  askCount: number;
  /** A receipt names it: whatever its outcome was, the provider has taken it. */
  hasReceipt: boolean;
}

/** What may speak against sending a delivery that was planned a while ago; all of it as of the claim. */
export interface SecondThoughts {
  /** Why the address must not be written to any more; null if it may be. */
  suppression: string | null;
  /** The customer has switched this topic off on this channel. */
  switchedOff: boolean;
  /** `quietHours` or `holiday` where it was held for them. */
  deferredBy: string | null;
  /** Of the alert it tells of; epoch ms, null while it is open or where there is no alert. */
  resolvedAt: number | null;
  /** Scaled. */
  resolvedValue: number | null;
  whenOver: PreferenceSheet['whenOver'] | null;
}

/** A delivery leased to this dispatcher, with all that sending needs. */
export interface ClaimedDelivery extends SecondThoughts {
  deliveryId: string;
  notificationId: string;
  attemptId: string;
  attemptNo: number;
  leaseEpoch: number;
  customerId: string | null;
  contactPointId: string | null;
  channel: Channel;
  lane: Lane;
  topic: string;
  body: NotificationBody;
  /** Null where the contact point is gone, or has lost its verification or its use, since it was planned. */
  address: string | null;
  /** Secrets of the contact point; null for most. */
  keys: Record<string, string> | null;
  recipient: { name: string; timeZone: string; language: string };
  /** An earlier attempt may have left after all. */
  duplicatePossible: boolean;
  /** Epoch ms. */
  expiresAt: number;
  causedAt: number;
  /** Noted with the lease, until another one is chosen. */
  provider: string;
  /** Why it waited until now; empty for the first try. */
  waitedFor: string;
  /** The only carrier that may take it; null leaves the choice. */
  pinnedProvider: string | null;
  /** Goes last, since it failed this delivery before. */
  avoidProvider: string | null;
  former: FormerAttempt | null;
  /** As the admin chose for the topic; null where the topic has no row. */
  onAmbiguous: 'resend' | 'hold' | null;
  isCritical: boolean;
}

/** Where a delivery goes after an attempt. */
export interface DeliverySettlement {
  state: 'accepted' | 'retry' | 'failed' | 'ambiguous';
  reason: string;
  /** Until the next try, by the database's clock; meaningful for `retry`. */
  waitMs: number;
  /** A throttled call gives its try back. */
  usedTry: boolean;
  duplicatePossible: boolean;
  /** Another carrier goes first at the next try. */
  avoidProvider: string | null;
}

/** What was decided about a delivery as it was looked at again; kept beside what its plan decided. */
export interface LaterDecision {
  decision: 'withdrawn' | 'reworded';
  /** A stable word. */
  reason: string;
  detail: Readonly<Record<string, unknown>>;
}

/** Where a delivery goes that was claimed and then not sent: its attempt never was, and its try is given back. */
export interface UnsentSettlement {
  state: 'accepted' | 'retry' | 'ambiguous' | 'withdrawn';
  reason: string;
  /** Meaningful for `retry`. */
  waitMs: number;
  /** What asking about the former attempt told; null if nobody was asked. */
  asked: { attemptId: string; providerMessageId: string | null } | null;
  /** Why, where that was decided just now and not by what became of an attempt. */
  decided: LaterDecision | null;
}

export interface ClaimRequest {
  lane: Lane;
  limit: number;
  owner: string;
  leaseMs: number;
  /** How many of a channel at most; a channel that is missing here is left alone. */
  most: Partial<Record<Channel, number>>;
  /** Carrier that is noted for each channel until one is chosen. */
  providers: Record<Channel, string>;
}
