import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

const balance = {
  name: 'account.balance',
  title: 'balance',
  unit: 'EUR',
  scale: 2,
  kind: 'gauge',
  visibility: 'owned',
};

describe('the first minute with the API', () => {
  it('leads from a metric over a customer and a rule to an event on the road', async () => {
    expect((await api.call(api.systemKey, { path: '/v1/metrics', body: balance })).status).toBe(201);
    const ada = {
      id: 'ada',
      name: 'Ada',
      timeZone: 'Europe/Berlin',
      language: 'en',
      owns: ['account:42'],
      follows: [],
    };
    expect((await api.call(api.systemKey, { path: '/v1/customers', body: ada })).status).toBe(201);
    const token = await api.tokenOf('ada');
    const rule = await api.call(token, {
      path: '/v1/me/rules',
      body: { metric: 'account.balance', subjects: ['account:42'], operator: 'below', threshold: '100.00' },
    });
    expect(rule).toMatchObject({
      status: 201,
      body: {
        words: expect.stringContaining('balance of account 42 is below 100.00 EUR'),
        trueNow: null,
        status: 'active',
      },
    });
    const event = {
      id: 'e1',
      source: 'bank',
      metric: 'account.balance',
      subject: 'account:42',
      value: '99.50',
      time: new Date().toISOString(),
    };
    const taken = await api.call(api.systemKey, { path: '/v1/events', body: event });
    expect(taken).toMatchObject({ status: 202, body: { accepted: 1, refused: [] } });
    const [record] = await own.database.query<{ key: string; value: Buffer }>(
      'select key, value from event_log_records',
    );
    expect(record?.key).toBe('account:42');
    expect(JSON.parse(String(record?.value))).toEqual(event);
  });
});
