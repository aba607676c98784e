import { Writable } from 'node:stream';
import { eventually } from '../../harness/eventually';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { codeFor, createRule, defineMetrics, Notified, register } from './fixtures';

let own: TestDatabase;
let api: TestApi;
const lines: string[] = [];
beforeAll(async () => {
  own = await createTestDatabase();
  const log = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      lines.push(chunk.toString());
      done();
    },
  });
  api = await startApi(own.url, {}, log);
  await defineMetrics(api);
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

/** They are gone when this resolves, not only told to go. */
const cutConnections = () =>
  own.database.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where datname = current_database() and application_name like 'tidings api%'`,
  );

describe('the log', () => {
  it('names each request and who asked, and holds no address, code, credential or body', async () => {
    const token = await register(api, 'ada', { owns: ['account:1'] });
    const rule = await createRule(api, token, { title: 'My secret threshold' });
    const address = 'ada.secret@example.org';
    const added = await api.call(token, {
      path: '/v1/me/contact-points',
      body: { channel: 'email', address },
    });
    const id = String(added.body.contactPointId);
    const code = await codeFor(own, id);
    await api.call(token, { path: `/v1/me/contact-points/${id}/verification`, body: { code } });
    await api.call(token, {
      path: '/v1/me/contact-points',
      body: { channel: 'email', address: 'wrong address' },
    });
    await api.call(token, { path: `/v1/me/rules/${rule.ruleId}` });
    await api.call(token, { path: '/v1/me/rules', body: '{"broken":"My secret threshold' });
    const key = await api.call(api.adminKey, { path: '/v1/keys', body: { title: 'k', scopes: ['admin'] } });
    const written = lines.join('');
    expect(written).toMatch(/"route":"\/v1\/me\/rules\/:ruleId","status":"200".*"who":"customer:ada"/);
    for (const secret of [
      address,
      'wrong address',
      token,
      api.adminKey,
      api.systemKey,
      String(key.body.secret),
      'My secret',
    ]) {
      expect(written).not.toContain(secret);
    }
    // Six digits may stand in a time or an id by chance; a code stands alone.
    expect(written).not.toMatch(new RegExp(`\\b${code}\\b`));
  });
});

describe('when connections to the database are cut', () => {
  it('the API answers again at once, and hears of changes again', async () => {
    await cutConnections();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.call(api.systemKey, { path: '/v1/customers' })),
    );
    // A request that met a dead connection says so and may be repeated; nothing else may happen.
    for (const { status } of answers) expect([200, 503]).toContain(status);
    expect((await api.call(api.systemKey, { path: '/v1/customers' })).status).toBe(200);
    const token = await register(api, 'after', { owns: ['account:2'] });
    const changes = await Notified.on(own, 'rule_changed');
    const { ruleId } = await createRule(api, token);
    await changes.of(ruleId);
  });

  it('a metric defined meanwhile by another process is known', async () => {
    await cutConnections();
    await own.database.query(
      `insert into metrics (name, title, unit, scale, kind, visibility) values ('m.x', 'x', '', 0, 'gauge', 'public')`,
    );
    const event = {
      id: '1',
      source: 's',
      metric: 'm.x',
      subject: 'a:1',
      value: 1,
      time: '2026-11-01T10:00:00Z',
    };
    const send = () => api.call(api.systemKey, { path: '/v1/events', body: event });
    // Each connection that was cut may answer 503 once; there are a few of them.
    const statuses = new Set<number>();
    await eventually(send, ({ status }) => Boolean(statuses.add(status)) && status === 202);
    expect([...statuses].filter((status) => status !== 503)).toEqual([202]);
  });
});

describe('the end of the process', () => {
  it('lets requests in flight finish', async () => {
    const ending = await startApi(own.url);
    const events = Array.from({ length: 500 }, (_, n) => ({
      id: `end-${n}`,
      source: 's',
      metric: 'flight.delay',
      subject: `flight:${n}`,
      value: n,
      time: '2026-11-01T10:00:00Z',
    }));
    const locked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const holding = own.database.transaction(async (transaction) => {
      await transaction.query('lock table event_log_heads in access exclusive mode');
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    const inFlight = ending.call(ending.systemKey, { path: '/v1/events', body: { events } });
    const waiting = `select 1 from pg_stat_activity where application_name = 'tidings api' and wait_event_type = 'Lock'
      and datname = current_database()`;
    while ((await own.database.query(waiting)).length === 0);
    const closing = ending.close();
    release.resolve();
    await holding;
    expect(await inFlight).toMatchObject({ status: 202, body: { accepted: 500 } });
    await closing;
  });
});
