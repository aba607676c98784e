import { isSignedBy, type OAuth1Keys } from './oauth1';
import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

export interface XFields {
  text?: unknown;
  [other: string]: unknown;
}

export const X_ACCOUNT: OAuth1Keys = {
  apiKey: 'x-api-key-of-the-harness',
  apiSecret: 'x-api-secret-of-the-harness',
  accessToken: '1001-x-access-token-of-the-harness',
  accessSecret: 'x-access-secret-of-the-harness',
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
const WINDOW_MS = 15 * 60_000;
const DIRECT_MESSAGE = /^\/2\/dm_conversations\/with\/([^/]+)\/messages$/;

/**
 * Speaks two calls of X's API v2, the public post and the direct message to one participant: checks the OAuth 1.0a
 * signature and every field, refuses with X's problem documents, and sends the headers of its rate limit.
 * @see https://docs.x.com/x-api/posts/create-post
 * @see https://docs.x.com/x-api/direct-messages/create-dm-message-by-participant-id
 */
export class FakeX extends ProviderServer<XFields> {
  /** Accounts that take no direct messages from us. */
  readonly closedInboxes = new Set<string>();

  private readonly nonces = new Set<string>();
  private readonly posted = new Set<string>();
  private lastId = 1_900_000_000_000_000_000n;

  constructor(readonly account: OAuth1Keys = X_ACCOUNT) {
    super();
  }

  protected read(request: ProviderRequest): XFields | null {
    try {
      const fields: unknown = JSON.parse(request.body);
      return typeof fields === 'object' && fields !== null ? (fields as XFields) : null;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest, fields: XFields | null): ProviderAnswer {
    // The client signs the address that it means, not the one that its connection goes to.
    const url = new URL(request.path, `https://${request.headers.host ?? ''}`);
    if (!this.isAuthentic(request, url)) return this.refuse(401);
    if (request.method !== 'POST') return this.refuse(404);
    const json = request.headers['content-type']?.startsWith('application/json');
    if (!json || fields === null) return invalid('the request body is no JSON object');
    if (url.pathname === '/2/tweets') return this.post(fields);
    const participant = DIRECT_MESSAGE.exec(url.pathname)?.[1];
    return participant === undefined ? this.refuse(404) : this.direct(participant, fields);
  }

  private isAuthentic({ method, headers }: ProviderRequest, url: URL): boolean {
    if (url.hostname !== 'api.x.com') return false;
    return isSignedBy(this.account, { method, url, authorization: headers.authorization ?? '' }, this.nonces);
  }

  protected refuse(status: number): ProviderAnswer {
    const title = TITLES[status];
    // A status that X does not document comes from something in front of it.
    if (!title) return { status, accepted: false, body: '<html><body>an error page</body></html>' };
    return { ...problem(status, title), headers: limitHeaders(status === 429 ? 0 : 99) };
  }

  private post({ text, ...others }: XFields): ProviderAnswer {
    const unknown = Object.keys(others)[0];
    if (unknown !== undefined) return invalid(`$.${unknown}: is not defined in the schema`);
    if (typeof text !== 'string' || text === '') return invalid('$.text: is missing but it is required');
    if (postLength(text) > 280) return problem(400, 'Your Tweet text is too long.');
    if (this.posted.has(text))
      return problem(403, 'You are not allowed to create a Tweet with duplicate content.');
    this.posted.add(text);
    const id = this.nextId();
    return created(id, { id, text, edit_history_tweet_ids: [id] });
  }

  private direct(participant: string, { text, attachments }: XFields): ProviderAnswer {
    if (!/^\d{1,19}$/.test(participant)) {
      return invalid(`The \`participant_id\` path parameter value [${participant}] is not valid`);
    }
    if ((typeof text !== 'string' || text === '') && attachments === undefined)
      return invalid('$.text: is missing');
    if (String(text).length > 10_000) return invalid('$.text: may only be 10000 characters long');
    if (this.closedInboxes.has(participant)) {
      return problem(403, 'You do not have permission to DM one or more participants.');
    }
    const id = this.nextId();
    return created(id, { dm_conversation_id: `1001-${participant}`, dm_event_id: id });
  }

  private nextId(): string {
    this.lastId += 1n;
    return String(this.lastId);
  }
}

function created(id: string, data: object): ProviderAnswer {
  return { status: 201, accepted: true, id, headers: limitHeaders(99), body: { data } };
}

function problem(status: number, detail: string): ProviderAnswer {
  const body = { title: TITLES[status], detail, type: 'about:blank', status };
  return { status, accepted: false, headers: limitHeaders(99), body };
}

function invalid(message: string): ProviderAnswer {
  const body = {
    errors: [{ parameters: {}, message }],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: 'https://api.twitter.com/2/problems/invalid-request',
  };
  return { status: 400, accepted: false, headers: limitHeaders(99), body };
}

function limitHeaders(remaining: number): Record<string, string> {
  return {
    'x-rate-limit-limit': '100',
    'x-rate-limit-remaining': String(remaining),
    'x-rate-limit-reset': String(Math.ceil((Date.now() + WINDOW_MS) / 1000)),
  };
}

const EMOJI = new RegExp('\\p{RGI_Emoji}', 'gv');

/** X's own count: links 23, emoji and letters outside the light ranges 2, all others 1. */
function postLength(text: string): number {
  const plain = text
    .normalize('NFC')
    .replace(/https?:\/\/\S+/g, 'x'.repeat(23))
    .replace(EMOJI, 'xx');
  const light = /[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]/;
  return [...plain].reduce((sum, letter) => sum + (light.test(letter) ? 1 : 2), 0);
}
