import { ProviderHealthStore } from '@app/persistence';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  const resting = new Map(Object.entries({ twilio: 50, other: 50 }));
  await new ProviderHealthStore(own.database).register('sms', resting);
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

interface Providers {
  items: { provider: string; weight: number; pinned: number | null; version: number; reason: string }[];
  changes: { provider: string; weight: number; reason: string }[];
}

const list = async (): Promise<Providers> =>
  (await api.call<Providers>(api.adminKey, { path: '/v1/providers' })).body;
const pin = (path: string, body: object) =>
  api.call(api.adminKey, { method: 'PUT', path: `/v1/providers/${path}/pin`, body });

describe('the providers, as admins see them', () => {
  it('show what each of them gets and why', async () => {
    expect((await list()).items).toMatchObject([
      { channel: 'sms', provider: 'other', weight: 50, pinned: null, reason: 'carriersChanged' },
      { channel: 'sms', provider: 'twilio', weight: 50, pinned: null },
    ]);
  });

  it('are pinned by hand with a reason, and given back; each change is kept', async () => {
    const pinned = await pin('sms/twilio', { weight: 0, reason: 'an incident there' });
    expect(pinned).toMatchObject({
      status: 200,
      body: { weight: 50, pinned: 0, reason: 'an incident there' },
    });
    const back = await pin('sms/twilio', { weight: null, reason: 'it is over' });
    expect(back).toMatchObject({ status: 200, body: { weight: 50, pinned: null, version: 3 } });
    expect((await list()).changes.slice(0, 2)).toMatchObject([
      { provider: 'twilio', weight: 50, reason: 'it is over' },
      { provider: 'twilio', weight: 0, reason: 'an incident there' },
    ]);
  });

  it.each([
    ['sms/nobody', { weight: 1, reason: 'x' }, 404],
    ['pigeon/twilio', { weight: 1, reason: 'x' }, 404],
    ['sms/twilio', { weight: 101, reason: 'x' }, 400],
    ['sms/twilio', { weight: 1 }, 400],
  ])('refuse a pin of %s as %j', async (path, body, status) => {
    expect((await pin(path, body)).status).toBe(status);
  });
});
