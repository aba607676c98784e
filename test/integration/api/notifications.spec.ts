import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { createRule, defineMetrics, register, seedAlert } from './fixtures';

interface Listed {
  notificationId: string;
  deliveries: object[];
  why: string;
  causedAt: string;
}
interface Page {
  items: Listed[];
  nextCursor: string | null;
}

let own: TestDatabase;
let api: TestApi;
let ada: string;
let ben: string;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  await defineMetrics(api);
  ada = await register(api, 'ada', { owns: ['account:1'] });
  ben = await register(api, 'ben', { owns: ['account:2'] });
  const { ruleId } = await createRule(api, ada);
  for (const state of ['accepted', 'failed', 'retry'])
    await seedAlert(own, { customerId: 'ada', ruleId, state });
  await seedAlert(own, { customerId: 'ben', ruleId: (await createRule(api, ben)).ruleId });
  await own.database.query(
    `insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at)
     values (gen_random_uuid(), 'ada', 'alerts', 'normal', 'alertRecovered', '{}', now())`,
  );
  for (const seq of [1, 2]) await toldTogether(seq, ['ada', 'ben']);
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

/** A service alert as a broadcast leaves it: confirmed hours ago, told by mail in one batch. */
async function toldTogether(seq: number, customers: string[]): Promise<void> {
  await own.database.query(
    `with alert as (
       insert into service_alerts (id, title, text, severity, topic, audience, public_post, status, created_by, confirmed_at)
       values (gen_random_uuid(), 'Cards', 'Slow.', 'info', 'service', '{}', false, 'completed', 'test', now() - (3 - $1) * interval '1 hour')
       returning seq),
     batch as (
       insert into broadcast_batches (seq, alert_seq, page, batch, channel, language, first_seq, last_seq, people, state, expires_at)
       select $1, seq, 0, 1, 'email', 'en', 1, 2, 2, 'accepted', now() from alert returning alert_seq)
     insert into broadcast_recipients (alert_seq, seq, customer_id, channel, batch, reason)
     select alert_seq, place, id, 'email', 1, 'byDefault' from batch, unnest($2::text[]) with ordinality as c (id, place)`,
    [seq, customers],
  );
}

const read = async (token: string, query = '', path = '/v1/me/notifications'): Promise<Page> => {
  const { status, body } = await api.call<Page>(token, { path: `${path}${query}` });
  expect(status).toBe(200);
  return body;
};

describe('a customer’s notifications', () => {
  it('are listed newest first with what became of each on every way', async () => {
    const { items } = await read(ada);
    expect(items).toMatchObject([
      { kind: 'alertRecovered', deliveries: [] },
      { kind: 'alertFired', deliveries: [{ channel: 'sms', state: 'retry' }] },
      { kind: 'alertFired', deliveries: [{ state: 'failed', reason: 'serverError' }] },
      {
        kind: 'alertFired',
        deliveries: [{ state: 'accepted' }],
        topic: 'alerts',
        title: 'Alerts from your own rules',
      },
      { kind: 'serviceAlert', deliveries: [{ channel: 'email', state: 'accepted' }] },
      {
        kind: 'serviceAlert',
        deliveries: [{ channel: 'email', state: 'accepted' }],
        title: 'Service messages',
      },
    ]);
    const times = items.map(({ causedAt }) => causedAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('say where to read why, under the path that they were asked for by', async () => {
    for (const { notificationId, why } of (await read(ada)).items) {
      expect(why).toBe(`/v1/me/notifications/${notificationId}/why`);
      expect((await api.call(ada, { path: why })).body).toMatchObject({ notificationId });
    }
    const [first] = (await read(api.systemKey, '', '/v1/customers/ada/notifications')).items;
    expect(first?.why).toBe(`/v1/customers/ada/notifications/${first?.notificationId}/why`);
  });

  it('come page by page without a gap and without a repetition, also where two lists meet', async () => {
    const all = (await read(ada)).items;
    for (const limit of [1, 2, 3, 4]) {
      const paged: Listed[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Page = await read(ada, `?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        paged.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(paged).toEqual(all);
    }
  });

  it('are nobody else’s, and nothing to a stranger', async () => {
    const [adas, bens] = await Promise.all([read(ada), read(ben)]);
    const ids = new Set(adas.items.map(({ notificationId }) => notificationId));
    expect(bens.items).toHaveLength(3);
    expect(bens.items.filter(({ notificationId }) => ids.has(notificationId))).toEqual([]);
    expect((await api.call(null, { path: '/v1/me/notifications' })).status).toBe(401);
    expect((await api.call(ben, { path: '/v1/customers/ada/notifications' })).status).toBe(403);
  });

  it('are not read from a place that no page gave', async () => {
    expect((await api.call(ada, { path: '/v1/me/notifications?cursor=bm90LWEtcGxhY2U' })).status).toBe(400);
  });
});
