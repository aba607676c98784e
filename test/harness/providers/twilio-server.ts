import { randomBytes } from 'node:crypto';
import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

export type TwilioFields = Record<string, string>;

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
  /** Numbers the account owns; a `From` beside them is refused. */
  numbers: string[];
  /** Messaging services of the account. */
  services: string[];
}

export const TWILIO_ACCOUNT: TwilioAccount = {
  accountSid: `AC${'0'.repeat(31)}1`,
  authToken: 'twilio-auth-token-of-the-harness',
  numbers: ['+15005550006'],
  services: [`MG${'0'.repeat(31)}1`],
};

/** @see https://www.twilio.com/docs/api/errors */
const MESSAGES: Readonly<Record<number, string>> = {
  20001: 'Invalid parameter',
  20003: 'Authenticate',
  20404: 'The requested resource was not found',
  20429: 'Too Many Requests',
  20500: 'An internal server error has occurred',
  20503: 'Service unavailable',
  21211: "Invalid 'To' Phone Number",
  21212: "Invalid 'From' Number (caller ID)",
  21266: "'To' and 'From' number cannot be the same",
  21602: 'Message body is required.',
  21603: "A 'From' phone number is required.",
  21604: "A 'To' phone number is required.",
  21606:
    "The 'From' phone number provided is not a valid message-capable Twilio phone number for this account.",
  21609: "The 'StatusCallback' URL is not a valid URL.",
  21610: 'Attempt to send to unsubscribed recipient',
  21614: "'To' number is not a valid mobile number",
  21617: 'The concatenated message body exceeds the 1600 character limit',
  21635: "'To' number cannot be a landline",
  21705: 'The Messaging Service Sid is invalid.',
};
/**
 * What a text can be created with. Twilio passes over a name that it does not know: here it is refused, since it can only
 * be a word of ours that was misspelt.
 */
const CREATED_WITH = new Set(
  'To From MessagingServiceSid Body MediaUrl ContentSid ContentVariables StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded PersistentAction ShortenUrls ScheduleType SendAt SendAsMms RiskCheck'.split(
    ' ',
  ),
);
const LISTED_BY = new Set([
  'To',
  'From',
  'DateSent',
  'DateSent<',
  'DateSent>',
  'PageSize',
  'Page',
  'PageToken',
]);
const CODE_OF_STATUS: Readonly<Record<number, number>> = {
  401: 20003,
  404: 20404,
  429: 20429,
  500: 20500,
  503: 20503,
};

/**
 * Speaks Twilio's `Messages` resource, to create, list and fetch: checks the account, every field it names, and refuses with
 * Twilio's codes.
 * @see https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
 */
export class FakeTwilio extends ProviderServer<TwilioFields> {
  /** Numbers whose owners replied STOP. */
  readonly optedOut = new Set<string>();
  readonly landlines = new Set<string>();
  /** What each text taken in has become, by its id; what is missing here is still `queued`. */
  readonly statuses = new Map<string, string>();
  /** False: whoever asks about texts gets an error. */
  canBeAsked = true;

  constructor(readonly account: TwilioAccount = TWILIO_ACCOUNT) {
    super();
  }

  /** `GET Messages.json?To=` lists the newest first, `GET Messages/{Sid}.json` fetches one. */
  protected override aside(request: ProviderRequest): ProviderAnswer | null {
    if (request.method !== 'GET') return null;
    if (!this.isOurs(request)) return this.refuse(401, 20003);
    if (!this.canBeAsked) return this.refuse(503);
    const url = new URL(request.path, this.url);
    const folder = `/2010-04-01/Accounts/${this.account.accountSid}/Messages`;
    if (url.pathname === `${folder}.json`) return this.list(url.searchParams);
    const sid = /^\/(SM[0-9a-f]{32})\.json$/.exec(url.pathname.slice(folder.length))?.[1];
    const found = this.accepted.find((one) => one.id === sid);
    if (!url.pathname.startsWith(folder) || !found) return this.refuse(404, 20404);
    return { status: 200, accepted: false, body: this.resourceOf(found) };
  }

  private list(query: URLSearchParams): ProviderAnswer {
    const [size, to, from] = [Number(query.get('PageSize') ?? 50), query.get('To'), query.get('From')];
    const isKnown = [...query.keys()].every((name) => LISTED_BY.has(name));
    if (!isKnown || !Number.isInteger(size) || size < 1 || size > 1_000) return this.refuse(400, 20001);
    const of = this.accepted
      .filter(({ fields }) => (to ?? fields?.To) === fields?.To && (from ?? fields?.From) === fields?.From)
      .reverse();
    const messages = of.slice(0, size).map((one) => this.resourceOf(one));
    return {
      status: 200,
      accepted: false,
      body: { messages, page: 0, page_size: size, start: 0, next_page_uri: null, previous_page_uri: null },
    };
  }

  private resourceOf({ id, at, fields }: (typeof this.accepted)[number]): object {
    const { To: to = '', Body: body = '', From: from = null } = fields ?? {};
    const status = this.statuses.get(id ?? '') ?? 'queued';
    const common = { account_sid: this.account.accountSid, api_version: '2010-04-01', error_message: null };
    const date = rfc2822(at);
    return {
      ...common,
      sid: id,
      to,
      from,
      body,
      status,
      error_code: null,
      date_created: date,
      date_sent: null,
    };
  }

  private isOurs(request: ProviderRequest): boolean {
    const { accountSid, authToken } = this.account;
    const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
    return request.headers.authorization === `Basic ${credentials}`;
  }

  protected read(request: ProviderRequest): TwilioFields | null {
    if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return null;
    return Object.fromEntries(new URLSearchParams(request.body));
  }

  protected judge(request: ProviderRequest, fields: TwilioFields | null): ProviderAnswer {
    if (!this.isOurs(request)) return this.refuse(401, 20003);
    const { accountSid } = this.account;
    if (request.method !== 'POST' || request.path !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) {
      return this.refuse(404, 20404);
    }
    const code = this.refusalOf(fields ?? {});
    return code === null ? this.create(fields ?? {}) : this.refuse(400, code);
  }

  protected refuse(status: number, code = CODE_OF_STATUS[status]): ProviderAnswer {
    const body = code && {
      code,
      message: MESSAGES[code] ?? 'Refused',
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    };
    // A status that Twilio has no code for comes from something in front of it.
    return { status, accepted: false, body: body ?? '<html><body>an error page</body></html>' };
  }

  private refusalOf(fields: TwilioFields): number | null {
    return this.recipientRefusal(fields) ?? this.senderRefusal(fields) ?? contentRefusal(fields);
  }

  private recipientRefusal({ To = '', From }: TwilioFields): number | null {
    if (To === '') return 21604;
    if (!/^\+[1-9]\d{6,14}$/.test(To)) return 21211;
    if (To === From) return 21266;
    if (this.optedOut.has(To)) return 21610;
    return this.landlines.has(To) ? 21635 : null;
  }

  private senderRefusal({ From, MessagingServiceSid }: TwilioFields): number | null {
    if (MessagingServiceSid !== undefined)
      return this.account.services.includes(MessagingServiceSid) ? null : 21705;
    if (From === undefined) return 21603;
    if (!/^(\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 ]{1,11})$/.test(From)) return 21212;
    return this.account.numbers.includes(From) ? null : 21606;
  }

  private create(fields: TwilioFields): ProviderAnswer {
    const sid = `SM${randomBytes(16).toString('hex')}`;
    const service = fields.MessagingServiceSid ?? null;
    const body = {
      account_sid: this.account.accountSid,
      api_version: '2010-04-01',
      body: fields.Body,
      date_created: rfc2822(Date.now()),
      date_sent: null,
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      from: fields.From ?? null,
      messaging_service_sid: service,
      num_segments: service ? '0' : '1',
      price: null,
      sid,
      status: service ? 'accepted' : 'queued',
      to: fields.To,
      uri: `/2010-04-01/Accounts/${this.account.accountSid}/Messages/${sid}.json`,
    };
    return { status: 201, accepted: true, id: sid, body };
  }
}

/** As Twilio writes dates: with an offset in digits. */
function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}

function contentRefusal(fields: TwilioFields): number | null {
  const { Body, ValidityPeriod, StatusCallback } = fields;
  if (Object.keys(fields).some((name) => !CREATED_WITH.has(name))) return 20001;
  if (!Body) return 21602;
  if (Body.length > 1600) return 21617;
  if (ValidityPeriod !== undefined && !isWholeBetween(ValidityPeriod, 1, 36_000)) return 20001;
  if (StatusCallback === undefined) return null;
  const usable = URL.canParse(StatusCallback) && !new URL(StatusCallback).hostname.includes('_');
  return usable ? null : 21609;
}

function isWholeBetween(text: string, low: number, high: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= low && Number(text) <= high;
}
