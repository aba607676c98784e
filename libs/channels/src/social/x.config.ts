import type { SettingReader } from '../provider.config';
import type { XSettings } from './x.channel';

export function readX(reader: SettingReader): XSettings | null {
  const all = reader.allOrNone(['X_API_KEY', 'X_API_SECRET', 'X_ACCESS_TOKEN', 'X_ACCESS_SECRET']);
  if (!all) return null;
  return {
    apiKey: all.X_API_KEY,
    apiSecret: all.X_API_SECRET,
    accessToken: all.X_ACCESS_TOKEN,
    accessSecret: all.X_ACCESS_SECRET,
    baseUrl: reader.url('X_BASE_URL'),
    timeoutMs: reader.timeoutMs(),
  };
}
