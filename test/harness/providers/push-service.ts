import { createECDH, createPublicKey, randomBytes, randomUUID, verify, type ECDH } from 'node:crypto';
import { decryptPush } from './push-decryption';
import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

interface Subscription {
  browser: ECDH;
  auth: Buffer;
  /** Public key of the only application that may send. */
  forKey: string;
}

/** As a page gets it from its browser. */
export interface PushSubscription {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

/** What the page's service worker would get. */
export type Pushed = Record<string, unknown>;

const MOST_BYTES = 4_096;
const DAY_S = 24 * 3_600;

/**
 * Speaks the push service's side of web push: checks TTL, topic and urgency, the application's proof (VAPID) and its
 * key against the subscription's, the length, and that the message was encrypted for the very subscription.
 * @see RFC 8030, RFC 8291, RFC 8292
 */
export class FakePushService extends ProviderServer<Pushed> {
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly gone = new Set<string>();

  /** Subscribes a new browser for an application's public key. */
  subscribe(forKey: string, baseUrl = this.url): PushSubscription {
    return this.keysFor(`${baseUrl}/push/${randomUUID()}`, forKey);
  }

  /** As when a browser lost its keys and made new ones for the same endpoint: it cannot read what was sealed for the old. */
  renewKeys({ endpoint }: PushSubscription): PushSubscription {
    return this.keysFor(endpoint, this.subscriptions.get(idOf(endpoint))?.forKey ?? '');
  }

  /** As when a person takes the permission back: 410 from now on. */
  unsubscribe({ endpoint }: PushSubscription): void {
    this.gone.add(idOf(endpoint));
  }

  private keysFor(endpoint: string, forKey: string): PushSubscription {
    const browser = createECDH('prime256v1');
    const p256dh = browser.generateKeys().toString('base64url');
    const auth = randomBytes(16);
    this.subscriptions.set(idOf(endpoint), { browser, auth, forKey });
    return { endpoint, keys: { p256dh, auth: auth.toString('base64url') } };
  }

  protected read(request: ProviderRequest): Pushed | null {
    const subscription = this.subscriptions.get(idOf(request.path));
    try {
      return subscription
        ? (JSON.parse(decryptPush(request.bytes, subscription.browser, subscription.auth)) as Pushed)
        : null;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest, pushed: Pushed | null): ProviderAnswer {
    const id = idOf(request.path);
    const subscription = this.subscriptions.get(id);
    if (this.gone.has(id)) return this.refuse(410);
    if (!subscription) return this.refuse(404);
    const { headers } = request;
    if (request.method !== 'POST' || !areHeadersRight(headers)) return this.refuse(400);
    const key = applicationOf(headers.authorization, new URL(this.url).host);
    if (key === null) return this.refuse(401);
    if (key !== subscription.forKey) return this.refuse(403);
    if (request.bytes.length > MOST_BYTES) return this.refuse(413);
    // A real service cannot look inside; a browser that cannot either would show nothing.
    if (pushed === null) return this.refuse(400);
    return { status: 201, accepted: true, id, headers: { location: `${this.url}/message/${randomUUID()}` } };
  }

  protected refuse(status: number): ProviderAnswer {
    return { status, accepted: false, body: { code: status, message: 'see RFC 8030' } };
  }
}

function idOf(endpoint: string): string {
  return endpoint.slice(endpoint.lastIndexOf('/') + 1);
}

function areHeadersRight(headers: ProviderRequest['headers']): boolean {
  const { ttl, topic, urgency = 'normal' } = headers;
  if (typeof ttl !== 'string' || !/^\d+$/.test(ttl)) return false;
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(String(topic))) return false;
  if (!['very-low', 'low', 'normal', 'high'].includes(String(urgency))) return false;
  return headers['content-encoding'] === 'aes128gcm';
}

/** The public key of whoever proves to be the sender; null for no proof or a wrong one. RFC 8292, section 3. */
function applicationOf(authorization: string | undefined, host: string): string | null {
  const [, token = '', k = ''] = /^vapid t=([\w.-]+), *k=([\w-]+)$/.exec(authorization ?? '') ?? [];
  try {
    return isSigned(token, k) && isClaimRight(token, host) ? k : null;
  } catch {
    return null; // not even a token
  }
}

function isSigned(token: string, publicKey: string): boolean {
  const [head, body, signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const content = Buffer.from(`${head}.${body}`);
  return verify('sha256', content, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
}

/** For this service, for no more than a day, and by somebody who can be found. */
function isClaimRight(token: string, host: string): boolean {
  const body = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const { aud, exp, sub } = JSON.parse(body) as Record<string, unknown>;
  const now = Date.now() / 1000;
  const isTimely = Number(exp) > now && Number(exp) <= now + DAY_S;
  return isTimely && new URL(String(aud)).host === host && /^(mailto:|https:)/.test(String(sub));
}
