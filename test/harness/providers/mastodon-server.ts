import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

export interface MastodonStatus {
  status?: unknown;
  visibility?: unknown;
  [other: string]: unknown;
}

export const MASTODON_ACCOUNT = { accessToken: 'mastodon-access-token-of-the-harness' };

const MAX_LETTERS = 500;
const MENTION = /(?<![=/\w])@([a-z0-9_]+(?:[\w.-]+[a-z0-9_]+)?)@([\w.-]+\w)/gi;
const SENTENCES: Readonly<Record<number, string>> = {
  401: 'The access token is invalid',
  403: 'This action is outside the authorized scopes',
  404: 'Record not found',
  422: 'Validation failed',
  429: 'Too many requests',
  500: 'Something went wrong',
  503: 'There was a temporary problem serving your request, please try again',
};

/**
 * Speaks the create call of Mastodon's statuses: token, idempotency key, the length as Mastodon counts it, visibilities,
 * and which accounts a post names. A direct post to nobody it knows is taken in, as the real one does.
 * @see https://docs.joinmastodon.org/methods/statuses/#create
 */
export class FakeMastodon extends ProviderServer<MastodonStatus> {
  /** Accounts that exist, without the first `@`. */
  readonly accounts = new Set(['ada@customers.example']);

  private readonly byKey = new Map<string, { id: string; body: unknown }>();
  private lastId = 114_000_000_000_000_000n;

  protected read(request: ProviderRequest): MastodonStatus | null {
    if (!request.headers['content-type']?.startsWith('application/json')) return null;
    try {
      const fields: unknown = JSON.parse(request.body);
      return typeof fields === 'object' && fields !== null ? (fields as MastodonStatus) : null;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest, fields: MastodonStatus | null): ProviderAnswer {
    if (request.headers.authorization !== `Bearer ${MASTODON_ACCOUNT.accessToken}`) return this.refuse(401);
    if (request.method !== 'POST' || request.path !== '/api/v1/statuses') return this.refuse(404);
    return this.judgePost(request, fields ?? {});
  }

  private judgePost(request: ProviderRequest, fields: MastodonStatus): ProviderAnswer {
    const { status = '', visibility = 'public' } = fields;
    if (typeof status !== 'string' || status.trim() === '') return invalid("Text can't be blank");
    if (lengthOf(status) > MAX_LETTERS) return invalid(`Text character limit of ${MAX_LETTERS} exceeded`);
    if (!['public', 'unlisted', 'private', 'direct'].includes(String(visibility)))
      return invalid('Visibility is not included in the list');
    const key = String(request.headers['idempotency-key'] ?? '');
    const known = this.byKey.get(key);
    if (known) return { status: 200, accepted: false, id: known.id, body: known.body };
    return this.create(status, String(visibility), key);
  }

  private create(status: string, visibility: string, key: string): ProviderAnswer {
    this.lastId += 1n;
    const id = String(this.lastId);
    const named = [...status.matchAll(MENTION)].map(([, user = '', host = '']) => `${user}@${host}`);
    const mentions = named.filter((acct) => this.accounts.has(acct)).map((acct) => ({ id: '1', acct }));
    const body = {
      id,
      visibility,
      content: `<p>${status}</p>`,
      mentions,
      created_at: new Date().toISOString(),
    };
    if (key !== '') this.byKey.set(key, { id, body });
    return { status: 200, accepted: true, id, headers: limits(299), body };
  }

  protected refuse(status: number): ProviderAnswer {
    const error = SENTENCES[status];
    // A status that Mastodon has no words for comes from something in front of it.
    const body = error ? { error } : '<html><body>an error page</body></html>';
    return { status, accepted: false, headers: limits(status === 429 ? 0 : 299), body };
  }
}

function invalid(why: string): ProviderAnswer {
  return { status: 422, accepted: false, headers: limits(299), body: { error: `Validation failed: ${why}` } };
}

/** 300 calls in five minutes. The reset is an instant in ISO 8601, unlike everybody else's. */
function limits(remaining: number): Record<string, string> {
  return {
    'x-ratelimit-limit': '300',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': new Date(Date.now() + 300_000).toISOString(),
  };
}

/** A link counts 23 whatever its length, a mention only its name without the host. */
function lengthOf(status: string): number {
  const counted = status.replace(/https?:\/\/\S+/g, 'x'.repeat(23)).replace(MENTION, '@$1');
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(counted)].length;
}
