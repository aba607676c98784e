import { callbackBelow } from '../callbacks/callback-url';
import type { SettingReader } from '../provider.config';
import { callbackSaid } from '../sms/twilio.config';
import type { TwilioVoiceSettings } from './twilio-voice.channel';

/** The account is the one that sends texts; a number that may call is what switches calls on. */
export function readTwilioVoice(reader: SettingReader): TwilioVoiceSettings | null {
  const from = reader.get('TWILIO_VOICE_FROM');
  if (!from) return null;
  const all = reader.allOrNone(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'], ['TWILIO_VOICE_FROM']);
  if (!all) return null;
  reader.check('TWILIO_VOICE_FROM', /^\+[1-9]\d{6,14}$/, 'a number in E.164');
  return {
    accountSid: all.TWILIO_ACCOUNT_SID,
    authToken: all.TWILIO_AUTH_TOKEN,
    from,
    statusCallbackUrl:
      callbackSaid(reader, 'TWILIO_VOICE_STATUS_CALLBACK_URL') ??
      callbackBelow(reader.get('PUBLIC_URL'), 'twilio/voice'),
    baseUrl: reader.url('TWILIO_BASE_URL'),
    timeoutMs: reader.timeoutMs(),
  };
}
