import { isIP } from 'node:net';
import type { SettingReader } from '../provider.config';
import type { SmtpSettings } from './smtp.channel';

const HINTS = ['SMTP_PORT', 'SMTP_USER', 'SMTP_PASSWORD', 'SMTP_FROM_NAME', 'SMTP_TLS', 'SMTP_CONNECTIONS'];

export function readSmtp(reader: SettingReader): SmtpSettings | null {
  const all = reader.allOrNone(['SMTP_HOST', 'SMTP_FROM'], HINTS);
  if (!all) return null;
  reader.check('SMTP_FROM', /^[^\s@<>]+@[^\s@<>]+$/, 'a mail address');
  reader.check('SMTP_TLS', /^(required|none)$/, '`required` or `none`');
  const name = reader.get('SMTP_FROM_NAME');
  const user = reader.get('SMTP_USER');
  const password = reader.get('SMTP_PASSWORD');
  if (Boolean(user) !== Boolean(password)) reader.problem('set both SMTP_USER and SMTP_PASSWORD, or neither');
  return {
    host: all.SMTP_HOST,
    port: wholeNumber(reader, 'SMTP_PORT', 587, 65_535),
    from: { address: all.SMTP_FROM, ...(name && { name }) },
    ...(user && password && { login: { user, password } }),
    tls:
      reader.get('SMTP_TLS') === 'none' || (!reader.get('SMTP_TLS') && isLoopback(all.SMTP_HOST))
        ? 'none'
        : 'required',
    connections: wholeNumber(reader, 'SMTP_CONNECTIONS', 8, 100),
    timeoutMs: reader.timeoutMs(),
  };
}

function wholeNumber(reader: SettingReader, name: string, otherwise: number, most: number): number {
  const number = Number(reader.get(name) ?? otherwise);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  reader.problem(`${name} must be a whole number from 1 to ${most}`);
  return otherwise;
}

/** What does not leave this machine needs no armour. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
