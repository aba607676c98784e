import type { Channel, Digest, FallbackStep, QuietWindow } from '@app/contracts';
import type { ReachedCap } from './caps';

/** Why a way is open. */
export const SENT_REASONS = [
  'switchedOn',
  'byDefault',
  /** A critical topic asks nobody. */
  'critical',
  /** Of a critical topic: nothing could be reached where it should go, so it goes wherever it can. */
  'nextBest',
  /** The customer's order of channels names none that could be reached. */
  'noStepReaches',
  'wasTold',
  'provesThisAddress',
  'answersThis',
  'gatheredHere',
  'anotherWayLost',
] as const;
export type SentReason = (typeof SENT_REASONS)[number];

export const SUPPRESSED_REASONS = [
  'notTheirs',
  'notVerified',
  /** `detail.suppression` says why nothing may go there. */
  'addressSuppressed',
  'channelNotAsked',
  'switchedOff',
  /** The topic does not use this channel unless the customer asks for it. */
  'notByDefault',
  'wasNotTold',
  'codeExpired',
  /** The order of channels leaves it out. */
  'notInSteps',
  /** It goes into the digest of an earlier step's channels. */
  'digestOnEarlierStep',
  /** There is no contact point at all on this channel. */
  'noUsableContactPoint',
] as const;
export type SuppressedReason = (typeof SUPPRESSED_REASONS)[number];

/** What was looked at, kept with the decision so that it can be explained when everything has changed since. */
export interface DecisionDetail {
  /**
   * What decided, most decisive first: `topic.security.critical`, `switch.alerts.sms`, `sheet.quietHours.0`,
   * `sheet.caps.sms.perHour`, `topic.alerts.steps.1`, …
   */
  ruleIds: string[];
  topic: string;
  sheetVersion: number;
  /** IANA. */
  timeZone: string;
  /** Of the decision, in that zone: `2026-11-20T22:14`. */
  localTime: string;
  /** The same for `notBefore`. */
  notBeforeLocal?: string;
  window?: QuietWindow;
  holiday?: string;
  digest?: Digest;
  cap?: ReachedCap;
  step?: Pick<FallbackStep, 'waitMs' | 'stopOn'> & { index: number };
  suppression?: string;
  criticalReason?: string;
}

/** What becomes of one notification on one way, and why. */
export type Decision = {
  channel: Channel;
  /** Null for the inbox, and where there is no contact point on the channel. */
  contactPointId: string | null;
  /** Epoch ms before which nothing goes: of a digest its closing; null: at once, or never, or not known. */
  notBefore: number | null;
  detail: DecisionDetail;
} & (
  | { decision: 'sent'; reason: SentReason }
  | { decision: 'deferred'; reason: 'quietHours' | 'holiday' }
  | { decision: 'digested'; reason: 'digest' }
  | { decision: 'capped'; reason: 'cap' }
  /** Waits for its step, which comes only if the earlier ones do not reach the customer. */
  | { decision: 'fallback'; reason: 'laterStep' }
  | { decision: 'suppressed'; reason: SuppressedReason }
);

export type DecisionReason = Decision['reason'];
