import { CHANNELS } from '@app/contracts';
import { buildChannels } from './channel-registry';
import { readChannelsConfig } from './channels.config';

const store = { keep: async () => undefined };

function providersWith(env: Record<string, string>): Record<string, string> {
  const read = readChannelsConfig(env);
  if (!read.ok) throw new Error(read.problems.join());
  const registry = buildChannels(read.config, { inbox: store, outbox: store });
  return Object.fromEntries(CHANNELS.map((channel) => [channel, registry.get(channel).provider]));
}

describe('who carries which channel', () => {
  it('without settings the outbox carries all but the inbox and what needs no account', () => {
    const own: Record<string, string> = { inbox: 'inbox', webhook: 'webhook' };
    for (const [channel, provider] of Object.entries(providersWith({})))
      expect([channel, provider]).toEqual([channel, own[channel] ?? 'outbox']);
  });

  it('a channel with credentials goes to its provider, whatever the others do', () => {
    const env = { SENDGRID_API_KEY: 'SG.k', SENDGRID_FROM: 'alerts@tidings.example' };
    expect(providersWith(env)).toEqual({
      sms: 'outbox',
      email: 'sendgrid',
      social: 'outbox',
      push: 'outbox',
      webhook: 'webhook',
      chat: 'outbox',
      voice: 'outbox',
      inbox: 'inbox',
    });
  });

  it('every adapter stands at its own channel', () => {
    const registry = buildChannels({}, { inbox: store, outbox: store });
    expect(registry.all().map((adapter) => adapter.channel)).toEqual([...CHANNELS]);
  });
});
