/** One entry of SendGrid's `errors` array. */
export interface SendGridRefusal {
  message: string;
  field: string | null;
  help: string | null;
}

export interface SendGridMail {
  personalizations?: unknown;
  from?: unknown;
  subject?: unknown;
  content?: unknown;
  custom_args?: unknown;
  categories?: unknown;
  headers?: unknown;
  [other: string]: unknown;
}

const DOCS = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html';
export const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@.]+(\.[^\s@.]+)+$/;
const RESERVED =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;

export const refusal = (field: string | null, message: string): SendGridRefusal => ({
  message,
  field,
  help: DOCS,
});

export function isReservedHeader(name: string): boolean {
  return RESERVED.test(name);
}

export function emailOf(entry: unknown): string {
  const email = (entry as { email?: unknown } | null)?.email;
  return typeof email === 'string' ? email : '';
}
