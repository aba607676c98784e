import { CHANNELS, type Channel } from '@app/contracts';
import type { ChannelAdapter } from './channel-adapter';
import type { ChannelsConfig } from './channels.config';
import { SlackAdapter } from './chat/slack.channel';
import { TeamsAdapter } from './chat/teams.channel';
import { TelegramAdapter } from './chat/telegram.channel';
import { SendGridAdapter } from './email/sendgrid.channel';
import { SmtpAdapter } from './email/smtp.channel';
import { InboxAdapter } from './inbox/inbox.channel';
import type { MessageKeeper } from './keep-message';
import { OutboxAdapter } from './outbox/outbox.channel';
import { PushAdapter } from './push/push.channel';
import { TelnyxAdapter } from './sms/telnyx.channel';
import { TwilioAdapter } from './sms/twilio.channel';
import { BlueskyAdapter } from './social/bluesky.channel';
import { MastodonAdapter } from './social/mastodon.channel';
import { XAdapter } from './social/x.channel';
import { TwilioVoiceAdapter } from './voice/twilio-voice.channel';
import { WebhookAdapter } from './webhook/webhook.channel';

/** Stores of ours that carry messages; the channels themselves know no database. */
export interface ChannelPorts {
  /** What customers read inside the host's own pages. */
  inbox: MessageKeeper;
  /** What stands in for channels without a provider. */
  outbox: MessageKeeper;
}

/** The carriers of each channel. */
export class ChannelRegistry {
  constructor(private readonly carriers: Readonly<Record<Channel, readonly ChannelAdapter[]>>) {}

  /** At least one; the first is preferred where nothing else decides. */
  carriersOf(channel: Channel): readonly ChannelAdapter[] {
    return this.carriers[channel];
  }

  /** @param provider any other name leads to the channel's first carrier */
  get(channel: Channel, provider = ''): ChannelAdapter {
    const carriers = this.carriers[channel];
    return carriers.find((carrier) => carrier.provider === provider) ?? (carriers[0] as ChannelAdapter);
  }

  /** Every carrier, in the order of `CHANNELS`. */
  all(): ChannelAdapter[] {
    return CHANNELS.flatMap((channel) => this.carriers[channel]);
  }

  /** Closes the providers' connections; calls under way end as ambiguous. */
  async close(): Promise<void> {
    await Promise.all(this.all().map((adapter) => adapter.close()));
  }
}

type Openers = {
  [Provider in keyof ChannelsConfig]: (
    settings: NonNullable<ChannelsConfig[Provider]>,
  ) => ChannelAdapter | null;
};

/** In the order in which the carriers of a channel are preferred. */
const OPENERS: Openers = {
  twilio: (settings) => new TwilioAdapter(settings),
  telnyx: (settings) => new TelnyxAdapter(settings),
  sendgrid: (settings) => new SendGridAdapter(settings),
  smtp: (settings) => new SmtpAdapter(settings),
  x: (settings) => new XAdapter(settings),
  mastodon: (settings) => new MastodonAdapter(settings),
  bluesky: (settings) => new BlueskyAdapter(settings),
  push: ({ vapid, ...settings }) => vapid && new PushAdapter({ ...settings, vapid }),
  webhook: (settings) => new WebhookAdapter(settings),
  slack: (settings) => new SlackAdapter(settings),
  teams: (settings) => new TeamsAdapter(settings),
  telegram: (settings) => new TelegramAdapter(settings),
  twilioVoice: (settings) => new TwilioVoiceAdapter(settings),
};

/** Opens the carriers of each channel; a channel without one goes to the outbox. */
export function buildChannels(config: Partial<ChannelsConfig>, ports: ChannelPorts): ChannelRegistry {
  const providers = Object.keys(OPENERS) as (keyof ChannelsConfig)[];
  const opened = [...providers.map((provider) => open(provider, config)), new InboxAdapter(ports.inbox)];
  const carriers = CHANNELS.map((channel) => {
    const own = opened.filter((adapter) => adapter?.channel === channel);
    return [channel, own.length > 0 ? own : [new OutboxAdapter(channel, ports.outbox)]];
  });
  return new ChannelRegistry(Object.fromEntries(carriers) as Record<Channel, readonly ChannelAdapter[]>);
}

function open<Provider extends keyof ChannelsConfig>(
  provider: Provider,
  config: Partial<ChannelsConfig>,
): ChannelAdapter | null {
  const settings = config[provider];
  return settings ? OPENERS[provider](settings) : null;
}
