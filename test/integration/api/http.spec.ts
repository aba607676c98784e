import { randomUUID } from 'node:crypto';
import { ApiKeyStore } from '@app/persistence';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { createRule, defineMetrics, register } from './fixtures';

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

describe('an Idempotency-Key', () => {
  const body = { metric: 'account.balance', subjects: 'owned', operator: 'below', threshold: '100.00' };
  const post = (token: string, key: string, rule: object = body) =>
    api.call(token, { path: '/v1/me/rules', body: rule, headers: { 'idempotency-key': key } });
  const countRules = async (customerId: string) =>
    (
      await own.database.query<{ count: number }>('select count(*) from rules where customer_id = $1', [
        customerId,
      ])
    )[0]?.count;

  it('makes a repeated request do its work once and answer the same', async () => {
    const token = await register(api, 'repeats', { owns: ['account:1'] });
    const first = await post(token, 'key-1');
    const second = await post(token, 'key-1');
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.status).toBe(201);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
    expect(await countRules('repeats')).toBe(1);
  });

  it('of one customer is not another’s', async () => {
    const [one, two] = [
      await register(api, 'one', { owns: ['account:2'] }),
      await register(api, 'two', { owns: ['account:3'] }),
    ];
    const [first, second] = [await post(one, 'same'), await post(two, 'same')];
    expect(second.headers.get('idempotency-replayed')).toBeNull();
    expect(second.body.ruleId).not.toBe(first.body.ruleId);
  });

  it('is refused with another body or another address', async () => {
    const token = await register(api, 'reuses', { owns: ['account:4'] });
    await post(token, 'key-2');
    const answer = await post(token, 'key-2', { ...body, threshold: '50.00' });
    expect(answer).toMatchObject({ status: 422, body: { type: '/problems/idempotency-key-reused' } });
    const elsewhere = { path: '/v1/me/contact-points', body, headers: { 'idempotency-key': 'key-2' } };
    expect((await api.call(token, elsewhere)).status).toBe(422);
  });

  it('lets one of many simultaneous requests through and answers 409 or the same to the others', async () => {
    const token = await register(api, 'simultaneous', { owns: ['account:5'] });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(token, 'key-3')));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect(
      answers.filter((answer) => answer.status === 201 && !answer.headers.get('idempotency-replayed')),
    ).toHaveLength(1);
    expect(await countRules('simultaneous')).toBe(1);
  });

  it('may be used again after a refusal, since nothing was done', async () => {
    const token = await register(api, 'refused', { owns: ['account:6'] });
    expect((await post(token, 'key-4', { ...body, metric: 'no.such' })).status).toBe(400);
    expect((await post(token, 'key-4')).status).toBe(201);
  });

  it('makes one rule also if the process died before it could keep its answer', async () => {
    const token = await register(api, 'crashed', { owns: ['account:7'] });
    const first = await post(token, 'key-5');
    await own.database.query(
      `update idempotency_records set status = null, body = null, created_at = now() - interval '2 minutes'
       where principal = 'customer:crashed'`,
    );
    const second = await post(token, 'key-5');
    expect(second).toMatchObject({ status: 201, body: { ruleId: first.body.ruleId } });
    expect(await countRules('crashed')).toBe(1);
  });

  it('is held after the work, also where the answer cannot be kept, so that a repetition does nothing', async () => {
    const token = await register(api, 'unkept', { owns: ['account:70'] });
    await own.database.query(
      `alter table idempotency_records add constraint broken check (status is null or principal <> 'customer:unkept')`,
    );
    expect((await post(token, 'key-6')).status).toBe(201);
    expect(await post(token, 'key-6')).toMatchObject({
      status: 409,
      body: { type: '/problems/request-running' },
    });
    await own.database.query('alter table idempotency_records drop constraint broken');
    expect(await countRules('unkept')).toBe(1);
  });

  it('that nobody could type is refused', async () => {
    const token = await register(api, 'typing', { owns: ['account:8'] });
    expect((await post(token, 'x'.repeat(256))).status).toBe(400);
    expect((await post(token, 'two words')).status).toBe(400);
  });

  it('works for events too, and never keeps a new key’s secret', async () => {
    const event = {
      id: randomUUID(),
      source: 'bank',
      metric: 'account.balance',
      subject: 'account:1',
      value: 1,
      time: '2026-11-01T10:00:00Z',
    };
    const send = () =>
      api.call(api.systemKey, {
        path: '/v1/events',
        body: event,
        headers: { 'idempotency-key': 'events-1' },
      });
    expect((await send()).status).toBe(202);
    expect((await send()).headers.get('idempotency-replayed')).toBe('true');
    expect(
      (await own.database.query<{ count: number }>('select count(*) from event_log_records'))[0]?.count,
    ).toBe(1);
    const key = () =>
      api.call(api.adminKey, {
        path: '/v1/keys',
        body: { title: 'k', scopes: ['admin'] },
        headers: { 'idempotency-key': 'keys-1' },
      });
    const made = await key();
    expect((await key()).body).toEqual({ ...made.body, secret: null });
    const kept = JSON.stringify(await own.database.query('select * from idempotency_records'));
    expect(kept).not.toContain(String(made.body.secret));
  });

  it('keeps an answer that repeats what the database has no character for', async () => {
    const good = { source: 'bank', metric: 'account.balance', subject: 'account:71', value: 1 };
    const events = ['\u0000', randomUUID()].map((id) => ({ ...good, id, time: '2026-11-01T10:00:00Z' }));
    const send = () =>
      api.call(api.systemKey, {
        path: '/v1/events',
        body: { events },
        headers: { 'idempotency-key': 'events-nul' },
      });
    const first = await send();
    expect(first).toMatchObject({ status: 202, body: { accepted: 1, refused: [{ id: '\u0000' }] } });
    const second = await send();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
  });
});

describe('keys', () => {
  const withKey = (secret: unknown) => api.call(String(secret), { path: '/v1/metrics' });

  it('are shown once, kept as a hash, listed by their last four, and revoked for good', async () => {
    const made = await api.call(api.adminKey, {
      path: '/v1/keys',
      body: { title: 'core-banking', scopes: ['events:write'] },
    });
    const { secret, keyId } = made.body;
    expect(made).toMatchObject({
      status: 201,
      body: { title: 'core-banking', scopes: ['events:write'], lastFour: String(secret).slice(-4) },
    });
    expect(secret).toMatch(/^tdg_[\w-]{40,}$/);
    expect((await withKey(secret)).status).toBe(200);
    const listed = JSON.stringify((await api.call(api.adminKey, { path: '/v1/keys' })).body);
    expect(listed).toContain(keyId);
    expect(listed).not.toContain(secret);
    expect(JSON.stringify(await own.database.query('select * from api_keys'))).not.toContain(secret);
    expect(
      (await api.call(api.adminKey, { method: 'DELETE', path: `/v1/keys/${String(keyId)}` })).status,
    ).toBe(204);
    expect((await withKey(secret)).status).toBe(401);
    expect(
      (await api.call(api.adminKey, { method: 'DELETE', path: `/v1/keys/${randomUUID()}` })).status,
    ).toBe(404);
  });

  it('need a title and scopes that exist', async () => {
    expect(
      (await api.call(api.adminKey, { path: '/v1/keys', body: { title: 'x', scopes: ['root'] } })).status,
    ).toBe(400);
    expect(
      (await api.call(api.adminKey, { path: '/v1/keys', body: { title: 'x', scopes: [] } })).status,
    ).toBe(400);
  });
});

describe('every answer', () => {
  it('carries headers that allow a browser nothing, and the pages only what they bring along', async () => {
    const { headers } = await api.call(api.systemKey, { path: '/v1/metrics' });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toBeTruthy();
    expect(headers.get('x-powered-by')).toBeNull();
    const page = await api.call<string>(null, { path: '/outbox' });
    const policy = page.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(page.body).toContain(`<script nonce="${nonce}">`);
    expect((await api.call(null, { path: '/outbox' })).headers.get('content-security-policy')).not.toContain(
      nonce,
    );
  });

  it('names its request, by the caller’s own id if it is one', async () => {
    const named = await api.call(null, { path: '/health/live', headers: { 'x-request-id': 'trace-7' } });
    expect(named.headers.get('x-request-id')).toBe('trace-7');
    const other = await api.call(null, { path: '/health/live', headers: { 'x-request-id': '<script>' } });
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('that refuses is a problem document, also for addresses and bodies that make no sense', async () => {
    const token = await register(api, 'problems', { owns: ['account:9'] });
    const { ruleId } = await createRule(api, token);
    const asked = [
      [404, { path: '/v1/nothing' }],
      [404, { method: 'PUT', path: '/v1/me/rules' }],
      [404, { path: '/v1/me/rules/not-an-id' }],
      [404, { path: `/v1/me/rules/${ruleId}'` }],
      [400, { path: '/v1/me/rules', body: '{"metric":' }],
      [400, { path: '/v1/me/rules', body: '[]' }],
      [400, { path: '/v1/me/rules', body: '"text"' }],
      [413, { path: '/v1/me/rules', body: JSON.stringify({ title: 'x'.repeat(70_000) }) }],
      [
        400,
        {
          path: '/v1/me/rules',
          body: { metric: 'a\u0000b', subjects: 'owned', operator: 'below', threshold: 1 },
        },
      ],
      [400, { path: '/v1/me/rules?cursor=%ff' }],
    ] as const;
    for (const [status, request] of asked) {
      const answer = await api.call(token, request);
      expect([answer.status, answer.body.status, request.path]).toEqual([status, status, request.path]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  it('to a stranger does not wait for their body', async () => {
    const body = JSON.stringify({ title: 'x'.repeat(1_000_000) });
    expect((await api.call(null, { path: '/v1/me/rules', body })).status).toBe(401);
  });
});

describe('limits of requests', () => {
  it('hold for each customer and each key alone, and say when to come back', async () => {
    const strict = await startApi(own.url, {
      RATE_LIMIT_PER_CUSTOMER: '3',
      RATE_LIMIT_PER_KEY: '5',
      RATE_LIMIT_PER_STRANGER: '2',
    });
    try {
      const [one, two] = [await strict.tokenOf('repeats'), await strict.tokenOf('one')];
      const ask = async (credential: string | null) => strict.call(credential, { path: '/v1/metrics' });
      for (let n = 0; n < 3; n += 1) expect((await ask(one)).status).toBe(200);
      const refused = await ask(one);
      expect(refused).toMatchObject({
        status: 429,
        body: { type: '/problems/too-many-requests', status: 429 },
      });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect((await ask(two)).status).toBe(200);
      for (let n = 0; n < 5; n += 1) expect((await ask(strict.systemKey)).status).toBe(200);
      expect((await ask(strict.systemKey)).status).toBe(429);
      expect((await ask(strict.adminKey)).status).toBe(200);
      for (let n = 0; n < 2; n += 1) expect((await ask(null)).status).toBe(401);
      expect((await ask(null)).status).toBe(429);
      expect((await strict.call(null, { path: '/health/ready' })).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe('a made-up key', () => {
  /** How often the database was asked for a key; its own count of scans comes too late to be waited for. */
  const countLookups = () => jest.spyOn(ApiKeyStore.prototype, 'findLiving');

  it('costs a query only as often as its address may ask, and keys that were proven go on', async () => {
    const strict = await startApi(own.url, { RATE_LIMIT_PER_STRANGER: '3' });
    const lookups = countLookups();
    try {
      const ask = async (key: string) => (await strict.call(key, { path: '/v1/metrics' })).status;
      for (let n = 0; n < 5; n += 1) expect(await ask(strict.systemKey)).toBe(200);
      lookups.mockClear();
      const answers: number[] = [];
      for (let n = 0; n < 6; n += 1) answers.push(await ask(`tdg_made-up-${n}`));
      expect(answers).toEqual([401, 401, 401, 429, 429, 429]);
      expect(lookups).toHaveBeenCalledTimes(3);
      expect((await strict.call('tdg_made-up', { path: '/outbox' })).status).toBe(429);
      expect(await ask(strict.systemKey)).toBe(200);
    } finally {
      lookups.mockRestore();
      await strict.close();
    }
  });
});

describe('operation', () => {
  it('is told whether the process lives and whether every part is ready', async () => {
    expect(await api.call(null, { path: '/health/live' })).toMatchObject({
      status: 200,
      body: { status: 'live' },
    });
    expect(await api.call(null, { path: '/health/ready' })).toMatchObject({
      status: 200,
      body: { status: 'ready', parts: { process: 'ok', database: 'ok', migrations: 'ok', eventLog: 'ok' } },
    });
  });

  it('is told which part is not ready', async () => {
    const lame = await createTestDatabase();
    const lameApi = await startApi(lame.url);
    try {
      await lame.database.query(`delete from migrations`);
      expect(await lameApi.call(null, { path: '/health/ready' })).toMatchObject({
        status: 503,
        body: { status: 'notReady', parts: { database: 'ok', migrations: 'pending' } },
      });
    } finally {
      await lameApi.close();
      await lame.drop();
    }
  });

  it('sees durations by route, never by address', async () => {
    const id = randomUUID();
    await api.call(api.systemKey, { path: `/v1/customers/${id}` });
    const { body, headers } = await api.call<string>(null, { path: '/metrics' });
    expect(headers.get('content-type')).toContain('text/plain');
    expect(body).toContain(
      'tidings_http_request_seconds_count{method="GET",route="/v1/customers/:customerId",status="404"}',
    );
    expect(body).not.toContain(id);
  });

  it('finds the API described at /docs', async () => {
    expect((await api.call<string>(null, { path: '/docs' })).body).toContain('Tidings API');
    expect((await api.call(null, { path: '/docs-json' })).body).toMatchObject({ info: { title: 'Tidings' } });
  });
});
