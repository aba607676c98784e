import { readSlack, readTeams, readTelegram } from './chat/chat.config';
import { readSendGrid } from './email/sendgrid.config';
import { readSmtp } from './email/smtp.config';
import { SettingReader, type Env } from './provider.config';
import { readPush } from './push/push.config';
import { readTelnyx } from './sms/telnyx.config';
import { readTwilio } from './sms/twilio.config';
import { readBluesky } from './social/bluesky.config';
import { readMastodon } from './social/mastodon.config';
import { readX } from './social/x.config';
import { readTwilioVoice } from './voice/twilio-voice.config';
import { readWebhook } from './webhook/webhook.config';

/** Each provider's reader; what one of them returns opens its adapter in `buildChannels`. */
const READERS = {
  twilio: readTwilio,
  telnyx: readTelnyx,
  sendgrid: readSendGrid,
  smtp: readSmtp,
  x: readX,
  mastodon: readMastodon,
  bluesky: readBluesky,
  push: readPush,
  webhook: readWebhook,
  slack: readSlack,
  teams: readTeams,
  telegram: readTelegram,
  twilioVoice: readTwilioVoice,
};

/** Settings by provider; null where nothing is set. A channel none of whose providers is set goes to the outbox. */
export type ChannelsConfig = { [Provider in keyof typeof READERS]: ReturnType<(typeof READERS)[Provider]> };

export type ReadChannels = { ok: true; config: ChannelsConfig } | { ok: false; problems: string[] };

/**
 * Reads the providers' settings.
 * Credentials that are set by half are a problem and not an outbox: somebody meant messages to go out.
 * @returns the settings, or all problems at once, none of which shows a value
 */
export function readChannelsConfig(env: Env): ReadChannels {
  const reader = new SettingReader(env);
  const read = Object.entries(READERS).map(([provider, readSettings]) => [provider, readSettings(reader)]);
  const config = Object.fromEntries(read) as ChannelsConfig;
  return reader.problems.length > 0 ? { ok: false, problems: reader.problems } : { ok: true, config };
}
