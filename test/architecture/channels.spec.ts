import { buildChannels, SEND_REASONS } from '@app/channels';
import { CHANNELS, DELIVERY_STATES } from '@app/contracts';
import { filesOfTheHouse, namesIn, text } from './source-tree';

const files = filesOfTheHouse();
const statesPage = text('docs/DELIVERY-STATES.md');

describe('every channel', () => {
  const adaptersOf = (channel: string): string[] =>
    files.filter((file) => new RegExp(`^libs/channels/src/${channel}/[\\w-]+\\.channel\\.ts$`).test(file));

  it.each(CHANNELS)('%s has a folder with an adapter of its own', (channel) => {
    const adapters = adaptersOf(channel);
    expect(adapters).not.toEqual([]);
    for (const adapter of adapters) expect(text(adapter)).toContain(`readonly channel = '${channel}'`);
  });

  it('passes the conformance kit with each of its adapters, and with the outbox in their place', () => {
    const run = files
      .filter((file) => /^test\/integration\/channels(\.spec|\/[\w-]+\.spec)\.ts$/.test(file))
      .map(text)
      .join('\n');
    const exercised = [...run.matchAll(/exercise(?:Provider|Keeper|MailServer)\([\s\S]*?\n?\}\)?;/g)].map(
      ([part]) => part,
    );
    for (const adapter of CHANNELS.flatMap(adaptersOf)) {
      const [name = ''] = namesIn(text(adapter), /export class (\w+)/g);
      expect([name, exercised.some((part) => part.includes(`new ${name}(`))]).toEqual([name, true]);
    }
    expect(run).toMatch(/for \(const channel of CHANNELS\) \{\s*exerciseKeeper\(/);
  });

  it('goes somewhere without any setting: to the outbox, or to the customer’s inbox', () => {
    const kept = { keep: () => Promise.resolve() };
    const registry = buildChannels({}, { inbox: kept, outbox: kept });
    const providers = CHANNELS.map((channel) => registry.get(channel).provider);
    expect(registry.all().map((adapter) => adapter.channel)).toEqual([...CHANNELS]);
    expect(new Set(providers)).toEqual(new Set(['outbox', 'inbox']));
  });

  it('is among the words of docs/ARCHITECTURE.md', () => {
    const words = text('docs/ARCHITECTURE.md');
    expect(CHANNELS.filter((channel) => !words.includes(`\`${channel}\``))).toEqual([]);
  });
});

describe('docs/DELIVERY-STATES.md', () => {
  it('explains every state and draws every one', () => {
    expect(namesIn(statesPage, /^\| `(\w+)` \|/gm)).toEqual([...DELIVERY_STATES].sort());
    const drawn = namesIn(statesPage, /^ {4}(?:\S+ --> )?(\w+)(?: -->|:)/gm);
    expect(drawn).toEqual(expect.arrayContaining([...DELIVERY_STATES]));
    expect(drawn.filter((state) => !(DELIVERY_STATES as readonly string[]).includes(state))).toEqual([]);
  });

  it('names every reason a channel can give', () => {
    expect(SEND_REASONS.filter((reason) => !statesPage.includes(`\`${reason}\``))).toEqual([]);
  });
});
