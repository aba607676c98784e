import { Feed, type FreshAlert, type Messages, type NewsSource } from './feed';
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
  const news = { fresh: [] as FreshAlert[], messages: new Map<string, Messages>() };
  const source: NewsSource = {
    newAlerts: async () => news.fresh.splice(0),
    messagesOf: async () => news.messages,
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
    news.messages.set('a', { accepted: ['sms'], underWay: 1 });
    await feed.look();
    expect(written).toEqual([]);
    news.messages.set('a', { accepted: ['sms', 'email'], underWay: 0 });
    await feed.look();
    await feed.look();
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/→ text, mail\n$/);
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
    news.messages.set('b', { accepted: ['email'], underWay: 0 });
    await feed.look();
    expect(accounts()).toEqual([]);
    news.messages.set('a', { accepted: ['sms'], underWay: 0 });
    await feed.look();
    expect(accounts()).toEqual(['a', 'b']);
  });
});
