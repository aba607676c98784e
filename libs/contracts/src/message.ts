import type { Channel } from './channel';
import type { NotificationBody } from './notification';

/** What a channel is asked to carry: one delivery's text, addressed. */
export interface OutgoingMessage {
  /** Stable over all attempts: the idempotency key where a provider takes one. */
  deliveryId: string;
  /** New on each attempt; comes back in provider callbacks. */
  attemptId: string;
  channel: Channel;
  /**
   * E.164 number (`sms`, `voice`), mail address, account on a social network, URL (`push`, `webhook`, `chat`),
   * customer id for `inbox`, or `public` for a public post.
   */
  to: string;
  /** Mail subject and inbox title; other channels ignore it. */
  subject: string;
  text: string;
  /** Mail only. */
  html: string;
  /** Of the text, BCP 47: what a voice speaks. Absent: English. */
  language?: string;
  /** Epoch ms after which sending is pointless. */
  expiresAt: number;
  /** True for what must be heard at once: a push wakes the device, a mail is marked. */
  urgent: boolean;
  /** Secrets of the contact point itself: a push subscription's `p256dh` and `auth`, a web hook's `secret`, …; else null. */
  keys: Readonly<Record<string, string>> | null;
  /** Signed links that need no login; null where there is nothing to unsubscribe from (codes) or no public address. */
  links: MessageLinks | null;
  /** What the message is about, for channels whose reader is a program. */
  about: { notificationId: string; topic: string; body: NotificationBody; causedAt: number };
}

export interface MessageLinks {
  /** From this topic on this channel: a page with a button, and the target of a one-click POST (RFC 8058). */
  unsubscribe: string;
  preferences: string;
}

/** How one attempt ended. `ambiguous`: nobody can know whether the message left. */
export type SendOutcome =
  | { kind: 'accepted'; providerMessageId: string }
  | { kind: 'retryable'; reason: string; retryAfterMs?: number }
  | { kind: 'rejected'; reason: string }
  | { kind: 'ambiguous'; reason: string };
