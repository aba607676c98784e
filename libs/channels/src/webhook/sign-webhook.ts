import { createHmac, createPrivateKey, sign } from 'node:crypto';
import { keyBytes, type WebhookKeys } from './webhook-keys';

/**
 * The `webhook-signature` header: v1 and v1a by the keys that count now, then by those before while they still do. A
 * receiver takes whichever it can check.
 * @param timestampS Unix seconds, new on each try
 * @param body exactly the bytes that are sent
 * @see https://www.standardwebhooks.com, specification 1.0.0
 */
export function signWebhook(
  { id, timestampS, body }: { id: string; timestampS: number; body: string },
  keys: WebhookKeys,
): string {
  const content = Buffer.from(`${id}.${timestampS}.${body}`);
  const previousCounts = Number(keys.previousUntil ?? 0) > timestampS * 1000;
  const { secret, privateKey, previousSecret, previousPrivateKey } = keys;
  const signatures = [v1(content, secret), v1a(content, privateKey)];
  if (previousCounts && previousSecret) signatures.push(v1(content, previousSecret));
  if (previousCounts && previousPrivateKey) signatures.push(v1a(content, previousPrivateKey));
  return signatures.join(' ');
}

function v1(content: Buffer, secret: string): string {
  return `v1,${createHmac('sha256', keyBytes(secret)).update(content).digest('base64')}`;
}

function v1a(content: Buffer, privateKey: string): string {
  const pair = keyBytes(privateKey);
  const [d, x] = [pair.subarray(0, 32), pair.subarray(32)].map((half) => half.toString('base64url'));
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
  return `v1a,${sign(null, content, key).toString('base64')}`;
}
