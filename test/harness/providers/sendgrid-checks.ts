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
const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@.]+(\.[^\s@.]+)+$/;
const KNOWN = new Set(
  'personalizations from reply_to reply_to_list subject content attachments template_id headers categories custom_args send_at batch_id asm ip_pool_name mail_settings tracking_settings sections'.split(
    ' ',
  ),
);
const RESERVED =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;

const refusal = (field: string | null, message: string): SendGridRefusal => ({ message, field, help: DOCS });

/**
 * Everything SendGrid would refuse in a mail with 400, in the order of its own documentation.
 * @see https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors
 */
export function refusalsOf(mail: SendGridMail): SendGridRefusal[] {
  const unknown = Object.keys(mail).filter((name) => !KNOWN.has(name));
  return [
    ...unknown.map((name) => refusal(name, `Additional property ${name} is not allowed`)),
    ...personalizationRefusals(mail.personalizations),
    ...fromRefusals(mail.from),
    ...subjectRefusals(mail),
    ...contentRefusals(mail),
    ...argumentRefusals(mail),
  ];
}

function personalizationRefusals(personalizations: unknown): SendGridRefusal[] {
  if (!Array.isArray(personalizations) || personalizations.length === 0) {
    const text = 'The personalizations field is required and must have at least one personalization.';
    return [refusal('personalizations', text)];
  }
  if (personalizations.length > 1000) {
    const text = `The personalization block is limited to 1000 personalizations per API request. You have provided ${personalizations.length} personalizations. Please consider splitting this into multiple requests and resending your request.`;
    return [refusal('personalizations', text)];
  }
  return (personalizations as { to?: unknown; cc?: unknown; bcc?: unknown }[]).flatMap((each, index) =>
    recipientRefusals(each, `personalizations.${index}`),
  );
}

function recipientRefusals(
  each: { to?: unknown; cc?: unknown; bcc?: unknown },
  field: string,
): SendGridRefusal[] {
  if (!Array.isArray(each?.to) || each.to.length === 0) {
    const text =
      'The to array is required for all personalization objects, and must have at least one email object with a valid email address.';
    return [refusal(`${field}.to`, text)];
  }
  const found: SendGridRefusal[] = [];
  const seen = new Set<string>();
  for (const list of ['to', 'cc', 'bcc'] as const) {
    for (const [index, entry] of ((each[list] as unknown[] | undefined) ?? []).entries()) {
      const address = emailOf(entry);
      if (!ADDRESS.test(address)) {
        found.push(refusal(`${field}.${list}.${index}.email`, 'Does not contain a valid address.'));
      } else if (seen.has(address.toLowerCase())) {
        const text = `Each email address in the personalization block should be unique between to, cc, and bcc. We found the first duplicate instance of [${address}] in the ${field}.${list} field.`;
        found.push(refusal(field, text));
      }
      seen.add(address.toLowerCase());
    }
  }
  return found;
}

function fromRefusals(from: unknown): SendGridRefusal[] {
  if (typeof from !== 'object' || from === null || !('email' in from)) {
    const text =
      'The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.';
    return [refusal('from.email', text)];
  }
  return ADDRESS.test(emailOf(from))
    ? []
    : [refusal('from.email', 'The from email does not contain a valid address.')];
}

function subjectRefusals(mail: SendGridMail): SendGridRefusal[] {
  if (typeof mail.subject === 'string' && mail.subject !== '') return [];
  const text =
    'The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.';
  return mail.template_id === undefined ? [refusal('subject', text)] : [];
}

function contentRefusals(mail: SendGridMail): SendGridRefusal[] {
  if (!Array.isArray(mail.content) || mail.content.length === 0) {
    const text =
      'Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block.';
    return mail.template_id === undefined ? [refusal('content', text)] : [];
  }
  const blocks = mail.content as { type?: unknown; value?: unknown }[];
  const empty = blocks.flatMap((block, index) =>
    typeof block?.value === 'string' && block.value !== ''
      ? []
      : [
          refusal(
            `content.${index}.value`,
            'The content value must be a string at least one character in length.',
          ),
        ],
  );
  const order = blocks.map((block) => ['text/plain', 'text/html'].indexOf(String(block?.type)));
  const ordered = order.every((place, index) => place >= 0 && place > (order[index - 1] ?? -1));
  const text =
    "If present, 'text/plain' must be first, followed by 'text/html', and each may only be provided once.";
  return ordered ? empty : [...empty, refusal('content', text)];
}

function argumentRefusals(mail: SendGridMail): SendGridRefusal[] {
  const found: SendGridRefusal[] = [];
  const args = Object.values((mail.custom_args ?? {}) as object);
  if (args.some((value) => typeof value !== 'string')) {
    found.push(refusal('custom_args', 'Each custom argument must be a string.'));
  }
  if (Buffer.byteLength(JSON.stringify(mail.custom_args ?? {})) > 10_000) {
    found.push(refusal('custom_args', 'The total size of custom arguments must be less than 10,000 bytes.'));
  }
  if (Array.isArray(mail.categories) && mail.categories.length > 10) {
    found.push(refusal('categories', 'You may not include more than 10 categories.'));
  }
  for (const name of Object.keys((mail.headers ?? {}) as object)) {
    if (RESERVED.test(name))
      found.push(refusal('headers', `The header ${name} is reserved and can't be used.`));
  }
  return found;
}

export function emailOf(entry: unknown): string {
  const email = (entry as { email?: unknown } | null)?.email;
  return typeof email === 'string' ? email : '';
}
