import {
  ADDRESS,
  emailOf,
  isReservedHeader,
  refusal,
  type SendGridMail,
  type SendGridRefusal,
} from './sendgrid-words';

interface Personalization {
  to?: unknown;
  cc?: unknown;
  bcc?: unknown;
  subject?: unknown;
  headers?: unknown;
  substitutions?: unknown;
  custom_args?: unknown;
}

const KNOWN = new Set(
  'to from cc bcc subject headers substitutions dynamic_template_data custom_args send_at'.split(' '),
);
const MOST_BYTES = 10_000;

/**
 * What SendGrid refuses in the list of personalizations. One bad one refuses the whole call.
 * @see https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors
 */
export function personalizationRefusals({ personalizations }: SendGridMail): SendGridRefusal[] {
  if (!Array.isArray(personalizations) || personalizations.length === 0) {
    const text = 'The personalizations field is required and must have at least one personalization.';
    return [refusal('personalizations', text)];
  }
  if (personalizations.length > 1000) {
    const text = `The personalization block is limited to 1000 personalizations per API request. You have provided ${personalizations.length} personalizations. Please consider splitting this into multiple requests and resending your request.`;
    return [refusal('personalizations', text)];
  }
  const each = personalizations as Personalization[];
  const found = each.flatMap((one, index) => {
    const field = `personalizations.${index}`;
    return [...recipientRefusals(one, field), ...wordRefusals(one, field)];
  });
  return [...found, ...addressedTwice(each)];
}

function recipientRefusals(each: Personalization, field: string): SendGridRefusal[] {
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

/** "Each unique email address in the personalizations array should only be included once." */
function addressedTwice(each: readonly Personalization[]): SendGridRefusal[] {
  const seen = new Set<string>();
  for (const one of each) {
    const address = emailOf((one?.to as unknown[] | undefined)?.[0]).toLowerCase();
    if (address !== '' && seen.has(address)) {
      const text = `Each unique email address in the personalizations array should only be included once. You have included [${address}] more than once.`;
      return [refusal('personalizations', text)];
    }
    seen.add(address);
  }
  return [];
}

function wordRefusals(each: Personalization, field: string): SendGridRefusal[] {
  const reserved = Object.keys((each?.headers ?? {}) as object).filter(isReservedHeader);
  return [
    ...Object.keys(each ?? {})
      .filter((name) => !KNOWN.has(name))
      .map((name) => refusal(field, `Additional property ${name} is not allowed`)),
    ...reserved.map((key) => refusal(`${field}.headers`, `The header ${key} is reserved and can't be used.`)),
    ...textRefusals(each?.headers, `${field}.headers`, Infinity),
    ...textRefusals(each?.substitutions, `${field}.substitutions`, MOST_BYTES),
    ...textRefusals(each?.custom_args, `${field}.custom_args`, MOST_BYTES),
  ];
}

function textRefusals(words: unknown, field: string, mostBytes: number): SendGridRefusal[] {
  const entries = Object.entries((words ?? {}) as object);
  const wrong = entries.find(([, value]) => typeof value !== 'string');
  if (wrong) return [refusal(`${field}.${wrong[0]}`, 'Each value must be a string.')];
  return Buffer.byteLength(JSON.stringify(words ?? {})) > mostBytes
    ? [refusal(field, 'The total size of it must be less than 10,000 bytes.')]
    : [];
}

/** What one person gets of a mail to many. */
export interface PersonalMail {
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  customArgs: Record<string, string>;
}

/** A mail as each of its people reads it, with their own words put in. */
export function personalMails(mail: SendGridMail): PersonalMail[] {
  const content = (mail.content ?? []) as { type: string; value: string }[];
  return ((mail.personalizations ?? []) as Personalization[]).map((one) => {
    const words = Object.entries((one.substitutions ?? {}) as Record<string, string>);
    const write = (text: string): string =>
      words.reduce((all, [tag, word]) => all.replaceAll(tag, word), text);
    const part = (type: string): string => write(content.find((each) => each.type === type)?.value ?? '');
    return {
      to: emailOf((one.to as unknown[])[0]),
      subject: write(String(one.subject ?? mail.subject ?? '')),
      text: part('text/plain'),
      html: part('text/html'),
      headers: { ...(mail.headers as object), ...(one.headers as object) },
      customArgs: { ...(one.custom_args as object) } as Record<string, string>,
    };
  });
}
