import { randomBytes } from 'node:crypto';
import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';
import { TWILIO_ACCOUNT } from './twilio-server';

export type CallFields = Record<string, string | string[]>;

const SENTENCES: Readonly<Record<number, string>> = {
  20001: 'Invalid parameter',
  20003: 'Authenticate',
  20404: 'The requested resource was not found',
  20429: 'Too Many Requests',
  20500: 'An internal server error has occurred',
  21201: "No 'To' number is specified",
  21205: 'Url parameter is required',
  21210: "'From' phone number not verified",
  21211: "Invalid 'To' Phone Number",
  21213: "'From' phone number is required",
  21215: 'Account not authorized to call this number',
};
const CODE_OF_STATUS: Readonly<Record<number, number>> = { 401: 20003, 404: 20404, 429: 20429, 500: 20500 };
const EVENTS = new Set(['initiated', 'ringing', 'answered', 'completed']);
/** What a call is created with, as far as we use it; a name beside these is one of ours that was misspelt. */
const CREATED_WITH = new Set(
  'To From Twiml Timeout TimeLimit StatusCallback StatusCallbackMethod StatusCallbackEvent'.split(' '),
);
/** The whole grammar that we use; anything else is a document Twilio would hang up on. */
const DOCUMENT =
  /^<\?xml version="1\.0" encoding="UTF-8"\?><Response>(<Pause length="\d+"\/>|<Say language="[a-z]{2}-[A-Z]{2}">([^<>&]|&(amp|lt|gt|quot|apos);)*<\/Say>)+<\/Response>$/;

/**
 * Speaks the create call of Twilio's `Calls` resource: account, numbers, countries, the spoken document, times and events.
 * @see https://www.twilio.com/docs/voice/api/call-resource#create-a-call
 */
export class FakeTwilioVoice extends ProviderServer<CallFields> {
  /** Countries that the account may call, by the beginning of their numbers. */
  countries = ['+49', '+1'];

  protected read(request: ProviderRequest): CallFields | null {
    if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return null;
    const form = new URLSearchParams(request.body);
    const names = [...new Set(form.keys())];
    return Object.fromEntries(
      names.map((name) => {
        const all = form.getAll(name);
        return [name, all.length > 1 ? all : (all[0] ?? '')];
      }),
    );
  }

  protected judge(request: ProviderRequest, fields: CallFields | null): ProviderAnswer {
    const { accountSid, authToken } = TWILIO_ACCOUNT;
    const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
    if (request.headers.authorization !== `Basic ${credentials}`) return this.refuse(401, 20003);
    if (request.method !== 'POST' || request.path !== `/2010-04-01/Accounts/${accountSid}/Calls.json`)
      return this.refuse(404, 20404);
    const code = this.refusalOf(fields ?? {});
    return code === null ? this.create(fields ?? {}) : this.refuse(400, code);
  }

  protected refuse(status: number, code = CODE_OF_STATUS[status]): ProviderAnswer {
    const more = `https://www.twilio.com/docs/errors/${code}`;
    const body = code && { code, message: SENTENCES[code] ?? 'Refused', more_info: more, status };
    // A status that Twilio has no code for comes from something in front of it.
    return { status, accepted: false, body: body ?? '<html><body>an error page</body></html>' };
  }

  private refusalOf(fields: CallFields): number | null {
    return this.numberRefusal(fields) ?? contentRefusal(fields);
  }

  private numberRefusal({ To = '', From }: CallFields): number | null {
    if (To === '') return 21201;
    if (!/^\+[1-9]\d{6,14}$/.test(String(To))) return 21211;
    if (!this.countries.some((prefix) => String(To).startsWith(prefix))) return 21215;
    if (From === undefined) return 21213;
    return TWILIO_ACCOUNT.numbers.includes(String(From)) ? null : 21210;
  }

  private create(fields: CallFields): ProviderAnswer {
    const sid = `CA${randomBytes(16).toString('hex')}`;
    const { To: to, From: from } = fields;
    const { accountSid } = TWILIO_ACCOUNT;
    const body = { sid, account_sid: accountSid, to, from, status: 'queued', direction: 'outbound-api' };
    return { status: 201, accepted: true, id: sid, body };
  }
}

function contentRefusal(fields: CallFields): number | null {
  const { Twiml = '', ...rest } = fields;
  if (Object.keys(fields).some((name) => !CREATED_WITH.has(name))) return 20001;
  if (Twiml === '') return 21205;
  if (Twiml.length > 4_000 || !DOCUMENT.test(String(Twiml))) return 20001;
  return areTimesAndEventsGood(rest) ? null : 20001;
}

function areTimesAndEventsGood({
  Timeout,
  TimeLimit,
  StatusCallback,
  StatusCallbackMethod = 'POST',
  StatusCallbackEvent = [],
}: CallFields): boolean {
  const whole = (value: string | string[] | undefined, most: number) =>
    value === undefined || (/^\d+$/.test(String(value)) && Number(value) >= 1 && Number(value) <= most);
  const events = [StatusCallbackEvent].flat();
  const areEventsKnown = events.every((event) => EVENTS.has(event));
  const areTimesGood = whole(Timeout, 600) && whole(TimeLimit, 14_400);
  return areTimesGood && areEventsKnown && isCallback(StatusCallback, StatusCallbackMethod);
}

function isCallback(url: CallFields[string] | undefined, method: CallFields[string]): boolean {
  const isUsable =
    url === undefined || (URL.canParse(String(url)) && !new URL(String(url)).hostname.includes('_'));
  return isUsable && ['GET', 'POST'].includes(String(method));
}
