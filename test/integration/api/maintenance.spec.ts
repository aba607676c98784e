import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { defineMetrics } from './fixtures';

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

const PATH = '/v1/maintenance-windows';
const WINDOW = {
  title: 'Core banking moves',
  metric: 'account.balance',
  subject: 'account:42',
  startsAt: '2099-01-31T22:00:00Z',
  endsAt: '2099-02-01T02:00:00Z',
};

describe('a maintenance window', () => {
  it('is announced, listed with the latest end first, page by page, and called off', async () => {
    const made: string[] = [];
    for (const [title, day] of [
      ['second', '02'],
      ['first', '03'],
    ]) {
      const body = { title, startsAt: WINDOW.startsAt, endsAt: `2099-02-${day}T02:00:00Z` };
      const answer = await api.call<{ maintenanceWindowId: string }>(api.adminKey, { path: PATH, body });
      expect(answer).toMatchObject({ status: 201, body: { title, metric: null, subject: null } });
      made.push(answer.body.maintenanceWindowId);
    }
    const page = await api.call<{ items: { title: string }[]; nextCursor: string }>(api.adminKey, {
      path: `${PATH}?limit=1`,
    });
    expect(page.body.items.map((window) => window.title)).toEqual(['first']);
    const next = await api.call<{ items: { title: string }[] }>(api.adminKey, {
      path: `${PATH}?limit=1&cursor=${encodeURIComponent(page.body.nextCursor)}`,
    });
    expect(next.body).toMatchObject({ items: [{ title: 'second' }], nextCursor: null });
    for (const id of made)
      expect((await api.call(api.adminKey, { method: 'DELETE', path: `${PATH}/${id}` })).status).toBe(204);
    expect((await api.call(api.adminKey, { path: PATH })).body.items).toEqual([]);
    expect((await api.call(api.adminKey, { method: 'DELETE', path: `${PATH}/${made[0]}` })).status).toBe(404);
  });

  it('is made once by a repeated request', async () => {
    const headers = { 'idempotency-key': 'window-1' };
    const first = await api.call(api.adminKey, { path: PATH, body: WINDOW, headers });
    const again = await api.call(api.adminKey, { path: PATH, body: WINDOW, headers });
    expect(again.body).toEqual(first.body);
    expect((await api.call<{ items: object[] }>(api.adminKey, { path: PATH })).body.items).toHaveLength(1);
  });

  it.each([
    [{ endsAt: WINDOW.startsAt }, 'endsAt'],
    [{ startsAt: '2020-01-01T00:00:00Z', endsAt: '2020-01-02T00:00:00Z' }, 'endsAt'],
    [{ startsAt: '2099-01-31' }, 'startsAt'],
    [{ metric: 'no.such' }, 'metric'],
    [{ subject: 'nothing' }, 'subject'],
    [{ title: '' }, 'title'],
  ])('with %j is refused at %s', async (wrong, field) => {
    expect(await api.call(api.adminKey, { path: PATH, body: { ...WINDOW, ...wrong } })).toMatchObject({
      status: 400,
      body: { errors: [{ field }] },
    });
  });
});
