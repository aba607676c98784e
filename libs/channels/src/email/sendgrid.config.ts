import type { SettingReader } from '../provider.config';
import type { SendGridSettings } from './sendgrid.channel';

export function readSendGrid(reader: SettingReader): SendGridSettings | null {
  const all = reader.allOrNone(['SENDGRID_API_KEY', 'SENDGRID_FROM'], ['SENDGRID_FROM_NAME']);
  if (!all) return null;
  reader.check('SENDGRID_API_KEY', /^SG\.\S+$/, 'an API key: it starts with SG.');
  reader.check('SENDGRID_FROM', /^[^\s@]+@[^\s@]+$/, 'a mail address');
  const name = reader.get('SENDGRID_FROM_NAME');
  return {
    apiKey: all.SENDGRID_API_KEY,
    from: { email: all.SENDGRID_FROM, ...(name && { name }) },
    baseUrl: reader.url('SENDGRID_BASE_URL'),
    timeoutMs: reader.timeoutMs(),
  };
}
