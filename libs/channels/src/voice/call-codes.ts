import type { Verdict } from '../send-reason';
import { TWILIO_CODES } from '../sms/twilio-codes';

const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };
const setup: Verdict = { kind: 'rejected', reason: 'configuration' };

/**
 * What Twilio's codes mean for one call: those of texts, where they are the account's or the number's, and those that
 * calls alone have.
 * @see https://www.twilio.com/docs/api/errors
 */
export const CALL_CODES: Readonly<Record<number, Verdict>> = {
  ...TWILIO_CODES,
  10001: setup, // account not active
  10004: { kind: 'retryable', reason: 'throttled' }, // more calls at once than the account may have
  12100: { kind: 'rejected', reason: 'content' }, // the spoken document cannot be read
  13223: address, // invalid number
  13224: address, // number cannot be called
  13227: setup, // country not enabled for calls
  13230: setup,
  21201: address, // no `To`
  21203: setup, // number of the account's own list of what it may not call
  21205: { kind: 'rejected', reason: 'content' }, // URL or document not valid
  21210: setup, // `From` not verified
  21213: setup, // no `From`
  21215: setup, // country not enabled for calls
  21216: { kind: 'rejected', reason: 'blocked' }, // number on Twilio's list of what is never called
  21219: setup, // trial account, `To` not approved
  21225: setup, // status callback not valid
};
