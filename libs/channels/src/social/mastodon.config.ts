import type { SettingReader } from '../provider.config';
import type { MastodonSettings } from './mastodon.channel';

export function readMastodon(reader: SettingReader): MastodonSettings | null {
  const all = reader.allOrNone(['MASTODON_URL', 'MASTODON_ACCESS_TOKEN']);
  if (!all) return null;
  return {
    serverUrl: reader.url('MASTODON_URL') ?? '',
    accessToken: all.MASTODON_ACCESS_TOKEN,
    timeoutMs: reader.timeoutMs(),
  };
}
