import type { Verdict } from '../send-reason';

const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };
const content: Verdict = { kind: 'rejected', reason: 'content' };
const setup: Verdict = { kind: 'rejected', reason: 'configuration' };
const credentials: Verdict = { kind: 'rejected', reason: 'unauthorized' };
const throttled: Verdict = { kind: 'retryable', reason: 'throttled' };

/**
 * What Twilio's error codes mean for one attempt, in an answer (2xxxx) or later in a status callback (30xxx).
 * Twilio says that codes may change and are no contract: a code that is missing here falls back to the HTTP status.
 * @see https://www.twilio.com/docs/api/errors
 */
export const TWILIO_CODES: Readonly<Record<number, Verdict>> = {
  20003: credentials, // authentication failed
  20006: credentials, // access denied
  20404: setup, // no such account or resource
  20429: throttled, // "never processed and always safe to retry"
  21211: address, // `To` is no valid number
  21212: setup, // `From` is no valid number
  21214: address, // `To` cannot be reached
  21217: address, // number does not look valid
  21408: setup, // region not enabled for this account
  21601: setup, // `From` cannot send texts
  21602: content, // no body
  21603: setup, // no `From`
  21604: address, // no `To`
  21605: content, // body too long for this number
  21606: setup, // `From` is not ours
  21608: setup, // trial account, `To` not approved
  21609: setup, // StatusCallback URL not valid
  21610: { kind: 'rejected', reason: 'optedOut' }, // recipient replied STOP
  21611: throttled, // sender's own queue is full
  21612: setup, // no route from this sender to this number
  21614: address, // `To` is no mobile number
  21617: content, // body over 1,600 characters
  21619: content, // neither body nor media
  21620: content, // media URL not valid
  21635: address, // `To` is a landline
  21660: setup, // `From` belongs to another account
  21703: setup, // messaging service without senders
  21705: setup, // no such messaging service
  30001: throttled, // queue overflow
  30002: setup, // account suspended
  30003: { kind: 'retryable', reason: 'unreachableHandset' },
  30004: { kind: 'rejected', reason: 'blocked' },
  30005: address, // unknown handset
  30006: address, // landline or carrier that cannot be reached
  30007: content, // filtered by the carrier
  30008: { kind: 'retryable', reason: 'providerError' }, // unknown error
  30009: content, // a segment is missing
  30010: setup, // price above the maximum
  30034: setup, // number not registered with the carriers
};
