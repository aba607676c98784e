import { CHANNELS } from '@app/contracts';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { createRule, defineMetrics, Notified, register, seedAlert, type SeededAlert } from './fixtures';

let own: TestDatabase;
let api: TestApi;
let ada: string;
let ruleId: string;
const seeded: SeededAlert[] = [];
let lanes: Notified;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  await defineMetrics(api);
  ada = await register(api, 'ada', { owns: ['account:1'] });
  const ben = await register(api, 'ben', { owns: ['account:2'] });
  ruleId = (await createRule(api, ada, { title: 'Low', topic: 'money' })).ruleId;
  for (const state of ['accepted', 'failed', 'retry'])
    seeded.push(await seedAlert(own, { customerId: 'ada', ruleId, state }));
  await seedAlert(own, { customerId: 'ben', ruleId: (await createRule(api, ben)).ruleId });
  await own.database.query(
    `update alerts set resolved_at = now(), resolved_value = 12000, ended_by = 'value' where id = $1`,
    [seeded[0]?.alertId],
  );
  await own.database.query(
    `insert into inbox_messages (delivery_id, customer_id, subject, body) values
       (gen_random_uuid(), 'ada', 'first', 'a'), (gen_random_uuid(), 'ada', 'second', 'b'), (gen_random_uuid(), 'ben', 'other', 'c')`,
  );
  lanes = await Notified.on(own, 'deliveries');
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

describe('alerts', () => {
  it('are read newest first, in the unit of their metric, open and over', async () => {
    const { body } = await api.call<{ items: object[] }>(ada, { path: '/v1/me/alerts' });
    expect(body.items).toHaveLength(3);
    expect(body.items.at(-1)).toMatchObject({
      alertId: seeded[0]?.alertId,
      ruleTitle: 'Low',
      subject: 'account:1',
      metricTitle: 'balance',
      unit: 'EUR',
      openedValue: '99.50',
      resolvedValue: '120.00',
      endedBy: 'value',
    });
    const open = await api.call<{ items: { resolvedAt: null }[] }>(ada, { path: '/v1/me/alerts?state=open' });
    expect(open.body.items.map((alert) => alert.resolvedAt)).toEqual([null, null]);
    expect((await api.call(ada, { path: '/v1/me/alerts?state=resolved' })).body.items).toHaveLength(1);
  });

  it('say of every way to the customer why it was taken', async () => {
    const { body } = await api.call(ada, { path: `/v1/me/alerts/${seeded[0]?.alertId}` });
    expect(body.why).toEqual([
      expect.objectContaining({ kind: 'alertFired', channel: 'sms', decision: 'sent', reason: 'byDefault' }),
    ]);
  });

  it('of everybody are read by systems, and by customer', async () => {
    expect((await api.call(api.systemKey, { path: '/v1/alerts' })).body.items).toHaveLength(4);
    expect((await api.call(api.systemKey, { path: '/v1/alerts?customerId=ben' })).body.items).toHaveLength(1);
  });

  it('come page by page without a gap', async () => {
    const first = await api.call<{ items: object[]; nextCursor: string }>(ada, {
      path: '/v1/me/alerts?limit=2',
    });
    const second = await api.call<{ items: object[]; nextCursor: null }>(ada, {
      path: `/v1/me/alerts?limit=2&cursor=${first.body.nextCursor}`,
    });
    const all = await api.call(ada, { path: '/v1/me/alerts' });
    expect([...first.body.items, ...second.body.items]).toEqual(all.body.items);
    expect(second.body.nextCursor).toBeNull();
  });
});

describe('deliveries', () => {
  it('are read with their attempts, their decisions and their reason', async () => {
    const { body } = await api.call(ada, { path: `/v1/me/deliveries/${seeded[1]?.deliveryId}` });
    expect(body).toMatchObject({
      state: 'failed',
      reason: 'serverError',
      channel: 'sms',
      alertId: seeded[1]?.alertId,
      attempts: [{ attemptNo: 4, provider: 'twilio', outcome: 'retryable', reason: 'serverError' }],
      decisions: [{ decision: 'sent', reason: 'byDefault' }],
    });
  });

  it('are filtered by state, alert and customer', async () => {
    const count = async (query: string) =>
      (await api.call<{ items: object[] }>(api.systemKey, { path: `/v1/deliveries${query}` })).body.items
        .length;
    expect(await count('')).toBe(4);
    expect(await count('?state=accepted')).toBe(2);
    expect(await count('?state=accepted&customerId=ada')).toBe(1);
    expect(await count(`?alertId=${seeded[2]?.alertId}`)).toBe(1);
    expect((await api.call(api.systemKey, { path: '/v1/deliveries?state=lost' })).status).toBe(400);
  });

  it('that failed can be sent again by an admin, with all tries and a day of time; others cannot', async () => {
    const redrive = (n: number) =>
      api.call(api.adminKey, { method: 'POST', path: `/v1/deliveries/${seeded[n]?.deliveryId}/redrive` });
    for (const n of [0, 2])
      expect(await redrive(n)).toMatchObject({ status: 409, body: { type: '/problems/not-redrivable' } });
    const again = await redrive(1);
    expect(again).toMatchObject({
      status: 200,
      body: { state: 'pending', attemptNo: 0, reason: 'redriven', finishedAt: null },
    });
    expect(Date.parse(String(again.body.expiresAt)) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    await lanes.of('normal');
    expect((await redrive(1)).status).toBe(409);
  });

  it('are summed up in a few numbers', async () => {
    expect((await api.call(api.systemKey, { path: '/v1/summary' })).body).toEqual({
      events: 0,
      alertsOpened: 4,
      alertsRecovered: 1,
      acceptedByChannel: { sms: 2 },
      deadLetters: 0,
    });
  });
});

describe('the inbox', () => {
  it('is read newest first, and only one’s own', async () => {
    const { body } = await api.call<{ items: { subject: string }[] }>(ada, { path: '/v1/me/inbox' });
    expect(body.items.map((message) => message.subject)).toEqual(['second', 'first']);
  });
});

describe('preferences', () => {
  interface Grid {
    preferences: { topic: string; channel: string; enabled: boolean }[];
    topics: { topic: string; isSwitchable: boolean }[];
  }
  const read = async () => (await api.call<Grid>(ada, { path: '/v1/me/preferences' })).body;
  const put = (preferences: unknown) =>
    api.call<Grid>(ada, { method: 'PUT', path: '/v1/me/preferences', body: { preferences } });

  it('show every known topic on every channel, on until switched off', async () => {
    const { preferences, topics } = await read();
    expect(topics.map((topic) => topic.topic)).toEqual(['alerts', 'service', 'verification', 'money']);
    expect(preferences).toHaveLength(3 * CHANNELS.length);
    const off = preferences.filter((preference) => !preference.enabled).map(({ channel }) => channel);
    expect(new Set(off)).toEqual(new Set(['voice'])); // calls people only where they ask for it
  });

  it('are written as a whole: what is not named is on again', async () => {
    const off = { topic: 'money', channel: 'sms', enabled: false };
    expect((await put([off, { topic: 'hobby', channel: 'email', enabled: false }])).status).toBe(200);
    const disabled = (await read()).preferences.filter(
      ({ enabled, channel }) => !enabled && channel !== 'voice',
    );
    expect(disabled).toEqual(
      expect.arrayContaining([off, { topic: 'hobby', channel: 'email', enabled: false }]),
    );
    expect(disabled).toHaveLength(2);
    await put([]);
    const left = (await read()).preferences.filter((preference) => !preference.enabled);
    expect(left.every(({ channel }) => channel === 'voice')).toBe(true);
  });

  it('cannot switch off the codes that prove an address, nor say the same thing twice', async () => {
    expect((await put([{ topic: 'verification', channel: 'sms', enabled: false }])).status).toBe(400);
    const twice = { topic: 'alerts', channel: 'sms', enabled: false };
    expect((await put([twice, { ...twice, enabled: true }])).status).toBe(400);
    expect((await put([{ topic: 'alerts', channel: 'pigeon', enabled: false }])).status).toBe(400);
    expect((await put([{ topic: 'alerts', channel: 'sms', enabled: 'no' }])).status).toBe(400);
  });
});
