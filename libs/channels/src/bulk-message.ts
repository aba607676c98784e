import type { MessageLinks, SendOutcome } from '@app/contracts';

/** What differs from person to person in a text that very many get. */
export type BulkField = 'name' | 'nameHtml' | 'unsubscribe' | 'preferences';

/** One text for many, with a tag wherever something of each person stands. */
export interface BulkMessage {
  subject: string;
  text: string;
  html: string;
  /** What stands in the text for each field, such as `-x1f-name-`; nothing else in the text looks like it. */
  tags: Readonly<Record<BulkField, string>>;
  /** Epoch ms after which sending is pointless. */
  expiresAt: number;
  /** No address twice, at most as many as the carrier takes. */
  recipients: readonly BulkRecipient[];
}

export interface BulkRecipient {
  to: string;
  /** As plain text shows it; `nameHtml` is the same, escaped. */
  name: string;
  nameHtml: string;
  links: MessageLinks | null;
  /** Both come back in the provider's events. */
  deliveryId: string;
  attemptId: string;
}

/**
 * How one call for many ended: for all of them alike, or `refused`: nobody was sent anything because of some of them.
 * `indexes` are their places among the recipients; empty where the carrier did not say whose fault it was.
 */
export type BulkOutcome = SendOutcome | { kind: 'refused'; reason: string; indexes: number[] };
