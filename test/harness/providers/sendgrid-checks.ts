import { personalizationRefusals } from './sendgrid-personalizations';
import {
  ADDRESS,
  emailOf,
  isReservedHeader,
  refusal,
  type SendGridMail,
  type SendGridRefusal,
} from './sendgrid-words';

const KNOWN = new Set(
  'personalizations from reply_to reply_to_list subject content attachments template_id headers categories custom_args send_at batch_id asm ip_pool_name mail_settings tracking_settings sections'.split(
    ' ',
  ),
);
/**
 * Everything SendGrid would refuse in a mail with 400, in the order of its own documentation.
 * @see https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors
 */
export function refusalsOf(mail: SendGridMail): SendGridRefusal[] {
  const unknown = Object.keys(mail).filter((name) => !KNOWN.has(name));
  return [
    ...unknown.map((name) => refusal(name, `Additional property ${name} is not allowed`)),
    ...personalizationRefusals(mail),
    ...fromRefusals(mail.from),
    ...subjectRefusals(mail),
    ...contentRefusals(mail),
    ...argumentRefusals(mail),
  ];
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
    if (isReservedHeader(name))
      found.push(refusal('headers', `The header ${name} is reserved and can't be used.`));
  }
  return found;
}
