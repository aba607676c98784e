import { generateKeyPairSync, randomBytes } from 'node:crypto';

/**
 * Secrets of one web hook, as they are kept with its contact point. For a while after a rotation the ones before sign
 * too, so that a receiver can change over without losing an event.
 */
export interface WebhookKeys {
  /** `whsec_` and 32 random bytes in base64: the secret of v1, HMAC-SHA256. */
  secret: string;
  /** `whsk_` and seed and public key of an ed25519 pair in base64: signs v1a; never leaves us. */
  privateKey: string;
  previousSecret?: string;
  previousPrivateKey?: string;
  /** Epoch ms in digits, until which the previous ones sign. */
  previousUntil?: string;
}

/** Long enough for a team to change a setting on a working day after a weekend. */
export const ROTATION_OVERLAP_MS = 72 * 3_600_000;

const SEED_BYTES = 32;

export function newWebhookKeys(): WebhookKeys {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const pair = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
  return {
    secret: `whsec_${randomBytes(32).toString('base64')}`,
    privateKey: `whsk_${pair.toString('base64')}`,
  };
}

/** New ones sign at once, those before for `ROTATION_OVERLAP_MS` more; what was before them ends now. */
export function rotateWebhookKeys(old: WebhookKeys, now: number): WebhookKeys {
  return {
    ...newWebhookKeys(),
    previousSecret: old.secret,
    previousPrivateKey: old.privateKey,
    previousUntil: String(now + ROTATION_OVERLAP_MS),
  };
}

/** `whpk_…`, with which anybody can check v1a; no secret. */
export function webhookPublicKey({ privateKey }: Pick<WebhookKeys, 'privateKey'>): string {
  return `whpk_${keyBytes(privateKey).subarray(SEED_BYTES).toString('base64')}`;
}

/** What stands after the prefix; empty where there is none. */
export function keyBytes(key: string): Buffer {
  return Buffer.from(key.slice(key.indexOf('_') + 1), 'base64');
}

/** Whether a contact point's keys are a web hook's: they come out of a column that other channels use too. */
export function isWebhookKeys(
  keys: Readonly<Record<string, string>> | null,
): keys is WebhookKeys & Record<string, string> {
  return keys?.secret?.startsWith('whsec_') === true && keys.privateKey?.startsWith('whsk_') === true;
}
