import type { BulkMessage, BulkOutcome, BulkRecipient } from '../bulk-message';
import type { SendOutcome } from '@app/contracts';
import { mailHeaders } from './mail-headers';
import type { SendGridError } from './sendgrid-errors';

/** SendGrid takes no more personalizations in one call. */
export const MOST_PERSONALIZATIONS = 1_000;

/**
 * The body of one `POST /v3/mail/send` for many: each person is a personalization of their own, so that nobody sees
 * another's address, with their own words, links, ids and List-Unsubscribe (RFC 8058).
 */
export function bulkMail(message: BulkMessage, from: { email: string; name?: string }): object {
  const { subject, text, html, tags } = message;
  return {
    personalizations: message.recipients.map((recipient) => personalization(recipient, tags)),
    from,
    subject,
    content: [{ type: 'text/plain', value: text }, ...(html ? [{ type: 'text/html', value: html }] : [])],
    tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
  };
}

function personalization(recipient: BulkRecipient, tags: BulkMessage['tags']): object {
  const { to, name, nameHtml, links, deliveryId, attemptId } = recipient;
  const ids = { delivery_id: deliveryId, attempt_id: attemptId };
  const names = { [tags.name]: name, [tags.nameHtml]: nameHtml };
  const headers = mailHeaders({ links });
  if (!links) return { to: [{ email: to }], substitutions: names, headers, custom_args: ids };
  return {
    to: [{ email: to }],
    substitutions: {
      ...names,
      [tags.unsubscribe]: links.unsubscribe,
      [tags.preferences]: links.preferences,
    },
    headers,
    custom_args: ids,
  };
}

/**
 * Tells a call that failed because of some of its people from one that failed as a whole: the field names the
 * personalization. A call that is too large is nobody's fault, and fits in halves.
 */
export function whoWasRefused(
  outcome: SendOutcome,
  status: number,
  errors: readonly SendGridError[],
): BulkOutcome {
  if (outcome.kind !== 'rejected') return outcome;
  if (status === 413) return { kind: 'refused', reason: outcome.reason, indexes: [] };
  if (outcome.reason !== 'invalidAddress') return outcome;
  const named = errors.map(({ field }) => /^personalizations\.(\d+)(\.|$)/.exec(field)?.[1]);
  const indexes = new Set(named.flatMap((index) => (index === undefined ? [] : [Number(index)])));
  return { kind: 'refused', reason: outcome.reason, indexes: [...indexes] };
}
