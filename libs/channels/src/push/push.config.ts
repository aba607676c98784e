import { readEgress } from '../egress/egress.config';
import { SettingReader, type Env } from '../provider.config';
import type { VapidKeys } from './vapid';

export interface PushConfig {
  egress: { allow: string[] };
  /** Null where the installation makes its own. */
  vapid: VapidKeys | null;
  subject: string;
  timeoutMs: number | undefined;
}

/** Where no contact is named. Push services may refuse it; Apple's does. */
const NO_CONTACT = 'mailto:postmaster@localhost';

/** Web push needs no account anywhere: it is always carried, with keys of our own if none are set. */
export function readPush(reader: SettingReader): PushConfig {
  return {
    egress: readEgress(reader),
    vapid: readVapid(reader),
    subject: readSubject(reader),
    timeoutMs: reader.timeoutMs(),
  };
}

/** For a process that tells browsers the public key without sending to them. */
export function readVapidConfig(env: Env): { vapid: VapidKeys | null; problems: string[] } {
  const reader = new SettingReader(env);
  return { vapid: readVapid(reader), problems: reader.problems };
}

function readVapid(reader: SettingReader): VapidKeys | null {
  const all = reader.allOrNone(['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY']);
  reader.check('VAPID_PUBLIC_KEY', /^B[\w-]{86}$/, 'an uncompressed P-256 point in base64url: 87 letters');
  reader.check('VAPID_PRIVATE_KEY', /^[\w-]{43}$/, '32 bytes in base64url: 43 letters');
  return all && { publicKey: all.VAPID_PUBLIC_KEY, privateKey: all.VAPID_PRIVATE_KEY };
}

function readSubject(reader: SettingReader): string {
  reader.check('VAPID_SUBJECT', /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'a mailto: or https: address');
  return reader.get('VAPID_SUBJECT') ?? NO_CONTACT;
}
