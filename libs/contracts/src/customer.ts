import type { Channel } from './channel';

export interface Customer {
  /** The host organisation's own id for this customer. */
  id: string;
  name: string;
  /** IANA zone, e.g. `Europe/Berlin`; times in messages are shown in it. */
  timeZone: string;
  /** BCP 47. */
  language: string;
}

/** `owns`: may watch owned metrics of the subject; `follows`: interested in it. */
export type Relation = 'owns' | 'follows';

export interface ContactPoint {
  contactPointId: string;
  customerId: string;
  channel: Channel;
  address: string;
  /** Null until the customer has proven that it is theirs; only a code may go there before. */
  verifiedAt: Date | null;
}

/** A customer's switch for one topic on one channel. */
export interface Preference {
  topic: string;
  channel: Channel;
  enabled: boolean;
}
