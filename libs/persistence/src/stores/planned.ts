import type {
  Channel,
  ContactPoint,
  Customer,
  Lane,
  Notification,
  Preference,
  PreferenceSheet,
  TopicPolicy,
} from '@app/contracts';

export interface UnplannedNotification extends Notification {
  alertId: string | null;
  /** The step of the customer's order of channels at which telling goes on; 0 at first. */
  step: number;
  /** It was planned before, and what had not gone out was taken back. */
  isReplanned: boolean;
}

/** A customer as a plan needs them. */
export interface PlannedCustomer extends Customer {
  /** A plan counts only while this is still so; see `replan`. */
  planEpoch: number;
  sheet: PreferenceSheet;
  /** 0 where there is none. */
  sheetVersion: number;
}

export interface PlannedContactPoint extends ContactPoint {
  keys: Record<string, string> | null;
  /** The only carrier that serves it; null leaves the choice. */
  provider: string | null;
}

/** A contact point to which nothing may go, for one topic or (null) for all. */
export interface SuppressedPoint {
  contactPointId: string;
  topic: string | null;
  reason: string;
}

/** Messages that a customer's caps have let through in one hour or day. */
export interface CapCount {
  channel: Channel | 'all';
  span: 'hour' | 'day';
  /** Epoch ms. */
  startsAt: number;
  used: number;
}

/** What planning needs to know about the people behind a page of notifications; all of it as of one moment. */
export interface Recipients {
  customers: PlannedCustomer[];
  contactPoints: PlannedContactPoint[];
  preferences: (Preference & { customerId: string })[];
  suppressed: SuppressedPoint[];
  used: (CapCount & { customerId: string })[];
  /** Of the topics that an admin has written down. */
  policies: TopicPolicy[];
  /** Where the firing of an alert was told, or will be, as `channel:contactPointId`, by the recovery's notification. */
  told: Map<string, string[]>;
  /** Where a notification that is planned again has gone out already, in the same words, by notification. */
  taken: Map<string, string[]>;
}

/** A lane's next notifications, in order, and the people behind them. */
export interface PageToPlan {
  page: UnplannedNotification[];
  recipients: Recipients;
}

export interface PlannedDelivery {
  deliveryId: string;
  notificationId: string;
  customerId: string | null;
  contactPointId: string | null;
  channel: Channel;
  lane: Lane;
  /** Epoch ms. */
  expiresAt: number;
  /** Epoch ms before which it waits; null: at once. */
  notBefore: number | null;
  /** Why it waits, or would not be news any more: it is looked at again before it goes. */
  deferredBy: 'quietHours' | 'holiday' | 'laterStep' | null;
  step: number;
  /** Another step follows unless this one reaches its goal. */
  followed: boolean;
  pinnedProvider: string | null;
  /** Of a digest's own message. */
  digestId: string | null;
  /** What of the customer's caps it uses. */
  counted: CapCount[];
  /** Set where the delivery is born leased, to be sent at once by whoever planned it. */
  lease: { owner: string; ms: number; provider: string } | null;
}

/** A notification that reaches one way in the company of others. */
export interface PlannedDigestItem {
  notificationId: string;
  customerId: string;
  topic: string;
  channel: Channel;
  contactPointId: string | null;
  /** One digest for each key and closing. */
  key: string;
  /** Epoch ms. */
  closesAt: number;
  because: 'digest' | 'cap';
}

/** What follows if a notification's goal is not met in time. */
export interface PlannedStep {
  notificationId: string;
  nextStep: number;
  /** Epoch ms. */
  dueAt: number;
  stopOn: 'accepted' | 'delivered' | 'seen';
}

export interface DecisionToSave {
  notificationId: string;
  channel: Channel | null;
  contactPointId: string | null;
  decision: string;
  reason: string;
  /** Epoch ms. */
  notBefore?: number | null;
  detail?: unknown;
}

/** Everything that came of a page. */
export interface PlanToSave {
  deliveries: readonly PlannedDelivery[];
  decisions: readonly DecisionToSave[];
  digestItems: readonly PlannedDigestItem[];
  steps: readonly PlannedStep[];
}

export interface SavedPlan {
  /** Of the page, what this plan now counts for; the rest is still to be planned, or was planned by somebody else. */
  planned: Set<string>;
  /** Ids of the attempts of what was born leased, by delivery. */
  attempts: Map<string, string>;
}
