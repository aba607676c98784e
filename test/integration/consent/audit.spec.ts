import { randomUUID } from 'node:crypto';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register, verifiedContactPoint } from '../api/fixtures';

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

interface Entry {
  id: number;
  actor: string;
  action: string;
  customerId: string | null;
  detail: Record<string, unknown>;
}
let people = 0;
async function suppressed(reason = 'bounced', source = 'provider:sendgrid') {
  people += 1;
  const id = `audited-${people}`;
  const token = await register(api, id);
  const address = `${id}@example.org`;
  const contactPointId = await verifiedContactPoint(api, own, token, { channel: 'email', address });
  const suppressionId = randomUUID();
  await own.database.query(
    `insert into suppressions (id, channel, address, reason, source) values ($1, 'email', $2, $3, $4)`,
    [suppressionId, address, reason, source],
  );
  return { id, token, address, contactPointId, suppressionId };
}
const entries = async (query = ''): Promise<Entry[]> =>
  (await api.call<{ items: Entry[] }>(api.adminKey, { path: `/v1/audit?limit=200${query}` })).body.items;
const verdict = async () => (await api.call(api.adminKey, { path: '/v1/audit/verification' })).body;

describe('a suppression', () => {
  it('is shown to its owner with its reason in words and without the address', async () => {
    const ana = await suppressed();
    const { body } = await api.call<{ items: object[] }>(ana.token, { path: '/v1/me/suppressions' });
    expect(body.items).toEqual([
      expect.objectContaining({
        suppressionId: ana.suppressionId,
        channel: 'email',
        addressHint: 'a…@example.org',
        reason: 'bounced',
        words: 'Messages came back: there is no such mailbox.',
        source: 'provider:sendgrid',
        appealedAt: null,
      }),
    ]);
    expect(JSON.stringify(body)).not.toContain(ana.address);
  });

  it('of an address that somebody merely claims is not shown to them', async () => {
    const ana = await suppressed();
    const mallory = await register(api, 'mallory');
    await api.call(mallory, {
      path: '/v1/me/contact-points',
      body: { channel: 'email', address: ana.address },
    });
    expect((await api.call(mallory, { path: '/v1/me/suppressions' })).body.items).toEqual([]);
    const appeal = { path: `/v1/me/suppressions/${ana.suppressionId}/appeal`, body: { text: 'It is mine!' } };
    expect((await api.call(mallory, appeal)).status).toBe(404);
  });

  it('can be appealed by its owner and lifted by an admin, and waiting messages are planned anew', async () => {
    const ana = await suppressed();
    const path = `/v1/me/suppressions/${ana.suppressionId}`;
    const appealed = await api.call(ana.token, {
      path: `${path}/appeal`,
      body: { text: 'I emptied my mail box.' },
    });
    expect(appealed).toMatchObject({ status: 200, body: { appeal: 'I emptied my mail box.' } });
    const open = await api.call<{ items: { suppressionId: string }[] }>(api.adminKey, {
      path: '/v1/suppressions?appealed=true',
    });
    expect(open.body.items.map((one) => one.suppressionId)).toContain(ana.suppressionId);
    const epoch = async () =>
      (
        await own.database.query<{ n: number }>(`select plan_epoch as n from customers where id = $1`, [
          ana.id,
        ])
      )[0]?.n;
    const before = (await epoch()) ?? 0;
    const lift = {
      path: `/v1/suppressions/${ana.suppressionId}/lift`,
      body: { reason: 'The box works again.' },
    };
    expect(await api.call(api.adminKey, lift)).toMatchObject({
      status: 200,
      body: { liftedBy: expect.any(String) },
    });
    expect(await epoch()).toBe(before + 1);
    expect(await api.call(api.adminKey, lift)).toMatchObject({ status: 409 });
    expect((await api.call(ana.token, { path: '/v1/me/suppressions' })).body.items).toEqual([]);
    expect((await entries(`&customerId=${ana.id}`)).map((entry) => entry.action)).toContain(
      'suppression.appealed',
    );
    const [lifted] = await entries();
    expect(lifted).toMatchObject({
      action: 'suppression.lifted',
      detail: { suppressionId: ana.suppressionId, reason: 'bounced', why: 'The box works again.' },
    });
  });

  it('is undone by its owner only where a link of theirs made it', async () => {
    const bounced = await suppressed();
    const undo = ({ suppressionId, token }: { suppressionId: string; token: string }) =>
      api.call(token, { method: 'POST', path: `/v1/me/suppressions/${suppressionId}/undo` });
    expect((await undo(bounced)).status).toBe(409);
    const stopped = await suppressed('optedOut', 'sms');
    expect((await undo(stopped)).status).toBe(409);
    const linked = await suppressed('optedOut', 'link:somebody');
    expect((await undo(linked)).status).toBe(200);
  });

  it('needs words to be appealed and lifted', async () => {
    const ana = await suppressed();
    expect(
      (await api.call(ana.token, { path: `/v1/me/suppressions/${ana.suppressionId}/appeal`, body: {} }))
        .status,
    ).toBe(400);
    expect(
      (await api.call(api.adminKey, { path: `/v1/suppressions/${ana.suppressionId}/lift`, body: {} })).status,
    ).toBe(400);
  });
});

describe('the audit', () => {
  it('knows who proved, changed and removed an address, and holds no address', async () => {
    const ana = await suppressed();
    const path = `/v1/me/contact-points/${ana.contactPointId}`;
    await api.call(ana.token, { method: 'PATCH', path, body: { address: 'new-box@example.org' } });
    await api.call(ana.token, { method: 'DELETE', path });
    const all = await entries(`&customerId=${ana.id}`);
    expect(all.map(({ actor, action }) => [actor, action])).toEqual([
      [`customer:${ana.id}`, 'contactPoint.removed'],
      [`customer:${ana.id}`, 'contactPoint.changed'],
      [`customer:${ana.id}`, 'contactPoint.verified'],
    ]);
    expect(JSON.stringify(all)).not.toContain('example.org');
  });

  it('knows what a customer switched, from what to what, and says nothing of what stayed', async () => {
    const ana = await suppressed();
    const put = (preferences: object[]) =>
      api.call(ana.token, { method: 'PUT', path: '/v1/me/preferences', body: { preferences } });
    const [sms, email] = ['sms', 'email'].map((channel) => ({ topic: 'alerts', channel, enabled: false }));
    await put([sms!, email!]);
    await put([email!, sms!]);
    await put([{ ...sms, enabled: true }]);
    const changes = (await entries(`&customerId=${ana.id}`)).filter(
      ({ action }) => action === 'preference.changed',
    );
    expect(changes.map(({ actor, detail }) => [actor, detail.changed])).toEqual([
      [
        `customer:${ana.id}`,
        [
          { topic: 'alerts', channel: 'email', was: false, enabled: null },
          { topic: 'alerts', channel: 'sms', was: false, enabled: true },
        ],
      ],
      [
        `customer:${ana.id}`,
        [
          { topic: 'alerts', channel: 'sms', was: null, enabled: false },
          { topic: 'alerts', channel: 'email', was: null, enabled: false },
        ],
      ],
    ]);
  });

  it('knows each version of a customer’s sheet, what it changed, and nothing of one that was refused', async () => {
    const ana = await suppressed();
    const put = (version: number, sheet: object) =>
      api.call(ana.token, { method: 'PUT', path: '/v1/me/preference-sheet', body: { version, sheet } });
    const night = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00' }];
    expect((await put(0, { quietHours: night, holidays: ['2030-12-25'] })).status).toBe(200);
    expect((await put(1, { quietHours: night, whenOver: 'withdraw' })).status).toBe(200);
    expect((await put(1, {})).status).toBe(409);
    const changes = (await entries(`&customerId=${ana.id}`)).filter(
      ({ action }) => action === 'preferenceSheet.changed',
    );
    expect(changes.map(({ detail }) => detail)).toEqual([
      {
        from: 1,
        to: 2,
        changed: {
          holidays: { was: ['2030-12-25'], is: null },
          whenOver: { was: null, is: 'withdraw' },
        },
      },
      {
        from: 0,
        to: 1,
        changed: {
          holidays: { was: null, is: ['2030-12-25'] },
          quietHours: { was: null, is: night },
        },
      },
    ]);
    expect(changes.every(({ actor }) => actor === `customer:${ana.id}`)).toBe(true);
  });

  it('is a chain that holds, also when many write at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => suppressed()));
    const count = (await own.database.query(`select 1 from audit_entries`)).length;
    expect(await verdict()).toEqual({
      entries: count,
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
      isIntact: true,
      brokenAt: null,
    });
  });

  it.each([
    ['another actor', `update audit_entries set actor = 'nobody' where id = $1`],
    ['another detail', `update audit_entries set detail = detail || '{"why": "because"}' where id = $1`],
    ['another time', `update audit_entries set at = at - interval '1 day' where id = $1`],
    ['another customer', `update audit_entries set customer_id = 'ben' where id = $1`],
    [
      'a new hash of its own',
      `update audit_entries set content_hash = md5('x'), detail = '{}' where id = $1`,
    ],
    [
      'a pretended erasure of a new content',
      `update audit_entries set erased_at = now(), content_hash = 'x' where id = $1`,
    ],
    ['its removal', `delete from audit_entries where id = $1`],
  ])('shows where it was tampered with: %s', async (_what, statement) => {
    const changed = await suppressed();
    await suppressed();
    const [entry] = await own.database.query<{ id: number }>(
      `select id from audit_entries where customer_id = $1 order by id limit 1`,
      [changed.id],
    );
    const id = entry?.id ?? 0;
    await own.database.query(statement, [id]);
    const broken = await verdict();
    expect(broken.isIntact).toBe(false);
    expect(Number(broken.brokenAt)).toBeGreaterThanOrEqual(id);
    expect(Number(broken.brokenAt)).toBeLessThanOrEqual(id + 1);
    await own.database.query(`truncate audit_entries`);
  });

  it('forgets an erased customer and still holds together', async () => {
    const ana = await suppressed();
    await suppressed();
    expect(
      (await api.call(api.systemKey, { method: 'DELETE', path: `/v1/customers/${ana.id}` })).status,
    ).toBe(204);
    const rows = await own.database.query(`select * from audit_entries`);
    expect(JSON.stringify(rows)).not.toContain(ana.id);
    expect(await verdict()).toMatchObject({ isIntact: true });
    const left = await own.database.query(`select 1 from suppressions where address = $1`, [ana.address]);
    expect(left).toEqual([]);
  });
});
