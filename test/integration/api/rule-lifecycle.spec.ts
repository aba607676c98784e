import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { createRule, defineMetrics, Notified, register } from './fixtures';

let own: TestDatabase;
let api: TestApi;
let changes: Notified;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  await defineMetrics(api);
  changes = await Notified.on(own, 'rule_changed');
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

interface Row {
  version: number;
  revision: number;
  partner: string | null;
  threshold: number;
}

async function rowOf(ruleId: string): Promise<Row> {
  const [row] = await own.database.query<Row>(
    `select condition_version as version, revision, partner_rule_id as partner, threshold from rules where id = $1`,
    [ruleId],
  );
  if (!row) throw new Error('the rule is not there');
  return row;
}

const patch = (token: string, ruleId: string, body: object) =>
  api.call(token, { method: 'PATCH', path: `/v1/me/rules/${ruleId}`, body });

describe('a pair of rules of which one firing ends the other', () => {
  const single = { subjects: ['account:1'] };

  it('names each other, starts anew together, and comes apart together', async () => {
    const token = await register(api, 'pair', { owns: ['account:1'] });
    const first = await createRule(api, token, single);
    const second = await createRule(api, token, { ...single, operator: 'above', cancels: first.ruleId });
    expect(second.cancels).toBe(first.ruleId);
    expect(await rowOf(first.ruleId)).toMatchObject({ partner: second.ruleId, version: 2 });
    await changes.of(first.ruleId);
    expect((await patch(token, second.ruleId, { title: 'Take profit' })).status).toBe(200);
    expect(await rowOf(first.ruleId)).toMatchObject({ partner: second.ruleId, version: 2 });
    expect(await rowOf(second.ruleId)).toMatchObject({ partner: first.ruleId, version: 1 });
    expect((await patch(token, first.ruleId, { cancels: null })).status).toBe(200);
    expect(await rowOf(first.ruleId)).toMatchObject({ partner: null, version: 3 });
    expect(await rowOf(second.ruleId)).toMatchObject({ partner: null, version: 2 });
  });

  it('leaves the other as it is when one is removed', async () => {
    const token = await register(api, 'widow', { owns: ['account:1'] });
    const first = await createRule(api, token, single);
    const second = await createRule(api, token, { ...single, cancels: first.ruleId });
    await api.call(token, { method: 'DELETE', path: `/v1/me/rules/${second.ruleId}` });
    expect(await rowOf(first.ruleId)).toMatchObject({ partner: null, version: 2 });
    expect((await api.call(token, { path: `/v1/me/rules/${first.ruleId}` })).body.cancels).toBeNull();
  });

  it('is of one customer, on the same single listed subject, and of two', async () => {
    const token = await register(api, 'strict', { owns: ['account:1', 'account:2'] });
    const other = await register(api, 'other', { owns: ['account:1'] });
    const mine = await createRule(api, token, single);
    const theirs = await createRule(api, other, single);
    const wide = await createRule(api, token, { subjects: ['account:1', 'account:2'] });
    const all = await createRule(api, token, { subjects: 'owned' });
    const apart = await createRule(api, token, { subjects: ['account:2'] });
    for (const partner of [theirs, wide, all, apart]) {
      const body = {
        ...single,
        metric: 'account.balance',
        operator: 'above',
        threshold: 1,
        cancels: partner.ruleId,
      };
      expect(await api.call(token, { path: '/v1/me/rules', body })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'cancels' }] },
      });
    }
    expect((await patch(token, mine.ruleId, { cancels: mine.ruleId })).status).toBe(400);
    await createRule(api, token, { ...single, cancels: mine.ruleId });
    const third = await patch(token, apart.ruleId, { subjects: ['account:1'], cancels: mine.ruleId });
    expect(JSON.stringify(third.body)).toContain('has another partner already');
    expect((await patch(token, mine.ruleId, { subjects: ['account:2'] })).status).toBe(400);
    expect(await rowOf(mine.ruleId)).toMatchObject({ version: 2 });
  });
});

describe('a snoozed rule', () => {
  it('says until when, tells the dispatchers, keeps its state, and can be woken', async () => {
    const token = await register(api, 'sleeper', { owns: ['account:1'] });
    const { ruleId } = await createRule(api, token);
    const path = `/v1/me/rules/${ruleId}/snooze`;
    const before = await rowOf(ruleId);
    const until = new Date(Date.now() + 3 * 86_400_000).toISOString();
    const abroad = until.replace(/Z$/, '+00:00');
    expect(await api.call(token, { path, body: { until: abroad } })).toMatchObject({
      status: 200,
      body: { snoozedUntil: until, status: 'active' },
    });
    expect((await rowOf(ruleId)).revision).toBeGreaterThan(before.revision);
    expect((await rowOf(ruleId)).version).toBe(1);
    await changes.of(ruleId);
    const { body } = await api.call(token, { path, body: { for: 'PT8H' } });
    const hours = (Date.parse(String(body.snoozedUntil)) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(7.9);
    expect(hours).toBeLessThanOrEqual(8);
    expect(await api.call(token, { method: 'DELETE', path })).toMatchObject({
      status: 200,
      body: { snoozedUntil: null },
    });
  });

  it.each([
    [{}, 'until'],
    [{ until: '2020-01-01T00:00:00Z' }, 'until'],
    [{ until: '2199-01-01T00:00:00Z' }, 'until'],
    [{ until: '2099-12-24' }, 'until'],
    [{ for: 'PT0S' }, 'for'],
    [{ for: 'a while' }, 'for'],
    [{ for: 'PT1H', until: '2199-01-01T00:00:00Z' }, 'until'],
  ])('is not asked for with %j', async (body, field) => {
    const token = await register(api, `insomnia-${JSON.stringify(body)}`.replace(/[^\w-]/g, ''));
    const rule = { metric: 'flight.delay', subjects: ['flight:1'], operator: 'above' };
    const { ruleId } = await createRule(api, token, { ...rule, threshold: 1 });
    expect(await api.call(token, { path: `/v1/me/rules/${ruleId}/snooze`, body })).toMatchObject({
      status: 400,
      body: { errors: [{ field }] },
    });
  });
});

describe('a threshold that follows an attribute', () => {
  const put = (id: string, attributes: Record<string, string>, more: object = {}) =>
    api.call<{ type: string; errors: { field: string; problem: string }[] }>(api.systemKey, {
      method: 'PUT',
      path: `/v1/customers/${id}`,
      body: { name: id, timeZone: 'Europe/Berlin', owns: ['account:1'], attributes, ...more },
    });
  const follower = async (id: string, wish: object = {}) => {
    await put(id, { limit: '100.00', other: '1' });
    const token = await api.tokenOf(id);
    const rule = await createRule(api, token, { title: 'Low', threshold: { attribute: 'limit' }, ...wish });
    return { token, ruleId: rule.ruleId, rule };
  };

  it('has the value of the moment, and says which it follows', async () => {
    const { rule, ruleId, token } = await follower('follows');
    expect(rule).toMatchObject({ threshold: { attribute: 'limit' }, thresholdNow: '100.00' });
    expect(rule.words).toContain('100.00 EUR');
    expect(await rowOf(ruleId)).toMatchObject({ threshold: 10_000, version: 1 });
    expect((await patch(token, ruleId, { threshold: { attribute: 'limit' } })).status).toBe(200);
    expect(await rowOf(ruleId)).toMatchObject({ threshold: 10_000, version: 1 });
  });

  it('takes the new value with the change of the registration and starts anew, in plain and composed rules', async () => {
    const plain = await follower('moves');
    const composed = await createRule(api, plain.token, {
      measure: { kind: 'count', window: 'PT5M' },
      operator: 'above',
      threshold: { attribute: 'other' },
    });
    const unconcerned = await createRule(api, plain.token, { for: 'PT5M' });
    const before = await rowOf(unconcerned.ruleId);
    expect((await put('moves', { limit: '80.00', other: '2' })).status).toBe(200);
    expect(await rowOf(plain.ruleId)).toMatchObject({ threshold: 8_000, version: 2 });
    expect(await rowOf(composed.ruleId)).toMatchObject({ threshold: 2, version: 2 });
    const { body } = await api.call(plain.token, { path: `/v1/me/rules/${composed.ruleId}` });
    expect(body).toMatchObject({ thresholdNow: '2', threshold: { attribute: 'other' } });
    await changes.of(composed.ruleId);
    expect(await rowOf(unconcerned.ruleId)).toEqual(before);
    await put('moves', { limit: '80.00', other: '2', unused: '5' });
    expect(await rowOf(plain.ruleId)).toMatchObject({ version: 2 });
  });

  it('cannot lose its attribute: the answer names the rules that follow it, and nothing is changed', async () => {
    const { ruleId } = await follower('loses');
    const answer = await put('loses', { other: '1' }, { name: 'Somebody else' });
    expect(answer).toMatchObject({
      status: 409,
      body: { type: '/problems/attribute-in-use', errors: [{ field: 'attributes.limit' }] },
    });
    expect(answer.body.errors[0]?.problem).toContain(`"Low" (${ruleId})`);
    expect((await api.call(api.systemKey, { path: '/v1/customers/loses' })).body).toMatchObject({
      name: 'loses',
      attributes: { limit: '100.00', other: '1' },
    });
  });

  it('refuses a value with which its rule could not be saved', async () => {
    const { ruleId } = await follower('unfit', { recovery: '120.00' });
    for (const limit of ['100.005', '120.01']) {
      expect(await put('unfit', { limit })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'attributes.limit', problem: expect.stringContaining('"Low"') }] },
      });
    }
    expect(await rowOf(ruleId)).toMatchObject({ threshold: 10_000, version: 1 });
    expect((await put('unfit', { limit: '120.00' })).status).toBe(200);
  });

  it('is free of it with a threshold of its own', async () => {
    const { token, ruleId } = await follower('frees');
    expect(await patch(token, ruleId, { threshold: '100.00' })).toMatchObject({
      body: { threshold: '100.00' },
    });
    expect(await rowOf(ruleId)).toMatchObject({ version: 1 });
    expect((await put('frees', {})).status).toBe(200);
  });

  it('keeps no old value, however a new rule and a new registration meet', async () => {
    await put('races', { limit: '1.00' });
    const token = await api.tokenOf('races');
    const body = {
      metric: 'account.balance',
      subjects: 'owned',
      operator: 'below',
      threshold: { attribute: 'limit' },
    };
    for (let round = 2; round < 12; round += 1) {
      await Promise.all([
        api.call(token, { path: '/v1/me/rules', body }),
        put('races', { limit: `${round}.00` }),
      ]);
      const stale = await own.database.query(
        `select 1 from rules where customer_id = 'races' and threshold <> $1`,
        [round * 100],
      );
      expect(stale).toEqual([]);
    }
  });
});
