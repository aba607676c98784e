import type { SettingReader } from '../provider.config';
import type { BlueskySettings } from './bluesky.channel';

export function readBluesky(reader: SettingReader): BlueskySettings | null {
  const all = reader.allOrNone(['BLUESKY_IDENTIFIER', 'BLUESKY_APP_PASSWORD']);
  if (!all) return null;
  reader.check(
    'BLUESKY_IDENTIFIER',
    /^(did:[a-z]+:\S+|[a-z0-9.-]+\.[a-z]+)$/i,
    'a handle (name.bsky.social) or a DID',
  );
  return {
    serverUrl: reader.url('BLUESKY_URL') ?? 'https://bsky.social',
    identifier: all.BLUESKY_IDENTIFIER,
    appPassword: all.BLUESKY_APP_PASSWORD,
    timeoutMs: reader.timeoutMs(),
  };
}
