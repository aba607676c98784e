import { CHANNELS, type Channel } from '@app/contracts';
import type { ChannelAdapter } from './channel-adapter';
import type { ChannelsConfig } from './channels.config';
import { SendGridAdapter } from './email/sendgrid.channel';
import { InboxAdapter } from './inbox/inbox.channel';
import type { MessageKeeper } from './keep-message';
import { OutboxAdapter } from './outbox/outbox.channel';
import { TwilioAdapter } from './sms/twilio.channel';
import { XAdapter } from './social/x.channel';

/** Stores of ours that carry messages; the channels themselves know no database. */
export interface ChannelPorts {
  /** What customers read inside the host's own pages. */
  inbox: MessageKeeper;
  /** What stands in for channels without a provider. */
  outbox: MessageKeeper;
}

/** One adapter for each channel. */
export class ChannelRegistry {
  constructor(private readonly adapters: Readonly<Record<Channel, ChannelAdapter>>) {}

  get(channel: Channel): ChannelAdapter {
    return this.adapters[channel];
  }

  /** Every channel's adapter, in the order of `CHANNELS`. */
  all(): ChannelAdapter[] {
    return CHANNELS.map((channel) => this.adapters[channel]);
  }

  /** Closes the providers' connections; calls under way end as ambiguous. */
  async close(): Promise<void> {
    await Promise.all(this.all().map((adapter) => adapter.close()));
  }
}

/** Opens the adapter of each channel; a channel without a provider goes to the outbox. */
export function buildChannels(config: ChannelsConfig, ports: ChannelPorts): ChannelRegistry {
  return new ChannelRegistry({
    sms: config.sms ? new TwilioAdapter(config.sms) : new OutboxAdapter('sms', ports.outbox),
    email: config.email ? new SendGridAdapter(config.email) : new OutboxAdapter('email', ports.outbox),
    social: config.social ? new XAdapter(config.social) : new OutboxAdapter('social', ports.outbox),
    inbox: new InboxAdapter(ports.inbox),
  });
}
