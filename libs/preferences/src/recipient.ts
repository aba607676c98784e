import type { Channel, ContactPoint, Preference, PreferenceSheet, TopicPolicy } from '@app/contracts';
import type { CapUse } from './caps';

/** Everything about a customer that decides how a notification reaches them. */
export interface Recipient {
  customerId: string;
  /** IANA; quiet hours, digests and caps are read in it. */
  timeZone: string;
  /** All of them, verified or not; the inbox has none and needs none. */
  contactPoints: readonly ContactPoint[];
  preferences: readonly Preference[];
  sheet: PreferenceSheet;
  /** 0 where the customer never saved one. */
  sheetVersion: number;
  /** Of the notification's topic: the admin's row, or `defaultPolicy`. */
  topic: TopicPolicy;
  /** For a recovery the keys (`toldKey`) of the ways that were told of the firing; null for everything else. */
  told: readonly string[] | null;
  /** Contact points to which nothing may go, for this topic or for all, each with the reason: `optedOut`, `bounced`, … */
  suppressed: ReadonlyMap<string, string>;
  /** Caps used so far; several entries for one span are added up. */
  used: readonly CapUse[];
  /** Where telling goes on: 0 at first, else the `nextStep` of an earlier plan. */
  fromStep: number;
}

/** A customer of whom nothing is known but addresses and switches. */
export function plainRecipient(
  known: Pick<Recipient, 'customerId' | 'contactPoints' | 'preferences' | 'topic'>,
): Recipient {
  return {
    ...known,
    timeZone: 'UTC',
    sheet: {},
    sheetVersion: 0,
    told: null,
    suppressed: new Map(),
    used: [],
    fromStep: 0,
  };
}

/** One way to reach a customer. */
export interface Way {
  channel: Channel;
  /** Null for the inbox. */
  contactPointId: string | null;
  /** E.164 number, mail address, account, URL, …; for the inbox the customer's id. */
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
export function waysTo({
  customerId,
  contactPoints,
}: Pick<Recipient, 'customerId' | 'contactPoints'>): KnownWay[] {
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
