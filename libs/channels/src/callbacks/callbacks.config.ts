import { createPublicKey } from 'node:crypto';
import { SettingReader, type Env } from '../provider.config';
import { ed25519Key } from './signatures';

/** By what the providers' calls to us are recognised; an empty list refuses every call. */
export interface CallbacksConfig {
  twilioTokens: readonly string[];
  sendGridKeys: readonly string[];
  telnyxKeys: readonly string[];
}

/** Reads what the API needs to recognise its callers; each may be two while one takes the place of the other. */
export function readCallbacksConfig(
  env: Env,
): { ok: true; config: CallbacksConfig } | { ok: false; problems: string[] } {
  const reader = new SettingReader(env);
  const tokens = [reader.get('TWILIO_AUTH_TOKEN'), reader.get('TWILIO_AUTH_TOKEN_SECONDARY')];
  const sendGridKeys = listed(reader.get('SENDGRID_WEBHOOK_KEYS'));
  const telnyxKeys = listed(reader.get('TELNYX_PUBLIC_KEYS'));
  if (!sendGridKeys.every(isPublicKey))
    reader.problem('SENDGRID_WEBHOOK_KEYS must be public keys as SendGrid shows them, with a comma between');
  if (!telnyxKeys.every(isEd25519Key))
    reader.problem('TELNYX_PUBLIC_KEYS must be public keys as Telnyx shows them, with a comma between');
  const twilioTokens = tokens.filter((token) => token !== undefined);
  return reader.problems.length > 0
    ? { ok: false, problems: reader.problems }
    : { ok: true, config: { twilioTokens, sendGridKeys, telnyxKeys } };
}

function listed(keys: string | undefined): string[] {
  const all = (keys ?? '').split(',').map((key) => key.trim());
  return all.filter(Boolean);
}

function isEd25519Key(key: string): boolean {
  try {
    return ed25519Key(key).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

function isPublicKey(key: string): boolean {
  try {
    const { asymmetricKeyType } = createPublicKey({
      key: Buffer.from(key, 'base64'),
      format: 'der',
      type: 'spki',
    });
    return asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}
