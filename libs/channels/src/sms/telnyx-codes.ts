import { fieldOf, wordOf } from '../calling/plain-request';
import type { Verdict } from '../send-reason';

const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };
const content: Verdict = { kind: 'rejected', reason: 'content' };
const setup: Verdict = { kind: 'rejected', reason: 'configuration' };
const credentials: Verdict = { kind: 'rejected', reason: 'unauthorized' };
const throttled: Verdict = { kind: 'retryable', reason: 'throttled' };
const unreachable: Verdict = { kind: 'retryable', reason: 'unreachableHandset' };
const unknown: Verdict = { kind: 'retryable', reason: 'providerError' };

/**
 * What Telnyx's error codes mean for one attempt, in an answer (1xxxx, 2xxxx, 403xx) or later in `message.finalized`
 * (40xxx). A code that is missing here falls back to the HTTP status.
 * @see https://developers.telnyx.com/docs/messaging/messages/error-codes
 * @see https://developers.telnyx.com/development/api-fundamentals/api-errors
 */
export const TELNYX_CODES: Readonly<Record<string, Verdict>> = {
  10003: setup, // webhook URL not valid
  10004: setup, // parameter missing
  10005: setup, // no such resource
  10009: credentials, // authentication failed
  10010: credentials, // not permitted
  10011: throttled, // too many requests
  10039: setup, // trial account, `to` not approved
  20002: credentials, // API key revoked
  20006: credentials, // access token expired
  20012: setup, // account inactive
  20013: setup, // account blocked
  20014: setup, // account not verified
  20015: setup, // feature not enabled
  20016: setup, // account not verified to level 1
  20017: setup, // account not verified to level 2
  20100: setup, // no funds left
  40001: address, // landline, or no route to it
  40002: { kind: 'retryable', reason: 'blocked' }, // by the network's spam filter, which forgets
  40003: setup, // our number is blocked for good
  40004: { kind: 'retryable', reason: 'refused' }, // the network does not say why
  40005: unreachable, // expired on its way
  40006: unreachable, // the network's server is down
  40008: unknown, // not taken by the network; another route may
  40009: content, // body not valid
  40010: setup, // our number is not registered (10DLC)
  40011: throttled, // the network's rate
  40012: address, // the network knows no such number
  40013: setup, // the network refuses our number
  40014: throttled, // expired in Telnyx's queue
  40015: content, // Telnyx's own spam filter
  40016: throttled, // T-Mobile's limit
  40017: content, // AT&T's spam filter
  40018: throttled, // AT&T's limit
  40019: setup, // AT&T: wrong tag
  40020: setup, // taken for inflated traffic, for a day
  40100: setup, // our number sends no texts
  40150: setup, // our toll-free number is in no registry
  40151: setup, // our number is being enabled elsewhere
  40155: setup, // letter of authorization missing
  40301: setup, // no texts between these kinds of numbers
  40302: content, // too many segments
  40304: content, // texts and media mixed
  40305: setup, // `from` does not belong to the profile
  40306: setup, // sender name not set on the profile
  40307: setup, // another sender name is set on the profile
  40308: setup, // `from` sends no media
  40309: setup, // country not enabled for the profile
  40310: address, // `to` is no valid number
  40311: setup, // profile's secret wrong
  40312: setup, // profile disabled
  40313: setup, // profile's secret missing
  40314: setup, // texts disabled for the account
  40315: setup, // our number has too bad a record
  40316: content, // no content
  40317: content, // media not valid
  40318: throttled, // queue full
  40319: setup, // kinds of numbers do not fit
  40320: setup, // `from` not usable yet
  40321: setup, // no usable number in the pool
  40322: content, // prohibited content
  40323: setup, // our number could not be enabled
  40325: setup, // sender name not valid
  40328: content, // more segments than recommended
  40329: setup, // toll-free number not verified
  40330: setup, // toll-free number not provisioned
  40331: setup, // no country enabled for the profile
  40333: setup, // spending limit reached
};

/** Codes about "a number", which may be ours: only where they point at `to` is it the customer's. */
const ABOUT_A_NUMBER: ReadonlySet<string> = new Set(['10001', '10002', '10016']);

/**
 * Documented as "blocked due to STOP message" in an answer, and as "destination number unreachable" in an event: only the
 * words tell whether somebody asked for it, and so whether the number is to be suppressed.
 */
const STOPPED_OR_UNREACHABLE = '40300';

/** @returns of the first error that the table knows; null if it knows none of them, or there is none */
export function telnyxVerdict(errors: unknown): Verdict | null {
  if (!Array.isArray(errors)) return null;
  for (const error of errors) {
    const verdict = verdictOf(error);
    if (verdict) return verdict;
  }
  return null;
}

function verdictOf(error: unknown): Verdict | null {
  const code = wordOf(error, 'code') || String(fieldOf(error, 'code'));
  if (ABOUT_A_NUMBER.has(code))
    return /^\/to\b/.test(wordOf(fieldOf(error, 'source'), 'pointer')) ? address : setup;
  if (code === STOPPED_OR_UNREACHABLE) {
    const says = `${wordOf(error, 'title')} ${wordOf(error, 'detail')}`;
    return /\bSTOP\b|\bblock rule\b/i.test(says) ? { kind: 'rejected', reason: 'optedOut' } : unreachable;
  }
  return Object.hasOwn(TELNYX_CODES, code) ? (TELNYX_CODES[code] ?? null) : null;
}
