import type { Verdict } from '../send-reason';

interface Row {
  status: number;
  says: RegExp;
  verdict: Verdict;
}

const setup: Verdict = { kind: 'rejected', reason: 'configuration' };

/**
 * What Mastodon's refusals mean for one attempt; there are no codes, only one English sentence. None of these rows
 * leaves it to the HTTP status.
 * @see https://docs.joinmastodon.org/methods/statuses/#create
 */
const ROWS: readonly Row[] = [
  { status: 401, says: /requires an authenticated user/i, verdict: setup }, // a token of an application, not a user
  { status: 403, says: /scope|disabled|suspended|pending approval|not confirmed|e-?mail/i, verdict: setup },
  {
    status: 422,
    says: /character limit|blank|validation failed/i,
    verdict: { kind: 'rejected', reason: 'content' },
  },
];

export function mastodonVerdict(status: number, error: string): Verdict | null {
  return ROWS.find((row) => row.status === status && row.says.test(error))?.verdict ?? null;
}
