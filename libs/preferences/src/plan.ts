import type { FallbackStep } from '@app/contracts';
import type { CapUse } from './caps';
import type { Decision, SentReason } from './decision';
import type { Way } from './recipient';

export interface PlannedSend extends Way {
  reason: SentReason;
  /** Epoch ms; null: at once. Its time to live begins then, not now. */
  notBefore: number | null;
  deferredBy: 'quietHours' | 'holiday' | null;
  step: number;
}

/** The notification joins the open digest of this key, which is told as one message on the same way. */
export interface PlannedDigestItem extends Way {
  /** `topic|channel|contactPointId|because`, the contact point empty for the inbox. */
  key: string;
  /** Epoch ms; outside quiet hours. */
  closesAt: number;
  because: 'digest' | 'cap';
  step: number;
}

/** What follows if the channels that are being told do not reach the customer. */
export interface PlannedSteps {
  /** For `Recipient.fromStep` of the next plan. */
  nextStep: number;
  /** Epoch ms, counted from the last message of this step. */
  dueAt: number;
  /** Met by a delivery of the notification. The inbox meets all three only by being read: it takes whatever it is given. */
  stopOn: FallbackStep['stopOn'];
}

export interface Plan {
  send: PlannedSend[];
  digest: PlannedDigestItem[];
  steps: PlannedSteps | null;
  decisions: Decision[];
  /** What the plan takes of the caps, to be added to what was used. */
  capUse: CapUse[];
}
