import { generateVAPIDKeys } from 'web-push';

/** Proves to push services who sends, RFC 8292. Browsers subscribe for the public key, so changing it loses them all. */
export interface VapidKeys {
  /** Uncompressed P-256 point, base64url. */
  publicKey: string;
  /** base64url. */
  privateKey: string;
}

/** Name of the setting under which an installation keeps keys of its own making. */
export const VAPID_SETTING = 'vapid';

/**
 * The keys of this installation: those that are configured, or else its own, made when they are first asked for.
 * @param keepFirst keeps a value under a name unless there is one already, and gives back the one that stands
 */
export async function vapidKeysOf(
  configured: VapidKeys | null,
  keepFirst: (name: string, value: string) => Promise<string>,
): Promise<VapidKeys> {
  if (configured) return configured;
  return JSON.parse(await keepFirst(VAPID_SETTING, JSON.stringify(generateVAPIDKeys()))) as VapidKeys;
}
