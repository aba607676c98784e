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
    ...settingRefusals(mail),
  ];
}

function fromRefusals(from: unknown): SendGridRefusal[] {
  if (typeof from !== 'object' || from === null || !('email' in from)) {
    const text =
      'The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.';
    return [refusal('from.email', text)];
  }
  if ('name' in from && typeof from.name !== 'string')
    return [
      refusal('from.name', 'The from object must contain a string for the name parameter, if present.'),
    ];
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

function categoryRefusals(categories: unknown = []): SendGridRefusal[] {
  const names = [categories].flat() as unknown[];
  if (!Array.isArray(categories) || names.length > 10 || new Set(names).size < names.length)
    return [refusal('categories', 'You may include up to 10 categories, each of them once.')];
  const isGood = names.every((name) => typeof name === 'string' && name.length <= 255);
  return isGood ? [] : [refusal('categories', 'Each category must be a string of at most 255 characters.')];
}

/** What can be said of each way of watching a mail; all of it switches but for the texts. */
const TRACKING: Readonly<Record<string, readonly string[]>> = {
  click_tracking: ['enable', 'enable_text'],
  open_tracking: ['enable', 'substitution_tag'],
  subscription_tracking: ['enable', 'text', 'html', 'substitution_tag'],
  ganalytics: ['enable', 'utm_source', 'utm_medium', 'utm_term', 'utm_content', 'utm_campaign'],
};

function settingRefusals({ tracking_settings: tracking = {} }: SendGridMail): SendGridRefusal[] {
  return Object.entries(tracking as Record<string, Record<string, unknown>>).flatMap(([name, setting]) => {
    const isKnown = Object.keys(setting).every((field) => TRACKING[name]?.includes(field));
    const isSwitch = ['enable', 'enable_text'].every((field) =>
      ['undefined', 'boolean'].includes(typeof setting[field]),
    );
    const text = 'Invalid type. Expected: boolean, or an additional property that is not allowed.';
    return isKnown && isSwitch ? [] : [refusal(`tracking_settings.${name}`, text)];
  });
}

function argumentRefusals(mail: SendGridMail): SendGridRefusal[] {
  const found: SendGridRefusal[] = [];
  // The specification has them as one text here and as an object with each person, where all of ours stand.
  if (mail.custom_args !== undefined && typeof mail.custom_args !== 'string')
    found.push(refusal('custom_args', 'Invalid type. Expected: string.'));
  found.push(...categoryRefusals(mail.categories));
  for (const name of Object.keys((mail.headers ?? {}) as object)) {
    if (isReservedHeader(name))
      found.push(refusal('headers', `The header ${name} is reserved and can't be used.`));
  }
  return found;
}
