import type { Channel } from './channel';

/** Lanes never wait for each other: a service alert to many cannot hold up an alert to one. */
export const LANES = ['urgent', 'normal', 'bulk'] as const;
export type Lane = (typeof LANES)[number];

/** What an alert's message says; values are scaled integers of the metric. */
export interface AlertFacts {
  alertId: string;
  ruleId: string;
  /** The customer's own name for the rule; empty if none was given. */
  ruleTitle: string;
  /** The condition in words: "falls below 100.00 EUR". */
  condition: string;
  metric: string;
  metricTitle: string;
  unit: string;
  scale: number;
  subject: string;
  /** True if only owners may watch the metric: the message then says "your balance". */
  owned?: boolean;
  value: number;
  /** Epoch ms of the event that caused this. */
  at: number;
  /** Epoch ms of the firing; equals `at` for the firing itself. */
  openedAt: number;
  /** What is measured where it is not the metric's latest value, as it follows "the": "number of events in 5 minutes". */
  measure?: string;
  /** The end of `measure` that says over what: "in 5 minutes". Absent: it says nothing of the kind, or was not kept apart. */
  span?: string;
  /** Of the rule, or of the level that holds. */
  severity?: Severity | null;
  /** What opened the alert; absent: a value. */
  openedBy?: 'value' | 'noData' | 'expiry';
  /** With a recovery what ended the alert; absent: a value. */
  endedBy?: 'value' | 'noData' | 'dataReturned' | 'expired' | 'rearmed' | 'partner';
  /** Set where a firing was held until now and has ended meanwhile: "was below 100 from 02:10 to 05:40". Epoch ms. */
  endedAt?: number;
  /** True where the firing itself is no news: a mute held it back until now, or this is a repetition. */
  isStill?: boolean;
  /** Other firings that were held back since the last message about this rule and subject. */
  suppressed?: number;
  /** With `alertUnstable`: changes between firing and not since stability was last spoken of. */
  changes?: number;
  /** With `alertUnstable` and `alertSettled`: whether the alert is open. */
  isFiring?: boolean;
}

export interface ServiceAlertFacts {
  serviceAlertId: string;
  title: string;
  text: string;
  severity: Severity;
}

export interface CodeFacts {
  contactPointId: string;
  code: string;
  /** Epoch ms. */
  expiresAt: number;
  /** Proves the address by a page with a button, where a link fits the channel. */
  link?: string;
}

/** Several notifications of one topic in one message, oldest first. */
export interface DigestFacts {
  digestId: string;
  contactPointId: string | null;
  /** At most twenty; `count` says how many there were. */
  items: { notificationId: string; body: NotificationBody; causedAt: number }[];
  count: number;
  /** Why they came together: the customer's choice, or a cap that was reached. */
  because: 'digest' | 'cap';
}

export interface ContactPointLostFacts {
  contactPointId: string;
  channel: Channel;
  /** Shortened so that it can be recognised and not read: `+49…78`. */
  addressHint: string;
  reason: string;
}

export interface AnswerFacts {
  contactPointId: string;
  text: string;
}

export type Severity = 'info' | 'warning' | 'critical';

/** One reason to tell one customer something. */
export type NotificationBody =
  | { kind: 'alertFired'; facts: AlertFacts }
  | { kind: 'alertRecovered'; facts: AlertFacts }
  /** Another severity than was told before. */
  | { kind: 'alertLevel'; facts: AlertFacts }
  /** Told again, as the rule asks. */
  | { kind: 'alertRepeated'; facts: AlertFacts }
  /** Alternates too quickly for single messages: told once, then once an hour. */
  | { kind: 'alertUnstable'; facts: AlertFacts }
  | { kind: 'alertSettled'; facts: AlertFacts }
  | { kind: 'serviceAlert'; facts: ServiceAlertFacts }
  | { kind: 'digest'; facts: DigestFacts }
  /** Tells on another channel that an address no longer works or was switched off, with the reason. */
  | { kind: 'contactPointLost'; facts: ContactPointLostFacts }
  /** Our answer to a text the customer sent us. */
  | { kind: 'answer'; facts: AnswerFacts }
  | { kind: 'verificationCode'; facts: CodeFacts };

export type NotificationKind = NotificationBody['kind'];

export interface Notification {
  notificationId: string;
  /** Null for a public post, which has no single customer. */
  customerId: string | null;
  topic: string;
  lane: Lane;
  /** Only these channels, as the rule asks; null leaves the choice to the customer's preferences. */
  channels: Channel[] | null;
  body: NotificationBody;
  /** Epoch ms when the cause entered the system; the start of the latency that customers feel. */
  causedAt: number;
}

/** Topics that exist without being defined; hosts may name more on their rules. */
export const TOPIC_ALERTS = 'alerts';
export const TOPIC_SERVICE = 'service';
export const TOPIC_VERIFICATION = 'verification';
