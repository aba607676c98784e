import type { Verdict } from '../send-reason';

/**
 * What a push service's statuses mean for one attempt; those that are missing fall back to the general table.
 * @see RFC 8030, sections 5 and 7; RFC 8292, section 4.2
 */
export const PUSH_STATUSES: Readonly<Record<number, Verdict>> = {
  400: { kind: 'rejected', reason: 'refused' },
  401: { kind: 'rejected', reason: 'unauthorized' }, // our proof is not good
  403: { kind: 'rejected', reason: 'unauthorized' }, // the subscription was made for another key
  404: { kind: 'rejected', reason: 'invalidAddress' }, // the subscription has expired
  410: { kind: 'rejected', reason: 'invalidAddress' }, // the person has switched it off
  413: { kind: 'rejected', reason: 'content' }, // over 4,096 bytes
};
