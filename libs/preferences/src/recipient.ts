import type { Channel, ContactPoint, Preference } from '@app/contracts';

/** Everything about a customer that decides how a notification reaches them. */
export interface Recipient {
  customerId: string;
  /** All of them, verified or not; the inbox has none and needs none. */
  contactPoints: ContactPoint[];
  preferences: Preference[];
  /** For a recovery the keys (`toldKey`) of the ways that were told of the firing; null for everything else. */
  told: string[] | null;
}

/** One way to reach a customer. */
export interface Way {
  channel: Channel;
  /** Null for the inbox. */
  contactPointId: string | null;
  /** E.164 number, mail address or account id; for the inbox the customer's id. */
  address: string;
}

/** A way, and what must be known of it before it is taken. */
export interface KnownWay extends Way {
  isTheirs: boolean;
  isVerified: boolean;
}

/** Names a way in the list of those that were told of a firing. */
export function toldKey({ channel, contactPointId }: Pick<Way, 'channel' | 'contactPointId'>): string {
  return `${channel}:${contactPointId ?? ''}`;
}

/** All ways to a customer: the contact points in their order, then the inbox, which everybody has. */
export function waysTo({ customerId, contactPoints }: Recipient): KnownWay[] {
  const ways: KnownWay[] = contactPoints.map(({ contactPointId, channel, address, ...point }) => ({
    channel,
    contactPointId,
    address,
    isTheirs: point.customerId === customerId,
    isVerified: point.verifiedAt !== null,
  }));
  return [
    ...ways,
    { channel: 'inbox', contactPointId: null, address: customerId, isTheirs: true, isVerified: true },
  ];
}
