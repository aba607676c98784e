import { createHmac, timingSafeEqual } from 'node:crypto';

export interface OAuth1Keys {
  apiKey: string;
  apiSecret: string;
  accessToken: string;
  accessSecret: string;
}

export interface SignedRequest {
  method: string;
  /** Scheme, host and path as the client meant them; the query goes into the signature by its parameters. */
  url: URL;
  authorization: string;
}

/** How far a client's clock may be off. */
const MAX_DRIFT_S = 300;

/**
 * Checks an OAuth 1.0a signature with HMAC-SHA1 over a request whose body is not form-encoded.
 * @param seen nonces used so far; the one of a good request is added
 * @see RFC 5849, section 3
 */
export function isSignedBy(keys: OAuth1Keys, request: SignedRequest, seen: Set<string>): boolean {
  const given = readHeader(request.authorization);
  const nonce = given.get('oauth_nonce') ?? '';
  if (!isWellFormed(keys, given) || nonce === '' || seen.has(nonce)) return false;
  const expected = Buffer.from(signatureOf(keys, request, given));
  const signature = Buffer.from(given.get('oauth_signature') ?? '');
  if (expected.length !== signature.length || !timingSafeEqual(expected, signature)) return false;
  seen.add(nonce);
  return true;
}

function isWellFormed(keys: OAuth1Keys, given: ReadonlyMap<string, string>): boolean {
  const drift = Math.abs(Number(given.get('oauth_timestamp')) - Date.now() / 1000);
  return (
    given.get('oauth_consumer_key') === keys.apiKey &&
    given.get('oauth_token') === keys.accessToken &&
    given.get('oauth_signature_method') === 'HMAC-SHA1' &&
    given.get('oauth_version') === '1.0' &&
    drift <= MAX_DRIFT_S
  );
}

function signatureOf(keys: OAuth1Keys, request: SignedRequest, given: ReadonlyMap<string, string>): string {
  const parameters = [...given, ...request.url.searchParams]
    .filter(([name]) => name !== 'oauth_signature' && name !== 'realm')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const base = [request.method.toUpperCase(), `${request.url.origin}${request.url.pathname}`, parameters];
  const key = `${encode(keys.apiSecret)}&${encode(keys.accessSecret)}`;
  return createHmac('sha1', key).update(base.map(encode).join('&')).digest('base64');
}

function readHeader(header: string): Map<string, string> {
  if (!/^OAuth /i.test(header)) return new Map();
  const pairs = header.slice(6).matchAll(/([\w.~%-]+)="([^"]*)"/g);
  return new Map(
    [...pairs].map(([, name = '', value = '']) => [decodeURIComponent(name), decodeURIComponent(value)]),
  );
}

/** RFC 3986: JavaScript's own encoding leaves five characters alone that this one does not. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
