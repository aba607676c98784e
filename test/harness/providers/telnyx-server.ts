import { randomUUID } from 'node:crypto';
import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

export interface TelnyxFields {
  to?: unknown;
  from?: unknown;
  text?: unknown;
  messaging_profile_id?: unknown;
  webhook_url?: unknown;
  type?: unknown;
  [other: string]: unknown;
}

export interface TelnyxError {
  code: string;
  title: string;
  detail?: string;
  source?: { pointer: string };
}

export const TELNYX_ACCOUNT = {
  apiKey: 'KEY0123-telnyx-key-of-the-harness',
  numbers: ['+15005550111'],
  profile: '740572b6-099c-44a1-89b9-6c92163bc68d',
  /** Set on the profile; only they may be sent with. */
  senderNames: ['Tidings'],
};

/** @see https://developers.telnyx.com/docs/messaging/messages/error-codes */
const TITLES: Readonly<Record<number, string>> = {
  10004: 'Missing required parameter',
  10005: 'Resource not found',
  10007: 'Unexpected error',
  10008: 'Request timeout',
  10009: 'Authentication failed',
  10010: 'Authorization failed',
  10011: 'Too many requests',
  10015: 'Bad Request',
  40300: 'Blocked due to STOP message',
  40301: 'Unsupported message type',
  40302: 'Message too large',
  40305: "Invalid 'from' address",
  40306: 'Alpha sender not configured',
  40310: "Invalid 'to' address",
  40316: 'No content provided',
};
const CODE_OF_STATUS: Readonly<Record<number, number>> = {
  400: 10015,
  401: 10009,
  403: 10010,
  404: 10005,
  408: 10008,
  429: 10011,
  500: 10007,
};
const E164 = /^\+[1-9]\d{6,14}$/;
/** Ten segments of GSM-7. */
const LONGEST_TEXT = 1_530;

/**
 * Speaks Telnyx's `messages`, to send and to retrieve, and its search of detail records: checks the key, who sends and to
 * whom, and refuses with Telnyx's codes. A record appears with its message, as Telnyx documents it.
 * @see https://developers.telnyx.com/api-reference/messages/send-a-message
 */
export class FakeTelnyx extends ProviderServer<TelnyxFields> {
  /** Numbers whose owners replied STOP: a block rule of the profile. */
  readonly stopped = new Set<string>();
  /** What each text taken in has become, by its id; what is missing here is still `queued`. */
  readonly statuses = new Map<string, { status: string; errors?: TelnyxError[] }>();
  /** False: whoever asks about texts gets an error. */
  canBeAsked = true;

  protected override aside(request: ProviderRequest): ProviderAnswer | null {
    if (request.method !== 'GET') return null;
    if (!isOurs(request)) return this.refuse(401);
    if (!this.canBeAsked) return this.refuse(500);
    const url = new URL(request.path, this.url);
    if (url.pathname === '/v2/detail_records') return this.search(url.searchParams);
    const id = /^\/v2\/messages\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1];
    const found = this.accepted.find((one) => one.id === id);
    return found ? told({ data: this.messageOf(found) }) : this.refuse(404);
  }

  /** Without a kind of record Telnyx refuses the question. */
  private search(query: URLSearchParams): ProviderAnswer {
    if (query.get('filter[record_type]') !== 'messaging') return this.refuse(400);
    const [to, from] = [query.get('filter[cld]'), query.get('filter[created_at][gte]')];
    const since = from === null ? 0 : Date.parse(from);
    if (Number.isNaN(since)) return this.refuse(400);
    const of = this.accepted.filter((one) => (to === null || one.fields?.to === to) && one.at >= since);
    const newestFirst = query.get('sort') === '-created_at' ? [...of].reverse() : of;
    const page = newestFirst.slice(0, Number(query.get('page[size]') ?? 20));
    return told({
      data: page.map(({ id, at, fields }) => ({
        record_type: 'message_detail_record',
        uuid: id,
        direction: 'outbound',
        message_type: 'SMS',
        cld: fields?.to,
        cli: fields?.from,
        created_at: new Date(at).toISOString(),
        delivery_status_webhook_url: fields?.webhook_url ?? null,
      })),
      meta: { page_number: 1, page_size: page.length, total_pages: 1, total_results: of.length },
    });
  }

  /** A message as Telnyx shows it, in answers and in events. */
  messageOf({ id, at, fields }: Pick<(typeof this.accepted)[number], 'id' | 'at' | 'fields'>): object {
    const { status, errors = [] } = this.statuses.get(id ?? '') ?? { status: 'queued' };
    return {
      record_type: 'message',
      id,
      direction: 'outbound',
      type: 'SMS',
      messaging_profile_id: TELNYX_ACCOUNT.profile,
      from: { phone_number: fields?.from ?? TELNYX_ACCOUNT.numbers[0], carrier: 'Telnyx', line_type: 'VoIP' },
      to: [{ phone_number: fields?.to, status, carrier: '', line_type: 'Wireless' }],
      text: fields?.text,
      errors,
      received_at: new Date(at).toISOString(),
      valid_until: new Date(at + 3_600_000).toISOString(),
      webhook_url: fields?.webhook_url ?? null,
      parts: 1,
      tags: [],
    };
  }

  protected read(request: ProviderRequest): TelnyxFields | null {
    if (!request.headers['content-type']?.startsWith('application/json')) return null;
    try {
      const fields: unknown = JSON.parse(request.body);
      return typeof fields === 'object' && fields !== null ? (fields as TelnyxFields) : null;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest, fields: TelnyxFields | null): ProviderAnswer {
    if (!isOurs(request)) return this.refuse(401);
    if (request.method !== 'POST' || request.path !== '/v2/messages') return this.refuse(404);
    if (fields === null) return this.refuse(400);
    const refusal = this.recipientRefusal(fields) ?? senderRefusal(fields) ?? contentRefusal(fields);
    if (refusal) return refused(refusal);
    const id = randomUUID();
    return { ...told({ data: this.messageOf({ id, at: Date.now(), fields }) }), accepted: true, id };
  }

  protected refuse(status: number, code = CODE_OF_STATUS[status]): ProviderAnswer {
    // A status that Telnyx has no code for comes from something in front of it.
    if (!code) return { status, accepted: false, body: '<html><body>an error page</body></html>' };
    return { status, accepted: false, body: { errors: [errorOf(code)] } };
  }

  private recipientRefusal({ to }: TelnyxFields): TelnyxError | null {
    if (to === undefined || to === '') return errorOf(10004, '/to');
    if (typeof to !== 'string' || !E164.test(to)) return errorOf(40310, '/to');
    if (!this.stopped.has(to)) return null;
    const detail = 'Messages cannot be sent due to an existing block rule.';
    return { ...errorOf(40300), detail };
  }
}

function senderRefusal({ from, messaging_profile_id: profile }: TelnyxFields): TelnyxError | null {
  const isOwnProfile = profile === TELNYX_ACCOUNT.profile;
  if (profile !== undefined && !isOwnProfile) return errorOf(10005, '/messaging_profile_id');
  if (from === undefined) return isOwnProfile ? null : errorOf(40305, '/from');
  if (typeof from !== 'string') return errorOf(40305, '/from');
  if (/[A-Za-z]/.test(from))
    return isOwnProfile && TELNYX_ACCOUNT.senderNames.includes(from) ? null : errorOf(40306, '/from');
  return TELNYX_ACCOUNT.numbers.includes(from) ? null : errorOf(40305, '/from');
}

function contentRefusal({ text, webhook_url: url, type }: TelnyxFields): TelnyxError | null {
  if (typeof text !== 'string' || text === '') return errorOf(40316, '/text');
  if (text.length > LONGEST_TEXT) return errorOf(40302, '/text');
  if (type !== undefined && type !== 'SMS') return errorOf(40301, '/type');
  const isUsable = url === undefined || (typeof url === 'string' && URL.canParse(url) && url.length <= 2_000);
  return isUsable ? null : { ...errorOf(10003, '/webhook_url'), title: 'Invalid URL' };
}

function errorOf(code: number, pointer?: string): TelnyxError {
  return { code: String(code), title: TITLES[code] ?? 'Refused', ...(pointer && { source: { pointer } }) };
}

function refused(error: TelnyxError): ProviderAnswer {
  const status = error.code === '40300' ? 403 : 400;
  return { status, accepted: false, body: { errors: [error] } };
}

function told(body: object): ProviderAnswer {
  return { status: 200, accepted: false, body };
}

function isOurs(request: ProviderRequest): boolean {
  return request.headers.authorization === `Bearer ${TELNYX_ACCOUNT.apiKey}`;
}
