import { fieldOf, wordOf } from '../calling/plain-request';

/** A session as `createSession` and `refreshSession` hand it out. */
export interface BlueskySession {
  did: string;
  accessJwt: string;
  refreshJwt: string;
  /** Epoch ms from which on the access token is renewed. */
  renewAt: number;
}

/** A token may run out while a message is under way. */
const MARGIN_MS = 60_000;
/** Of a token that does not say how long it lasts; Bluesky's own last two hours. */
const UNSAID_LIFE_MS = 10 * 60_000;

/** @returns null if the answer holds no session */
export function readSession(body: unknown, now: number): BlueskySession | null {
  const [did, accessJwt, refreshJwt] = ['did', 'accessJwt', 'refreshJwt'].map((name) => wordOf(body, name));
  if (!did || !accessJwt || !refreshJwt) return null;
  return { did, accessJwt, refreshJwt, renewAt: (expiryOf(accessJwt) ?? now + UNSAID_LIFE_MS) - MARGIN_MS };
}

/** Read, not trusted: a token that lies about itself is refused by the server that made it. */
function expiryOf(jwt: string): number | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const exp = fieldOf(claims, 'exp');
    return typeof exp === 'number' ? exp * 1000 : null;
  } catch {
    return null;
  }
}
