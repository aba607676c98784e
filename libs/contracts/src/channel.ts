export const CHANNELS = ['sms', 'email', 'social', 'inbox'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a channel is asked to carry: one delivery's text, addressed. */
export interface OutgoingMessage {
  /** Stable over all attempts: the idempotency key where a provider takes one. */
  deliveryId: string;
  /** New on each attempt; comes back in provider callbacks. */
  attemptId: string;
  channel: Channel;
  /** E.164 number, mail address, account id on the social network, customer id for `inbox`, or `public` for a public post. */
  to: string;
  /** Mail subject and inbox title; other channels ignore it. */
  subject: string;
  text: string;
  /** Mail only. */
  html: string;
  /** Epoch ms after which sending is pointless. */
  expiresAt: number;
}

/** How one attempt ended. `ambiguous`: nobody can know whether the message left. */
export type SendOutcome =
  | { kind: 'accepted'; providerMessageId: string }
  | { kind: 'retryable'; reason: string; retryAfterMs?: number }
  | { kind: 'rejected'; reason: string }
  | { kind: 'ambiguous'; reason: string };
