import { startApi, type TestApi } from '../../harness/api-app';
import { PeopleToTell, PlanningCrew } from '../../harness/planning-crew';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register } from './fixtures';

let own: TestDatabase;
let api: TestApi;
let ada: string;
let ben: string;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  ada = await register(api, 'ada');
  ben = await register(api, 'ben');
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

interface Sheet {
  version: number;
  sheet: Record<string, unknown>;
  errors?: { field: string }[];
}

const read = (token: string) => api.call<Sheet>(token, { path: '/v1/me/preference-sheet' });
const put = (token: string, version: number, sheet: unknown) =>
  api.call<Sheet>(token, { method: 'PUT', path: '/v1/me/preference-sheet', body: { version, sheet } });
const NIGHT = { quietHours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00' }] };

describe('the sheet of preferences', () => {
  it('is empty where the customer never chose anything', async () => {
    const { body } = await read(ada);
    expect(body).toEqual({ version: 0, sheet: {}, timeZone: 'Europe/Berlin', updatedAt: null });
  });

  it('is written as a whole, each time under the next version, and is nobody else’s', async () => {
    expect((await put(ada, 0, NIGHT)).body).toMatchObject({ version: 1, sheet: NIGHT });
    const steps = [
      { channels: ['push'], wait: 'PT10M', stopOn: 'seen' },
      { channels: ['sms'], stopOn: 'seen' },
    ];
    expect((await put(ada, 1, { steps })).body).toMatchObject({ version: 2, sheet: { steps } });
    expect((await read(ada)).body.sheet).toEqual({ steps });
    expect((await read(ben)).body).toMatchObject({ version: 0, sheet: {} });
  });

  it('is not overwritten by who has not read the newest, and one of two at once wins', async () => {
    const stale = await put(ada, 1, {});
    expect(stale.status).toBe(409);
    const both = await Promise.all([put(ben, 0, NIGHT), put(ben, 0, { holidays: ['2030-12-25'] })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await read(ben)).body.version).toBe(1);
  });

  it.each<[string, unknown, string[]]>([
    [
      'a time that is none',
      { quietHours: [{ days: [1], from: '25:00', to: '07:00' }] },
      ['sheet.quietHours[0].from'],
    ],
    ['equal ends', { quietHours: [{ days: [1], from: '07:00', to: '07:00' }] }, ['sheet.quietHours[0].to']],
    [
      'an eighth weekday',
      { quietHours: [{ days: [8], from: '22:00', to: '07:00' }] },
      ['sheet.quietHours[0].days[0]'],
    ],
    [
      'a week without an open hour',
      {
        quietHours: [
          { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '12:00' },
          { days: [1, 2, 3, 4, 5, 6, 7], from: '12:00', to: '00:00' },
        ],
      },
      ['sheet.quietHours'],
    ],
    ['a date that is none', { holidays: ['2030-02-30'] }, ['sheet.holidays[0]']],
    ['a digest without its time', { digests: { alerts: { every: 'day' } } }, ['sheet.digests.alerts.at']],
    ['a digest of codes', { digests: { verification: { every: 'hour' } } }, ['sheet.digests.verification']],
    ['a digest that nobody knows', { digests: { alerts: null } }, ['sheet.digests.alerts.every']],
    ['a cap of nothing', { caps: { sms: { perHour: 0 } } }, ['sheet.caps.sms.perHour']],
    ['a cap that is text', { caps: { sms: { perHour: 'many' } } }, ['sheet.caps.sms.perHour']],
    ['a cap on no channel', { caps: { pigeon: { perDay: 3 } } }, ['sheet.caps.pigeon']],
    ['a misspelt cap', { caps: { sms: { perMinute: 3 } } }, ['sheet.caps.sms.perMinute']],
    ['no steps', { steps: [] }, ['sheet.steps']],
    [
      'a step without a wait',
      { steps: [{ channels: ['sms'] }, { channels: ['push'] }] },
      ['sheet.steps[0].wait'],
    ],
    ['a step without channels', { steps: [{ channels: [] }] }, ['sheet.steps[0].channels']],
    [
      'two things at once',
      { whenOver: 'reword', holidays: ['tomorrow'], caps: { sms: {} } },
      ['sheet.holidays[0]', 'sheet.caps.sms'],
    ],
  ])('with %s is refused by the name of the field, and nothing is kept', async (_, sheet, fields) => {
    const { version } = (await read(ada)).body;
    const { status, body } = await put(ada, version, sheet);
    expect(status).toBe(400);
    expect(body.errors?.map(({ field }) => field).sort()).toEqual([...fields].sort());
    expect((await read(ada)).body.version).toBe(version);
  });

  it('refuses what is not a field of it', async () => {
    expect((await put(ada, 2, { quiet: true })).body.errors).toMatchObject([{ field: 'sheet.quiet' }]);
  });
});

describe('topics', () => {
  const policy = {
    title: 'Card security',
    isCritical: true,
    criticalReason: 'A thief would switch it off first.',
  };
  const write = (topic: string, body: unknown) =>
    api.call<Sheet>(api.adminKey, { method: 'PUT', path: `/v1/topics/${topic}`, body });

  it('that are critical tell customers why they have no switch, and keep their reason at every door', async () => {
    expect((await write('card-security', policy)).status).toBe(200);
    const { body } = await api.call<{ topics: object[] }>(ada, { path: '/v1/me/preferences' });
    expect(body.topics).toContainEqual(
      expect.objectContaining({
        ...{ topic: 'card-security', isSwitchable: false, whyNotSwitchable: policy.criticalReason },
      }),
    );
    const off = { topic: 'card-security', channel: 'sms', enabled: false };
    const path = '/v1/me/preferences';
    const refused = await api.call<Sheet>(ada, { method: 'PUT', path, body: { preferences: [off] } });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body.errors)).toContain(policy.criticalReason);
    const { version } = (await read(ada)).body;
    const digest = await put(ada, version, { digests: { 'card-security': { every: 'hour' } } });
    expect(JSON.stringify(digest.body.errors)).toContain(policy.criticalReason);
  });

  it('are audited with who made them critical', async () => {
    const { body } = await api.call<{ items: { action: string; actor: string; detail: object }[] }>(
      api.adminKey,
      { path: '/v1/audit' },
    );
    const entry = body.items.find(({ action }) => action === 'topic.saved');
    expect(entry).toMatchObject({ detail: { topic: 'card-security', isCritical: true } });
    expect(entry?.actor).toMatch(/^key:/);
  });

  it.each<[string, string, object, string[]]>([
    ['without a reason', 'security', { title: 'S', isCritical: true }, ['criticalReason']],
    ['with a reason for nothing', 'security', { title: 'S', criticalReason: 'Because.' }, ['criticalReason']],
    ['with a digest of what is critical', 'security', { ...policy, digest: { every: 'hour' } }, ['digest']],
    ['with codes that wait', 'verification', { title: 'Codes' }, ['isCritical']],
    ['under a name that is none', 'Not%20a%20name', { title: 'S' }, ['topic']],
    ['with a life of a second', 'security', { title: 'S', timeToLive: 'PT1S' }, ['timeToLive']],
  ])('are refused %s, by the name of the field', async (_, topic, body, fields) => {
    const answer = await write(topic, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map(({ field }) => field)).toEqual(fields);
  });

  it('are told by default again when they are taken away', async () => {
    const remove = () => api.call(api.adminKey, { method: 'DELETE', path: '/v1/topics/card-security' });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await api.call(api.adminKey, { path: '/v1/topics/card-security' })).status).toBe(404);
    const alerts = await api.call(api.adminKey, { path: '/v1/topics/alerts' });
    expect(alerts.body).toMatchObject({ isCritical: false, timeToLive: 'P1D' });
  });
});

describe('a change of mind', () => {
  interface Why {
    why: { channel: string; decision: string; isCurrent: boolean; detail: { sheetVersion: number } | null }[];
  }

  it('decides anew what has not gone out, and both decisions can be read, by nobody but its customer', async () => {
    const crew = await PlanningCrew.assemble(own, {
      workers: 1,
      crashChance: 0,
      seed: 1,
    });
    const people = new PeopleToTell(own.database);
    await people.person('cyd');
    const cyd = await api.tokenOf('cyd');
    crew.clock.now = Date.parse('2030-11-22T23:00:00+01:00');
    await put(cyd, 0, NIGHT);
    const notificationId = await people.notify('cyd');
    await crew.workers[0]?.plan();
    await put(cyd, 1, {});
    await crew.workers[0]?.plan();
    const path = `/v1/me/notifications/${notificationId}/why`;
    const { body } = await api.call<Why>(cyd, { path });
    const ofMail = body.why.filter(({ channel }) => channel === 'email');
    expect(ofMail.map((each) => [each.decision, each.isCurrent, each.detail?.sheetVersion])).toEqual([
      ['deferred', false, 1],
      ['sent', true, 2],
    ]);
    expect((await api.call(ada, { path })).status).toBe(404);
    expect((await api.call(null, { path })).status).toBe(401);
    await crew.dismiss();
  });
});
