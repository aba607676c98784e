import { callbackBelow } from '../callbacks/callback-url';
import type { SettingReader } from '../provider.config';
import type { TwilioSettings } from './twilio.channel';

export function readTwilio(reader: SettingReader): TwilioSettings | null {
  const senders = ['TWILIO_FROM', 'TWILIO_MESSAGING_SERVICE_SID'];
  const all = reader.allOrNone(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'], senders);
  if (!all) return null;
  reader.check('TWILIO_ACCOUNT_SID', /^AC[0-9a-fA-F]{32}$/, 'an account SID: AC and 32 hexadecimal digits');
  reader.check(
    'TWILIO_MESSAGING_SERVICE_SID',
    /^MG[0-9a-fA-F]{32}$/,
    'a service SID: MG and 32 hexadecimal digits',
  );
  reader.check(
    'TWILIO_FROM',
    /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
    'a number in E.164, a short code or a sender name',
  );
  const from = reader.get('TWILIO_FROM');
  const messagingServiceSid = reader.get('TWILIO_MESSAGING_SERVICE_SID');
  if (Boolean(from) === Boolean(messagingServiceSid)) {
    reader.problem('set exactly one of TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID');
  }
  return {
    accountSid: all.TWILIO_ACCOUNT_SID,
    authToken: all.TWILIO_AUTH_TOKEN,
    sender: messagingServiceSid ? { messagingServiceSid } : { from: from ?? '' },
    statusCallbackUrl:
      callbackSaid(reader, 'TWILIO_STATUS_CALLBACK_URL') ??
      callbackBelow(reader.get('PUBLIC_URL'), 'twilio/status'),
    baseUrl: reader.url('TWILIO_BASE_URL'),
    timeoutMs: reader.timeoutMs(),
  };
}

/** Twilio refuses every message whose callback names a host with an underscore. */
export function callbackSaid(reader: SettingReader, name: string): string | undefined {
  const url = reader.url(name);
  if (url && URL.canParse(url) && new URL(url).hostname.includes('_'))
    reader.problem(
      `${name} must name a host without an underscore: Twilio refuses messages with such a callback`,
    );
  return url;
}
