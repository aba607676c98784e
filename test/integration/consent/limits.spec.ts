import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { codeFor, register } from '../api/fixtures';

let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url, { RATE_LIMIT_CODES: '4' });
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

const body = (address: string) => ({ channel: 'email', address });

describe('one caller with many accounts', () => {
  it('gets no more codes sent than the limit, while a system that speaks for many does', async () => {
    const tokens = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => register(api, id)));
    const statuses: number[] = [];
    for (const [nth, token] of tokens.entries()) {
      const added = await api.call(token, {
        path: '/v1/me/contact-points',
        body: body(`${nth}@example.org`),
      });
      statuses.push(added.status);
    }
    expect(statuses).toEqual([201, 201, 201, 201, 429]);
    const path = '/v1/customers/e/contact-points';
    expect((await api.call(api.systemKey, { path, body: body('e@example.org') })).status).toBe(201);
  });

  it('may guess wrong five times for each of them, and then not even right', async () => {
    const added = await api.call<{ items: { contactPointId: string }[] }>(await api.tokenOf('e'), {
      path: '/v1/me/contact-points',
    });
    const points = new Map<string, string>();
    for (const id of ['a', 'b', 'c', 'd']) {
      const token = await api.tokenOf(id);
      const { body: page } = await api.call<{ items: { contactPointId: string }[] }>(token, {
        path: '/v1/me/contact-points',
      });
      points.set(id, page.items[0]?.contactPointId ?? '');
    }
    for (const [id, contactPointId] of points) {
      const code = await codeFor(own, contactPointId);
      const wrong = { code: code === '000000' ? '000001' : '000000' };
      const path = `/v1/me/contact-points/${contactPointId}/verification`;
      for (let n = 0; n < 5; n += 1)
        expect((await api.call(await api.tokenOf(id), { path, body: wrong })).status).toBe(422);
    }
    const last = added.body.items[0]?.contactPointId ?? '';
    const right = { code: await codeFor(own, last) };
    const path = `/v1/me/contact-points/${last}/verification`;
    expect((await api.call(await api.tokenOf('e'), { path, body: right })).status).toBe(429);
  });
});
