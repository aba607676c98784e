import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { createRule, defineMetrics, Notified, register } from './fixtures';

let own: TestDatabase;
let api: TestApi;
/** Rule ids as the dispatcher hears of them. */
let changes: Notified;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url, { MAX_RULES_PER_CUSTOMER: '5', MAX_SUBJECTS_PER_RULE: '3' });
  await defineMetrics(api);
  changes = await Notified.on(own, 'rule_changed');
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

interface InstanceRow {
  subject: string;
  watched: boolean;
  partition: number;
}

const instancesOf = (ruleId: string) =>
  own.database.query<InstanceRow>(
    'select subject, watched, partition from rule_instances where rule_id = $1 order by subject',
    [ruleId],
  );
const watchedOf = async (ruleId: string) =>
  (await instancesOf(ruleId)).flatMap(({ subject, watched }) => (watched ? [subject] : []));
const ruleRow = async (ruleId: string) => {
  const [row] = await own.database.query<{ revision: number; version: number; status: string }>(
    'select revision, condition_version as version, status from rules where id = $1',
    [ruleId],
  );
  if (!row) throw new Error('the rule is not there');
  return row;
};
describe('a new rule', () => {
  it('says in words what it will do, and whether it is true already', async () => {
    const token = await register(api, 'words', { owns: ['account:10', 'account:11', 'account:12'] });
    await own.database.query(
      `insert into series (metric, subject, partition, value, at) values
         ('account.balance', 'account:10', 0, 9950, now()), ('account.balance', 'account:11', 0, 10000, now())`,
    );
    const rule = await createRule(api, token, {
      title: 'Low',
      subjects: ['account:10', 'account:11', 'account:12'],
      recovery: 150,
    });
    expect(rule).toMatchObject({
      title: 'Low',
      threshold: '100.00',
      recovery: '150.00',
      upper: null,
      onCreate: 'fireIfBreached',
      lifecycle: 'recurring',
      topic: 'alerts',
      channels: null,
      notifyRecovery: true,
      status: 'active',
      trueNow: true,
    });
    expect(rule.words).toContain(
      'when the balance of account 10, account 11 or account 12 is below 100.00 EUR',
    );
    expect(rule.instances).toEqual([
      {
        subject: 'account:10',
        state: 'unknown',
        since: null,
        reason: null,
        level: 0,
        lastValue: '99.50',
        lastAt: expect.any(String),
        trueNow: true,
      },
      {
        subject: 'account:11',
        state: 'unknown',
        since: null,
        reason: null,
        level: 0,
        lastValue: '100.00',
        lastAt: expect.any(String),
        trueNow: false,
      },
      {
        subject: 'account:12',
        state: 'unknown',
        since: null,
        reason: null,
        level: 0,
        lastValue: null,
        lastAt: null,
        trueNow: null,
      },
    ]);
  });

  it('lies in the partition where its subject’s events go, and is told to the dispatchers', async () => {
    const token = await register(api, 'placed', { owns: ['account:20'] });
    const { ruleId } = await createRule(api, token, { subjects: ['account:20'] });
    const event = {
      id: 'p',
      source: 's',
      metric: 'account.balance',
      subject: 'account:20',
      value: 1,
      time: '2026-11-01T10:00:00Z',
    };
    await api.call(api.systemKey, { path: '/v1/events', body: event });
    const [record] = await own.database.query<{ partition: number }>(
      `select partition from event_log_records where key = 'account:20'`,
    );
    expect(await instancesOf(ruleId)).toEqual([
      { subject: 'account:20', watched: true, partition: record?.partition },
    ]);
    await changes.of(ruleId);
  });

  it('waits for a crossing by default on a public metric, of any subject', async () => {
    const token = await register(api, 'public');
    const rule = await createRule(api, token, {
      metric: 'flight.delay',
      subjects: ['flight:UA1'],
      operator: 'above',
      threshold: 45,
    });
    expect(rule).toMatchObject({ onCreate: 'waitForCross', threshold: '45' });
  });

  it('on an owned metric is refused for what the customer does not own', async () => {
    const token = await register(api, 'nosy', { owns: ['account:30'], follows: ['account:31'] });
    const body = {
      metric: 'account.balance',
      subjects: ['account:30', 'account:31', 'account:32'],
      operator: 'below',
      threshold: 1,
    };
    const answer = await api.call(token, { path: '/v1/me/rules', body });
    expect(answer).toMatchObject({
      status: 403,
      body: { type: '/problems/not-owned', errors: [{ field: 'subjects' }] },
    });
    expect(JSON.stringify(answer.body)).toMatch(/account:31, account:32/);
    expect((await api.call(token, { path: '/v1/me/rules' })).body.items).toEqual([]);
  });

  it.each([
    [{ metric: 'no.such' }, 'metric'],
    [{ threshold: '1.005' }, 'threshold'],
    [{ threshold: 'much' }, 'threshold'],
    [{ threshold: [1] }, 'threshold'],
    [{ operator: 'between' }, 'upper'],
    [{ operator: 'between', upper: '1.00' }, 'upper'],
    [{ upper: 200 }, 'upper'],
    [{ recovery: '50.00' }, 'recovery'],
    [{ operator: 'near' }, 'operator'],
    [{ subjects: [] }, 'subjects'],
    [{ subjects: 'all' }, 'subjects'],
    [{ subjects: ['account:40', 'account:40'] }, 'subjects'],
    [{ channels: ['pigeon'] }, 'channels'],
    [{ lifecycle: null }, 'lifecycle'],
    [{ notifyRecovery: 'yes' }, 'notifyRecovery'],
    [{ extra: 1 }, 'extra'],
  ])('with %j is refused, and the answer names %s', async (fields, field) => {
    const id = `wrong-${field}-${JSON.stringify(fields).length}-${Math.random()}`;
    const token = await register(api, id, { owns: ['account:40'] });
    const body = {
      metric: 'account.balance',
      subjects: ['account:40'],
      operator: 'below',
      threshold: '100.00',
      ...fields,
    };
    const answer = await api.call<{ errors: { field: string }[] }>(token, { path: '/v1/me/rules', body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error) => error.field)).toContain(field);
  });

  it('beyond the number allowed is refused until one is removed, and so are too many subjects', async () => {
    const token = await register(api, 'greedy', { owns: ['account:50'] });
    const rules = [];
    for (let n = 0; n < 5; n += 1) rules.push(await createRule(api, token));
    const sixth = { metric: 'account.balance', subjects: 'owned', operator: 'below', threshold: 1 };
    expect(await api.call(token, { path: '/v1/me/rules', body: sixth })).toMatchObject({
      status: 409,
      body: { type: '/problems/too-many-rules' },
    });
    await api.call(token, { method: 'DELETE', path: `/v1/me/rules/${rules[0]?.ruleId}` });
    expect((await api.call(token, { path: '/v1/me/rules', body: sixth })).status).toBe(201);
    const wide = { ...sixth, metric: 'flight.delay', subjects: ['f:1', 'f:2', 'f:3', 'f:4'] };
    expect(await api.call(token, { path: '/v1/me/rules', body: wide })).toMatchObject({
      status: 409,
      body: { type: '/problems/too-many-subjects' },
    });
  });

  it('keeps to the number allowed when many are asked for at the same time', async () => {
    const token = await register(api, 'hasty', { owns: ['account:60'] });
    const body = { metric: 'account.balance', subjects: 'owned', operator: 'below', threshold: 1 };
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => api.call(token, { path: '/v1/me/rules', body })),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(5);
  });
});

describe('a changed rule', () => {
  it('starts anew only if its condition or its subjects have changed', async () => {
    const token = await register(api, 'changes', { owns: ['account:70', 'account:71'] });
    const { ruleId } = await createRule(api, token, { subjects: ['account:70'] });
    const patch = (body: object) =>
      api.call(token, { method: 'PATCH', path: `/v1/me/rules/${ruleId}`, body });
    const version = async () => (await ruleRow(ruleId)).version;
    expect(
      await patch({ title: 'New name', topic: 'money', channels: ['email'], notifyRecovery: false }),
    ).toMatchObject({
      status: 200,
      body: {
        title: 'New name',
        topic: 'money',
        channels: ['email'],
        notifyRecovery: false,
        threshold: '100.00',
      },
    });
    expect(await version()).toBe(1);
    expect((await patch({ threshold: '100.00', subjects: ['account:70'] })).status).toBe(200);
    expect(await version()).toBe(1);
    expect(await patch({ threshold: '80.00' })).toMatchObject({
      body: { threshold: '80.00', title: 'New name' },
    });
    expect(await version()).toBe(2);
    expect(await patch({ subjects: ['account:71'] })).toMatchObject({ body: { subjects: ['account:71'] } });
    expect(await version()).toBe(3);
    expect(await instancesOf(ruleId)).toMatchObject([
      { subject: 'account:70', watched: false },
      { subject: 'account:71', watched: true },
    ]);
    expect(await patch({ subjects: 'owned' })).toMatchObject({ body: { subjects: 'owned' } });
    expect(await watchedOf(ruleId)).toEqual(['account:70', 'account:71']);
    expect((await patch({ recovery: '90.00' })).status).toBe(200);
    expect(await patch({ recovery: null, channels: null })).toMatchObject({
      body: { recovery: null, channels: null },
    });
    expect((await patch({ subjects: ['account:999'] })).status).toBe(403);
    expect((await patch({ threshold: 'x' })).status).toBe(400);
    await changes.of(ruleId);
  });

  it('is not checked against subjects that it may no longer watch: another metric is', async () => {
    const token = await register(api, 'moves');
    const { ruleId } = await createRule(api, token, {
      metric: 'flight.delay',
      subjects: ['flight:1'],
      operator: 'above',
      threshold: 5,
    });
    const body = { metric: 'account.balance' };
    expect((await api.call(token, { method: 'PATCH', path: `/v1/me/rules/${ruleId}`, body })).status).toBe(
      403,
    );
  });

  it('pauses, resumes and goes, each under a higher revision and told at once', async () => {
    const token = await register(api, 'pauses', { owns: ['account:80'] });
    const { ruleId } = await createRule(api, token);
    const path = `/v1/me/rules/${ruleId}`;
    const revisions = [(await ruleRow(ruleId)).revision];
    for (const [step, status] of [
      ['pause', 'paused'],
      ['resume', 'active'],
    ] as const) {
      expect(await api.call(token, { method: 'POST', path: `${path}/${step}` })).toMatchObject({
        status: 200,
        body: { status },
      });
      revisions.push((await ruleRow(ruleId)).revision);
    }
    expect((await api.call(token, { method: 'DELETE', path })).status).toBe(204);
    expect(await ruleRow(ruleId)).toMatchObject({ status: 'removed' });
    revisions.push((await ruleRow(ruleId)).revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(new Set(revisions).size).toBe(4);
    expect(await watchedOf(ruleId)).toEqual([]);
    for (const method of ['GET', 'DELETE'])
      expect((await api.call(token, { method, path })).status).toBe(404);
    expect((await api.call(token, { method: 'POST', path: `${path}/resume` })).status).toBe(404);
    expect((await api.call(token, { path: '/v1/me/rules' })).body.items).toEqual([]);
    await changes.of(ruleId);
  });
});

describe('rules on what a customer owns', () => {
  const put = (id: string, owns: string[]) =>
    api.call(api.systemKey, {
      method: 'PUT',
      path: `/v1/customers/${id}`,
      body: { name: id, timeZone: 'UTC', language: 'en', owns, follows: [] },
    });

  it('take in what joins and leave what goes, with every change of the registration', async () => {
    const token = await register(api, 'holder', { owns: ['account:100', 'account:101'] });
    const { ruleId } = await createRule(api, token);
    expect(await watchedOf(ruleId)).toEqual(['account:100', 'account:101']);
    const before = await ruleRow(ruleId);
    await put('holder', ['account:101', 'account:102']);
    expect(await watchedOf(ruleId)).toEqual(['account:101', 'account:102']);
    expect((await ruleRow(ruleId)).revision).toBeGreaterThan(before.revision);
    await changes.of(ruleId);
    await put('holder', ['account:100']);
    expect(await watchedOf(ruleId)).toEqual(['account:100']);
    expect((await ruleRow(ruleId)).version).toBe(1);
  });

  it('stay alone when a registration changes nothing that they watch', async () => {
    const token = await register(api, 'steady', { owns: ['account:110'] });
    const { ruleId } = await createRule(api, token);
    const before = await ruleRow(ruleId);
    await put('steady', ['account:110']);
    expect(await ruleRow(ruleId)).toEqual(before);
  });

  it('stop watching a named account once it belongs to somebody else', async () => {
    const token = await register(api, 'seller', { owns: ['account:120', 'account:121'] });
    const { ruleId } = await createRule(api, token, { subjects: ['account:120', 'account:121'] });
    const flights = await createRule(api, token, {
      metric: 'flight.delay',
      subjects: ['account:120'],
      operator: 'above',
      threshold: 1,
    });
    await put('seller', ['account:121']);
    expect(await watchedOf(ruleId)).toEqual(['account:121']);
    expect(await watchedOf(flights.ruleId)).toEqual(['account:120']);
  });
});

describe('the list of rules', () => {
  it('comes oldest first and page by page, also where rules were made in the same moment', async () => {
    const token = await register(api, 'lister', { owns: ['account:130'] });
    const made = [];
    for (let n = 0; n < 5; n += 1) made.push((await createRule(api, token, { title: `${n}` })).ruleId);
    await own.database.query(
      `update rules set created_at = '2026-01-01T00:00:00.123456Z' where customer_id = 'lister'`,
    );
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const { body } = await api.call<{ items: { ruleId: string }[]; nextCursor: string | null }>(token, {
        path: `/v1/me/rules?limit=2${query}`,
      });
      seen.push(...body.items.map((rule) => rule.ruleId));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([...made].sort());
  });

  it('is the same for the customer and for a system', async () => {
    const token = await register(api, 'both', { owns: ['account:140'] });
    await createRule(api, token);
    const mine = await api.call(token, { path: '/v1/me/rules' });
    const theirs = await api.call(api.systemKey, { path: '/v1/customers/both/rules' });
    expect(theirs.body).toEqual(mine.body);
  });
});
