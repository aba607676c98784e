import type { Verdict } from '../send-reason';

const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };
const blocked: Verdict = { kind: 'rejected', reason: 'blocked' };
const setup: Verdict = { kind: 'rejected', reason: 'configuration' };
const credentials: Verdict = { kind: 'rejected', reason: 'unauthorized' };
const again: Verdict = { kind: 'retryable', reason: 'throttled' };

/**
 * What the names of AT Protocol's errors mean for one attempt; a name that is missing leaves it to the HTTP status.
 * @see https://atproto.com/specs/xrpc#error-responses, and `errors` in the lexicons of the calls
 */
const NAMES: Readonly<Record<string, Verdict>> = {
  // of the session
  AuthenticationRequired: credentials,
  AuthMissing: credentials,
  InvalidToken: credentials,
  ExpiredToken: { kind: 'retryable', reason: 'unauthorized' }, // never processed; the next try opens a new session
  AuthFactorTokenRequired: setup, // the account's own password instead of an app password
  AccountTakedown: setup,
  AccountDeactivated: setup,
  // of a conversation
  RecipientNotFound: address,
  AccountSuspended: address,
  MessagesDisabled: blocked,
  NotFollowedBySender: blocked, // takes messages only from accounts that it follows
  BlockedActor: blocked,
  BlockedSubject: blocked,
  ConvoLocked: blocked,
  InvalidConvo: blocked,
  // of a handle
  HandleNotFound: address,
  RateLimitExceeded: again,
};

interface Row {
  error: string;
  says: RegExp;
  verdict: Verdict;
}

/** Most refusals are an `InvalidRequest`, and only their sentence tells them apart. */
const SENTENCES: readonly Row[] = [
  { error: 'InvalidRequest', says: /resolve handle|handle not found|valid (did|handle)/i, verdict: address },
  {
    error: 'InvalidRequest',
    says: /invalid app\.bsky\.feed\.post|must not be longer|grapheme|too (big|long)|invalid record/i,
    verdict: { kind: 'rejected', reason: 'content' },
  },
  { error: 'InvalidRequest', says: /disabled incoming|recipient (has|requires)/i, verdict: blocked },
  { error: 'InvalidRequest', says: /bad token|scope|privileged/i, verdict: setup }, // an app password without messages
];

export function blueskyVerdict(error: string, message: string): Verdict | null {
  const sentence = SENTENCES.find((row) => row.error === error && row.says.test(message));
  return sentence?.verdict ?? (Object.hasOwn(NAMES, error) ? (NAMES[error] ?? null) : null);
}
