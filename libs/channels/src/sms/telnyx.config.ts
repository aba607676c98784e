import { callbackBelow } from '../callbacks/callback-url';
import type { SettingReader } from '../provider.config';
import type { TelnyxSettings } from './telnyx.channel';

export function readTelnyx(reader: SettingReader): TelnyxSettings | null {
  const all = reader.allOrNone(['TELNYX_API_KEY'], ['TELNYX_FROM', 'TELNYX_MESSAGING_PROFILE_ID']);
  if (!all) return null;
  reader.check(
    'TELNYX_FROM',
    /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
    'a number in E.164, a short code or a sender name',
  );
  reader.check(
    'TELNYX_MESSAGING_PROFILE_ID',
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    'the id of a messaging profile, a UUID',
  );
  const from = reader.get('TELNYX_FROM');
  const messagingProfileId = reader.get('TELNYX_MESSAGING_PROFILE_ID');
  if (!from && !messagingProfileId)
    reader.problem('set TELNYX_FROM, or TELNYX_MESSAGING_PROFILE_ID for its pool of numbers, or both');
  if (from && /[A-Za-z]/.test(from) && !messagingProfileId)
    reader.problem('TELNYX_FROM is a sender name, which needs TELNYX_MESSAGING_PROFILE_ID');
  return {
    apiKey: all.TELNYX_API_KEY,
    from,
    messagingProfileId,
    webhookUrl: reader.url('TELNYX_WEBHOOK_URL') ?? callbackBelow(reader.get('PUBLIC_URL'), 'telnyx/events'),
    baseUrl: reader.url('TELNYX_BASE_URL'),
    timeoutMs: reader.timeoutMs(),
  };
}
