import type { Channel } from './channel';

/** Wall time in the customer's zone, half-open; overnight windows belong to the weekday on which they start. */
export interface QuietWindow {
  /** ISO weekdays, 1 Monday to 7 Sunday. */
  days: number[];
  /** `HH:MM`; never equal to `to`. */
  from: string;
  to: string;
}

/** When the notifications of one topic are told. Wall times are the customer's. */
export type Digest =
  | { every: 'time' }
  | { every: 'hour' }
  | { every: 'day'; at: string }
  /** `day`: ISO weekday. */
  | { every: 'week'; day: number; at: string };

export interface Cap {
  perHour?: number;
  /** Per calendar day of the customer's zone. */
  perDay?: number;
}

/**
 * One step of telling somebody: these channels at once, and the next step unless the goal is met in time.
 * A step whose every delivery fails is followed at once.
 */
export interface FallbackStep {
  channels: Channel[];
  /** Until the next step; meaningless for the last. */
  waitMs: number;
  stopOn: 'accepted' | 'delivered' | 'seen';
}

/** What a customer chose beyond the switches of topic and channel. All of it optional: what is absent is the default. */
export interface PreferenceSheet {
  quietHours?: QuietWindow[];
  /** Local dates, `YYYY-MM-DD`, quiet from midnight to midnight. */
  holidays?: string[];
  /** What becomes of an alert that was held and no longer holds when its time comes; default `reword`. */
  whenOver?: 'reword' | 'withdraw';
  /** By topic. */
  digests?: Record<string, Digest>;
  /** By channel; `all` counts every channel but the inbox. */
  caps?: Partial<Record<Channel | 'all', Cap>>;
  /** In this order and not all at once; absent: every channel at once. */
  steps?: FallbackStep[];
}

/** What the admin decides about a topic. */
export interface TopicPolicy {
  topic: string;
  title: string;
  description: string;
  /** Signs the messages: "Your card team". */
  signedBy: string;
  /** Cannot be switched off and passes quiet hours, digests and caps; never a lawful opt-out or a dead address. */
  isCritical: boolean;
  /** Shown to the customer wherever the switch is missing; empty unless critical. */
  criticalReason: string;
  /** Channels that are on where the customer said nothing; null: all. */
  channels: Channel[] | null;
  digest: Digest;
  /** Used where the customer has no steps; null: every channel at once. Of a critical topic: the escalation. */
  steps: FallbackStep[] | null;
  /** A message that may or may not have left: sent again, or shown to a person. */
  onAmbiguous: 'resend' | 'hold';
  /** After which a message would only confuse. */
  ttlMs: number;
}
