import { createPublicKey, verify } from 'node:crypto';
import { validateRequest } from 'twilio';
import type { CallbackFields } from './twilio-receipts';

/**
 * Whether Twilio sent it: HMAC-SHA1 over the public address, query included, and every field, known to us or not.
 * @param tokens the account's, two during a rotation
 * @param url as the provider has called it, from outside
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function isFromTwilio(
  tokens: readonly string[],
  url: string,
  fields: CallbackFields,
  signature: string | undefined,
): boolean {
  if (!signature) return false;
  return tokens.some((token) => validateRequest(token, signature, url, { ...fields }));
}

/**
 * Whether Telnyx sent it, and lately: Ed25519 over timestamp, a bar and the raw body. The address that was called is not
 * covered.
 * @param keys the account's public key as its portal shows it, base64 of 32 bytes; two during a rotation
 * @see https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
 */
export function isFromTelnyx(keys: readonly string[], events: SignedEvents, now: number): boolean {
  const { signature, timestamp, body } = events;
  if (!signature || !timestamp || !isLately(timestamp, now)) return false;
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), body]);
  return keys.some((key) => verify(null, signed, ed25519Key(key), Buffer.from(signature, 'base64')));
}

/** @throws for what is no such key */
export function ed25519Key(key: string): ReturnType<typeof createPublicKey> {
  const x = Buffer.from(key, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** How old a signed event may be, and how far ahead its clock, ms: after that it is a recording. */
export const REPLAY_WINDOW_MS = 5 * 60_000;

export interface SignedEvents {
  signature: string | undefined;
  /** Unix seconds, as the header says. */
  timestamp: string | undefined;
  /** The bytes that came, not what they were read as. */
  body: Buffer;
}

/**
 * Whether SendGrid sent it, and lately: ECDSA over timestamp and raw body.
 * @param keys the public keys of the webhook's settings, base64 of SPKI; two during a rotation
 * @see https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 */
export function isFromSendGrid(keys: readonly string[], events: SignedEvents, now: number): boolean {
  const { signature, timestamp, body } = events;
  if (!signature || !timestamp || !isLately(timestamp, now)) return false;
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  return keys.some((key) => verify('sha256', signed, publicKey(key), Buffer.from(signature, 'base64')));
}

/** @param timestamp Unix seconds */
function isLately(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp) * 1000) <= REPLAY_WINDOW_MS;
}

function publicKey(key: string): ReturnType<typeof createPublicKey> {
  return createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
}
