import type { Channel } from '@app/contracts';

/** What a link lets its holder do, without a login; it is the token's audience, so that none serves for another. */
export const LINK_PURPOSES = ['unsubscribe', 'preferences', 'verify'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** Who and what a link speaks for. Ids only: an address in a link would be read by every proxy on its way. */
export interface Link {
  purpose: LinkPurpose;
  customerId: string;
  /** Where the message went; null for one to all ways, such as the inbox. */
  contactPointId: string | null;
  /** Of an unsubscription: from this topic; absent: from everything on this contact point. */
  topic?: string;
  channel?: Channel;
  /** Epoch ms; absent: it does not run out, as law asks of unsubscribing. */
  expiresAt?: number;
}
