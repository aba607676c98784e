import { randomUUID } from 'node:crypto';
import type { Dispatcher } from '../../../apps/dispatcher/src/dispatcher';
import { startDispatcher } from '../../harness/dispatcher-app';
import { BLUESKY_ACCOUNT, FakeBluesky } from '../../harness/providers/bluesky-server';
import { FakeMastodon, MASTODON_ACCOUNT } from '../../harness/providers/mastodon-server';
import { FakeSlack, SLACK_HOOK } from '../../harness/providers/slack-server';
import { FakeTelegram, TELEGRAM_BOT } from '../../harness/providers/telegram-server';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

const servers = {
  mastodon: new FakeMastodon(),
  bluesky: new FakeBluesky(),
  slack: new FakeSlack(),
  telegram: new FakeTelegram(),
};
let own: TestDatabase;
let dispatcher: Dispatcher;

beforeAll(async () => {
  own = await createTestDatabase();
  await Promise.all(Object.values(servers).map((server) => server.start()));
  const slackHost = new URL(servers.slack.url).host;
  dispatcher = await startDispatcher(own.url, {
    MASTODON_URL: servers.mastodon.url,
    MASTODON_ACCESS_TOKEN: MASTODON_ACCOUNT.accessToken,
    BLUESKY_URL: servers.bluesky.url,
    BLUESKY_IDENTIFIER: BLUESKY_ACCOUNT.identifier,
    BLUESKY_APP_PASSWORD: BLUESKY_ACCOUNT.appPassword,
    SLACK_HOSTS: slackHost,
    EGRESS_ALLOW: slackHost,
    TELEGRAM_BASE_URL: servers.telegram.url,
    TELEGRAM_BOT_TOKEN: TELEGRAM_BOT.token,
  });
});
afterAll(async () => {
  await dispatcher.stop();
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  await own.drop();
});

describe('a service alert to one customer', () => {
  it('finds each of their addresses by the one network that serves it', async () => {
    const addresses = [
      ['social', '@ada@customers.example'],
      ['social', 'ada.customers.example'],
      ['chat', `${servers.slack.url}${SLACK_HOOK}`],
      ['chat', 'telegram:4242'],
    ] as const;
    await own.database.query(
      `insert into customers (id, name, time_zone, language) values ('ada', 'Ada', 'UTC', 'en')`,
    );
    for (const [channel, address] of addresses)
      await own.database.query(
        `insert into contact_points (id, customer_id, channel, address, verified_at)
         values (gen_random_uuid(), 'ada', $1, $2, now())`,
        [channel, address],
      );
    const facts = { serviceAlertId: 's1', title: 'Cards', text: 'Cards work again.', severity: 'info' };
    await own.database.query(
      `insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
       values ($1, 'ada', 'service', 'normal', '{social,chat}', 'serviceAlert', $2, now())`,
      [randomUUID(), JSON.stringify(facts)],
    );
    await own.database.query(`select pg_notify('notifications', '')`);
    await Promise.all(Object.values(servers).map((server) => server.until((got) => got.length > 0, 20_000)));
    const told = Object.entries(servers).map(([name, { accepted }]) => [name, accepted.length]);
    expect(told).toEqual(Object.keys(servers).map((name) => [name, 1]));
    expect(JSON.stringify(servers.mastodon.accepted[0]?.fields)).toContain('Cards work again.');
  });
});
