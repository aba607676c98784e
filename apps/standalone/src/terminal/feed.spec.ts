import type { Channel } from '@app/contracts';
import { Feed, type FreshAlert, type NewsSource } from './feed';
import { Screen } from './screen';

const alert = (alertId: string): FreshAlert => ({
  alertId,
  at: 0,
  customerName: 'Ana Souza',
  subject: `account:${alertId}`,
  metricTitle: 'balance',
  condition: 'is below 100.00 EUR',
  value: '92.10',
});

function aFeed() {
  const written: string[] = [];
  const news = { fresh: [] as FreshAlert[], handedOver: new Map<string, Channel[]>() };
  const source: NewsSource = {
    newAlerts: async () => news.fresh.splice(0),
    channelsOf: async () => news.handedOver,
    counts: async () => ({
      events: 1,
      alertsOpened: 0,
      alertsRecovered: 0,
      acceptedByChannel: {},
      deadLetters: 0,
    }),
  };
  const terminal = { isTTY: false, write: (text: string) => void written.push(text) };
  const accounts = (): string[] => written.flatMap((line) => /Account (\w+)/.exec(line)?.[1] ?? []);
  return { feed: new Feed(source, new Screen(terminal, false), () => ''), news, written, accounts };
}

describe('the feed', () => {
  it('tells of an alert once its messages have been handed over, with their ways', async () => {
    const { feed, news, written } = aFeed();
    news.fresh = [alert('a')];
    await feed.look();
    expect(written).toEqual([]);
    news.handedOver = new Map([['a', ['sms']]]);
    await feed.look();
    await feed.look();
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/→ text\n$/);
  });

  it('tells of an alert that reaches nobody too, only later', async () => {
    const { feed, news, accounts } = aFeed();
    news.fresh = [alert('a')];
    for (let look = 0; look < 5; look += 1) await feed.look();
    expect(accounts()).toEqual(['a']);
  });

  it('keeps the order in which alerts opened', async () => {
    const { feed, news, accounts } = aFeed();
    news.fresh = [alert('a'), alert('b')];
    news.handedOver = new Map([['b', ['email']]]);
    await feed.look();
    expect(accounts()).toEqual([]);
    news.handedOver.set('a', ['sms']);
    await feed.look();
    expect(accounts()).toEqual(['a', 'b']);
  });
});
