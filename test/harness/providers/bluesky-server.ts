import { createHash, randomBytes } from 'node:crypto';
import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

export interface BlueskyFields {
  [name: string]: unknown;
}

export const BLUESKY_ACCOUNT = {
  identifier: 'tidings.example',
  appPassword: 'bluesky-app-password-of-the-harness',
  did: 'did:plc:tidingsoftheharness22222',
};

const NAMES: Readonly<Record<number, [string, string]>> = {
  400: ['InvalidRequest', 'Input must have the property "record"'],
  401: ['AuthenticationRequired', 'Authentication Required'],
  404: ['MethodNotImplemented', 'Method Not Implemented'],
  429: ['RateLimitExceeded', 'Rate Limit Exceeded'],
  500: ['InternalServerError', 'Internal Server Error'],
};
const TID = /^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/;
/** RFC 3339 with seconds and a zone, as lexicons write a moment. */
const DATETIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,20})?(Z|[+-]\d{2}:\d{2})$/;
const CHAT = 'did:web:api.bsky.chat#bsky_chat';
const TOKEN_LIFE_S = 7_200;

/**
 * Speaks the calls of AT Protocol that an account needs to post and to write: sessions with an app password, records put
 * under a key, handles, conversations. Names its errors and checks records as the lexicons say.
 * @see https://docs.bsky.app/docs/category/http-reference
 */
export class FakeBluesky extends ProviderServer<BlueskyFields> {
  readonly accounts = new Map([['ada.customers.example', 'did:plc:adaofcustomers2222222222']]);
  /** Accounts that take no messages from us. */
  readonly closedInboxes = new Set<string>();
  /** Names of the calls that carried no message, in order. */
  readonly beside: string[] = [];
  /** Seconds until a new access token has run out. */
  tokenLife = TOKEN_LIFE_S;
  /** False: the app password was made without access to messages. */
  mayWriteMessages = true;

  private readonly tokens = new Set<string>();
  private readonly renewals = new Set<string>();
  private readonly records = new Map<string, string>();

  /** As after a restart of the server with another key: every token is unknown from now on. */
  forgetTokens(): void {
    this.tokens.clear();
  }

  protected override aside(request: ProviderRequest): ProviderAnswer | null {
    const { pathname, searchParams } = new URL(request.path, this.url);
    const name = pathname.replace('/xrpc/', '');
    const answer = this.answerBeside(name, searchParams, request);
    if (answer) this.beside.push(name);
    return answer;
  }

  private answerBeside(
    name: string,
    query: URLSearchParams,
    request: ProviderRequest,
  ): ProviderAnswer | null {
    switch (name) {
      case 'com.atproto.server.createSession':
        return this.login(this.read(request));
      case 'com.atproto.server.refreshSession':
        return this.renew(request.headers.authorization?.slice('Bearer '.length) ?? '');
      case 'com.atproto.identity.resolveHandle': {
        const did = this.accounts.get(query.get('handle') ?? '');
        return did ? ok({ did }) : error(400, 'InvalidRequest', 'Unable to resolve handle');
      }
      case 'chat.bsky.convo.getConvoForMembers':
        return this.refusedToken(request) ?? this.conversation(query.getAll('members'), request);
      default:
        return null;
    }
  }

  protected read(request: ProviderRequest): BlueskyFields | null {
    if (!request.headers['content-type']?.startsWith('application/json')) return null;
    try {
      const fields: unknown = JSON.parse(request.body);
      return typeof fields === 'object' && fields !== null ? (fields as BlueskyFields) : null;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest, fields: BlueskyFields | null): ProviderAnswer {
    const refused = this.refusedToken(request);
    if (refused) return refused;
    if (request.method !== 'POST') return this.refuse(404);
    if (request.path === '/xrpc/com.atproto.repo.putRecord') return this.put(fields ?? {});
    if (request.path === '/xrpc/chat.bsky.convo.sendMessage') return this.tell(fields ?? {}, request);
    return this.refuse(404);
  }

  protected refuse(status: number): ProviderAnswer {
    const [name, message] = NAMES[status] ?? [];
    // A status that the server has no name for comes from something in front of it.
    const page = { status, accepted: false, body: '<html><body>an error page</body></html>' };
    return name ? { ...error(status, name, message ?? ''), headers: limits(status === 429 ? 0 : 999) } : page;
  }

  private refusedToken(request: ProviderRequest): ProviderAnswer | null {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    if (!this.tokens.has(token)) return error(400, 'InvalidToken', 'Token could not be verified');
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      exp: number;
    };
    return exp * 1000 > Date.now() ? null : error(400, 'ExpiredToken', 'Token has expired');
  }

  private login(fields: BlueskyFields | null): ProviderAnswer {
    const { identifier, appPassword } = BLUESKY_ACCOUNT;
    if (fields?.identifier !== identifier || fields.password !== appPassword)
      return error(401, 'AuthenticationRequired', 'Invalid identifier or password');
    return this.session();
  }

  private renew(token: string): ProviderAnswer {
    return this.renewals.delete(token)
      ? this.session()
      : error(400, 'ExpiredToken', 'Token has been revoked');
  }

  private session(): ProviderAnswer {
    const accessJwt = jwt(this.tokenLife);
    const refreshJwt = jwt(90 * 86_400);
    this.tokens.add(accessJwt);
    this.renewals.add(refreshJwt);
    return ok({ accessJwt, refreshJwt, handle: BLUESKY_ACCOUNT.identifier, did: BLUESKY_ACCOUNT.did });
  }

  private put({ repo, collection, rkey, record }: BlueskyFields): ProviderAnswer {
    if (repo !== BLUESKY_ACCOUNT.did) return this.refuse(401);
    if (collection !== 'app.bsky.feed.post' || !TID.test(String(rkey)))
      return error(400, 'InvalidRequest', 'rkey must be a TID');
    const wrong = refusedPost((record ?? {}) as BlueskyFields);
    if (wrong) return wrong;
    const uri = `at://${BLUESKY_ACCOUNT.did}/app.bsky.feed.post/${String(rkey)}`;
    const cid = createHash('sha256').update(JSON.stringify(record)).digest('hex');
    const isNew = !this.records.has(uri);
    this.records.set(uri, cid);
    const commit = isNew ? { cid, rev: rkey } : undefined;
    return { status: 200, accepted: isNew, id: uri, headers: limits(999), body: { uri, cid, commit } };
  }

  private conversation(members: string[], request: ProviderRequest): ProviderAnswer {
    const refused = this.refusedChat(request);
    if (refused) return refused;
    const [member = ''] = members;
    if (![...this.accounts.values()].includes(member))
      return error(400, 'RecipientNotFound', 'recipient not found');
    if (this.closedInboxes.has(member))
      return error(400, 'MessagesDisabled', 'recipient has disabled incoming messages');
    return ok({ convo: { id: `convo-${member}`, rev: '1', members: [], muted: false, unreadCount: 0 } });
  }

  private tell({ convoId, message }: BlueskyFields, request: ProviderRequest): ProviderAnswer {
    const refused = this.refusedChat(request);
    if (refused) return refused;
    const { text } = (message ?? {}) as BlueskyFields;
    if (typeof convoId !== 'string' || !convoId.startsWith('convo-'))
      return error(400, 'InvalidConvo', 'convo not found');
    if (typeof text !== 'string' || lettersOf(text) > 1_000 || Buffer.byteLength(text) > 10_000)
      return error(400, 'InvalidRequest', 'Input/message/text must not be longer than 1000 graphemes');
    const id = randomBytes(7).toString('hex');
    return { status: 200, accepted: true, id, headers: limits(999), body: { id, rev: '1', text } };
  }

  /** The account's server passes on what names the chat service, and knows no such call itself. */
  private refusedChat(request: ProviderRequest): ProviderAnswer | null {
    if (request.headers['atproto-proxy'] !== CHAT) return this.refuse(404);
    return this.mayWriteMessages ? null : error(400, 'InvalidRequest', 'Bad token method "chat.bsky.convo"');
  }
}

function refusedPost({ $type, text, createdAt }: BlueskyFields): ProviderAnswer | null {
  if ($type !== 'app.bsky.feed.post' || typeof text !== 'string' || !DATETIME.test(String(createdAt)))
    return error(400, 'InvalidRequest', 'Invalid app.bsky.feed.post record');
  if (lettersOf(text) > 300 || Buffer.byteLength(text) > 3_000)
    return error(
      400,
      'InvalidRequest',
      'Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes',
    );
  return null;
}

function ok(body: unknown): ProviderAnswer {
  return { status: 200, accepted: false, body };
}

function error(status: number, name: string, message: string): ProviderAnswer {
  return { status, accepted: false, headers: limits(999), body: { error: name, message } };
}

function limits(remaining: number): Record<string, string> {
  return {
    'ratelimit-limit': '3000',
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 300),
    'ratelimit-policy': '3000;w=300',
  };
}

function jwt(life: number): string {
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + life;
  return [part({ typ: 'at+jwt', alg: 'ES256K' }), part({ exp }), randomBytes(32).toString('base64url')].join(
    '.',
  );
}

function lettersOf(text: string): number {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length;
}
