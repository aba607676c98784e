import type { Verdict } from '../send-reason';

/** The parts of X's problem document that say what happened. */
export interface XProblem {
  title: string;
  detail: string;
  type: string;
}

interface Row {
  status: number;
  says: RegExp;
  verdict: Verdict;
}

const setup: Verdict = { kind: 'rejected', reason: 'configuration' };
const content: Verdict = { kind: 'rejected', reason: 'content' };
const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };

/**
 * What X's problems mean for one attempt; the first row whose words occur in type, title or detail counts, none leaves
 * it to the HTTP status. X gives most of them the type `about:blank`, so that the detail is all there is to read.
 * @see https://docs.x.com/x-api/fundamentals/response-codes-and-errors
 */
const ROWS: readonly Row[] = [
  { status: 400, says: /participant|recipient|not find user|user not found/i, verdict: address },
  { status: 400, says: /text|characters|too long|invalid.request/i, verdict: content },
  { status: 403, says: /duplicate content/i, verdict: { kind: 'rejected', reason: 'duplicateContent' } },
  {
    status: 403,
    says: /permission to dm|cannot send messages to this user|not following/i,
    verdict: { kind: 'rejected', reason: 'blocked' },
  },
  { status: 403, says: /too long|longer than/i, verdict: content },
  {
    status: 403,
    says: /client-forbidden|client-not-enrolled|oauth1.permissions|app permissions|suspended|locked/i,
    verdict: setup,
  },
  { status: 404, says: /user|participant/i, verdict: address },
];

export function xVerdict(status: number, problems: readonly XProblem[]): Verdict | null {
  const words = problems.map((problem) => `${problem.type} ${problem.title} ${problem.detail}`).join(' ');
  return ROWS.find((row) => row.status === status && row.says.test(words))?.verdict ?? null;
}
