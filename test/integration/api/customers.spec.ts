import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { BALANCE, createRule, defineMetrics, register, seedAlert, verifiedContactPoint } from './fixtures';

const FAILURES = {
  name: 'cards.failures',
  title: 'failed payments',
  unit: '',
  scale: 0,
  kind: 'counter',
  visibility: 'owned',
};

let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  await defineMetrics(api);
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

describe('metrics', () => {
  it('are defined once; new words are welcome, another scale, kind or visibility is not', async () => {
    const define = (fields: object) =>
      api.call(api.systemKey, { path: '/v1/metrics', body: { ...BALANCE, ...fields } });
    expect((await define({})).status).toBe(200);
    expect(await define({ title: 'account balance' })).toMatchObject({
      status: 200,
      body: { title: 'account balance' },
    });
    expect((await define({})).status).toBe(200);
    for (const change of [{ scale: 3 }, { kind: 'counter' }, { visibility: 'public' }]) {
      expect(await define(change)).toMatchObject({ status: 409, body: { type: '/problems/metric-fixed' } });
    }
    expect((await api.call(api.systemKey, { path: '/v1/metrics/account.balance' })).body).toEqual({
      ...BALANCE,
      allowedLateness: 'PT1M',
      retentionDays: 90,
      startsAtZero: false,
    });
    expect((await api.call(api.systemKey, { path: '/v1/metrics/no.such' })).status).toBe(404);
  });

  it('are refused with every field that is wrong and what would be right', async () => {
    const wrong = {
      name: 'Balance!',
      title: '',
      unit: 'EUR',
      scale: 12,
      kind: 'level',
      visibility: 'owned',
      colour: 'red',
    };
    const { status, body, headers } = await api.call(api.systemKey, { path: '/v1/metrics', body: wrong });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch('application/problem+json');
    const errors = body.errors as { field: string; problem: string; wouldBeRight: string }[];
    expect(errors.map((error) => error.field).sort()).toEqual(['colour', 'kind', 'name', 'scale', 'title']);
    for (const error of errors) expect(error.problem && error.wouldBeRight).toBeTruthy();
  });

  it('say how late an event may come, how long values are kept, and whether a counter starts at zero', async () => {
    const terms = { allowedLateness: 'PT10M', retentionDays: 30, startsAtZero: true };
    const define = (fields: object) =>
      api.call(api.systemKey, { path: '/v1/metrics', body: { ...FAILURES, ...terms, ...fields } });
    expect(await define({})).toMatchObject({ status: 201, body: terms });
    expect(await define({ retentionDays: 7 })).toMatchObject({ status: 200, body: { retentionDays: 7 } });
    expect((await api.call(api.systemKey, { path: '/v1/metrics/cards.failures' })).body).toEqual({
      ...FAILURES,
      ...terms,
      retentionDays: 7,
    });
    for (const [wrong, field] of [
      [{ allowedLateness: 'P2D' }, 'allowedLateness'],
      [{ allowedLateness: '60 s' }, 'allowedLateness'],
      [{ retentionDays: -1 }, 'retentionDays'],
      [{ kind: 'gauge' }, 'startsAtZero'],
    ] as const) {
      expect(await define(wrong)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    }
    await own.database.query(`delete from metrics where name = 'cards.failures'`);
  });

  it('are listed for customers too', async () => {
    const token = await register(api, 'reader');
    const { body } = await api.call<{ items: { name: string }[] }>(token, { path: '/v1/metrics' });
    expect(body.items.map((metric) => metric.name)).toEqual(['account.balance', 'flight.delay']);
  });
});

describe('customers', () => {
  const registration = {
    name: 'Cleo',
    timeZone: 'America/New_York',
    language: 'en',
    owns: ['account:7'],
    follows: ['flight:UA1'],
    attributes: { limit: '100.00' },
  };

  it('are registered once; a second time points at PUT', async () => {
    const create = () =>
      api.call(api.systemKey, { path: '/v1/customers', body: { id: 'cleo', ...registration } });
    expect(await create()).toMatchObject({ status: 201, body: { id: 'cleo', ...registration } });
    expect(await create()).toMatchObject({ status: 409, body: { detail: expect.stringContaining('PUT') } });
    expect((await api.call(await api.tokenOf('cleo'), { path: '/v1/me' })).body).toEqual({
      id: 'cleo',
      ...registration,
    });
  });

  it('are replaced as a whole, or made by the same request', async () => {
    const put = (id: string, body: object) =>
      api.call(api.systemKey, { method: 'PUT', path: `/v1/customers/${id}`, body });
    expect((await put('dora', registration)).status).toBe(201);
    const changed = { ...registration, name: 'Dora', owns: ['account:8'], follows: [] };
    expect(await put('dora', changed)).toMatchObject({ status: 200, body: { id: 'dora', ...changed } });
    expect((await api.call(api.systemKey, { path: '/v1/customers/dora' })).body).toEqual({
      id: 'dora',
      ...changed,
    });
    expect((await put('dora', { ...changed, id: 'other' })).status).toBe(400);
  });

  it('need a time zone that exists, a language, and subjects that are subjects', async () => {
    const body = {
      id: 'a b',
      name: '',
      timeZone: 'Mars/Olympus',
      language: '!',
      owns: ['nothing'],
      follows: ['a:1', 'a:1'],
      attributes: { limit: 100 },
    };
    const { status, body: problem } = await api.call(api.systemKey, { path: '/v1/customers', body });
    expect(status).toBe(400);
    const fields = new Set((problem.errors as { field: string }[]).map((error) => error.field));
    expect([...fields].sort()).toEqual([
      ...['attributes', 'follows', 'id', 'language', 'name', 'owns', 'timeZone'],
    ]);
  });

  it('come page by page, each exactly once', async () => {
    for (const id of ['page-a', 'page-b', 'page-c']) await register(api, id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor ? `&cursor=${cursor}` : '';
      const { body } = await api.call<{ items: { id: string }[]; nextCursor: string | null }>(api.systemKey, {
        path: `/v1/customers?limit=2${query}`,
      });
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...body.items.map((customer) => customer.id));
      cursor = body.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(['page-a', 'page-b', 'page-c']));
    expect((await api.call(api.systemKey, { path: '/v1/customers?cursor=nonsense%00' })).status).toBe(400);
    expect((await api.call(api.systemKey, { path: '/v1/customers?limit=201' })).status).toBe(400);
    expect((await api.call(api.systemKey, { path: '/v1/customers?limit=many' })).status).toBe(400);
  });

  it('are erased with everything that was kept about them, and nobody else is', async () => {
    const gone = await register(api, 'gone', { owns: ['account:90'] });
    const stays = await register(api, 'stays', { owns: ['account:91'] });
    for (const [id, token] of [
      ['gone', gone],
      ['stays', stays],
    ] as const) {
      const { ruleId } = await createRule(api, token);
      await verifiedContactPoint(api, own, token, { channel: 'email', address: `${id}@example.org` });
      const { deliveryId } = await seedAlert(own, { customerId: id, ruleId });
      await own.database.query(
        `insert into outbox_messages (delivery_id, channel, address, subject, body, html) values ($1, 'sms', '', '', $2, '')`,
        [deliveryId, id],
      );
      await own.database.query(
        `insert into inbox_messages (delivery_id, customer_id, subject, body) values ($1, $2, '', '')`,
        [deliveryId, id],
      );
    }
    expect((await api.call(api.systemKey, { method: 'DELETE', path: '/v1/customers/gone' })).status).toBe(
      204,
    );
    expect((await api.call(gone, { path: '/v1/me' })).status).toBe(404);
    const left = async (id: string): Promise<number[]> => {
      const rows = await own.database.query<{ count: number }>(
        `select count(*) from customers where id = $1 union all select count(*) from holdings where customer_id = $1
         union all select count(*) from contact_points where customer_id = $1 union all select count(*) from rules where customer_id = $1
         union all select count(*) from alerts where customer_id = $1 union all select count(*) from notifications where customer_id = $1
         union all select count(*) from deliveries where customer_id = $1 union all select count(*) from inbox_messages where customer_id = $1
         union all select count(*) from outbox_messages where body = $1`,
        [id],
      );
      return rows.map((row) => row.count);
    };
    expect((await left('gone')).every((count) => count === 0)).toBe(true);
    expect((await left('stays')).every((count) => count > 0)).toBe(true);
  });
});
