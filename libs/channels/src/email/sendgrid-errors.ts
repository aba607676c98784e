import type { Verdict } from '../send-reason';

/** One entry of SendGrid's `errors` array. There are no codes: the field that was refused says what is wrong. */
export interface SendGridError {
  field: string;
  message: string;
}

interface Row {
  status: number;
  /** The start of the refused field, e.g. `personalizations.0.to.0.email`; empty matches any. */
  field: string;
  message?: RegExp;
  verdict: Verdict;
}

const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };
const content: Verdict = { kind: 'rejected', reason: 'content' };
const setup: Verdict = { kind: 'rejected', reason: 'configuration' };

/**
 * What SendGrid's answers mean for one attempt; the first row that fits counts, none leaves it to the HTTP status.
 * @see https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors
 */
const ROWS: readonly Row[] = [
  { status: 400, field: 'personalizations', message: /subject/i, verdict: content },
  { status: 400, field: 'personalizations', message: /custom_args|header|substitution/i, verdict: setup },
  { status: 400, field: 'personalizations', verdict: address },
  { status: 400, field: 'from', verdict: setup },
  { status: 400, field: 'reply_to', verdict: setup },
  { status: 400, field: 'headers', verdict: setup },
  { status: 400, field: 'asm', verdict: setup },
  { status: 400, field: 'subject', verdict: content },
  { status: 400, field: 'content', verdict: content },
  // A used-up daily quota comes as 401 of all things; it comes back with the next day.
  {
    status: 401,
    field: '',
    message: /maximum credits exceeded/i,
    verdict: { kind: 'retryable', reason: 'throttled' },
  },
  { status: 403, field: 'from', verdict: setup }, // sender identity not verified
];

export function sendGridVerdict(status: number, errors: readonly SendGridError[]): Verdict | null {
  for (const error of errors) {
    const row = ROWS.find(
      (each) =>
        each.status === status &&
        error.field.startsWith(each.field) &&
        (each.message?.test(error.message) ?? true),
    );
    if (row) return row.verdict;
  }
  return null;
}
