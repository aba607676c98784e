import { randomUUID } from 'node:crypto';
import type { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { PATIENCE_MS } from '../../apps/dispatcher/src/contact-points/contact-point-watch';
import { startApi, type TestApi } from '../harness/api-app';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { FakePushService, type PushSubscription } from '../harness/providers/push-service';
import { WebhookReceiver } from '../harness/providers/webhook-receiver';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { register } from './api/fixtures';

interface Point {
  contactPointId: string;
  verifiedAt: string | null;
  disabledAt: string | null;
  disabledReason: string | null;
  publicKey: string | null;
  secret: string | null;
}

let own: TestDatabase;
let api: TestApi;
let dispatcher: Dispatcher;
let receiver: WebhookReceiver;
let pushes: FakePushService;
beforeAll(async () => {
  own = await createTestDatabase();
  receiver = await new WebhookReceiver().start();
  pushes = await new FakePushService().start();
  const EGRESS_ALLOW = [receiver.url, pushes.url].map((url) => new URL(url).host).join(',');
  api = await startApi(own.url, { EGRESS_ALLOW });
  dispatcher = await startDispatcher(own.url, { EGRESS_ALLOW });
});
afterEach(() => Object.assign(receiver, { secret: null, publicKey: null }).answerAlways(null));
afterAll(async () => {
  await dispatcher.stop();
  await api.close();
  await receiver.stop();
  await pushes.stop();
  await own.drop();
});

const points = '/v1/me/contact-points';
const add = (token: string, body: object, headers: Record<string, string> = {}) =>
  api.call<Point>(token, { path: points, body, headers });
const listed = async (token: string): Promise<Point[]> =>
  (await api.call<{ items: Point[] }>(token, { path: points })).body.items;
const post = <Body = Point>(token: string, path: string, body: object = {}) =>
  api.call<Body>(token, { path: `${points}/${path}`, body });
const eventsOf = (type: string) =>
  receiver.accepted.flatMap(({ fields, headers }) =>
    fields?.type === type ? [{ id: String(headers['webhook-id']), data: fields.data }] : [],
  );

/** The code as the receiver's log shows it. */
async function challengeFor(contactPointId: string): Promise<string> {
  const codes = () =>
    eventsOf('contact_point.verification')
      .map(({ data }) => data.verification as { contactPointId: string; code: string })
      .filter((challenge) => challenge.contactPointId === contactPointId);
  await eventually(
    async () => codes(),
    (found) => found.length > 0,
  );
  return codes().at(-1)?.code ?? '';
}

async function provenWebhook(token: string, path: string): Promise<Point> {
  const { body } = await add(token, { channel: 'webhook', address: `${receiver.url}/${path}` });
  const code = await challengeFor(body.contactPointId);
  expect((await post(token, `${body.contactPointId}/verification`, { code })).status).toBe(200);
  return body;
}

async function tell(customerId: string, title: string): Promise<void> {
  const facts = { serviceAlertId: randomUUID(), title, text: `${title}.`, severity: 'info' };
  await own.database.query(
    `insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at)
     values ($1, $2, 'service', 'normal', 'serviceAlert', $3, now())`,
    [randomUUID(), customerId, JSON.stringify(facts)],
  );
  await own.database.query(`select pg_notify('notifications', '')`);
}

const inboxOf = (customerId: string) =>
  own.database.query<{ subject: string; body: string }>(
    'select subject, body from inbox_messages where customer_id = $1 order by seq',
    [customerId],
  );
const disabled = async (token: string): Promise<Point> => {
  const [point] = await eventually(
    () => listed(token),
    (all) => all.some((one) => one.disabledAt !== null),
  );
  return point as Point;
};

describe('a web hook of a customer', () => {
  it('shows its secret once, is proven by a signed challenge, and then gets events that its secret verifies', async () => {
    const token = await register(api, 'ada');
    const wish = { channel: 'webhook', address: `${receiver.url}/ada#part` };
    const key = { 'idempotency-key': randomUUID() };
    const added = await add(token, wish, key);
    const { secret, publicKey, contactPointId } = added.body;
    expect(added).toMatchObject({ status: 201, body: { address: `${receiver.url}/ada`, verifiedAt: null } });
    expect(secret).toMatch(/^whsec_/);
    expect(publicKey).toMatch(/^whpk_/);
    for (const again of [await add(token, wish, key), await add(token, wish)])
      expect(again.body).toMatchObject({ contactPointId, secret: null });
    expect(JSON.stringify(await listed(token))).not.toMatch(/whsec_|whsk_/);
    Object.assign(receiver, { secret });
    const code = await challengeFor(contactPointId);
    expect((await post(token, `${contactPointId}/verification`, { code })).body.verifiedAt).not.toBeNull();
    Object.assign(receiver, { secret: null, publicKey });
    await tell('ada', 'Cards work again');
    await eventually(
      async () => eventsOf('service_alert.published').length,
      (count) => count === 1,
    );
  });

  it('gets new secrets beside the old ones, not twice while those still sign, and alone if they are compromised', async () => {
    const token = await register(api, 'rita');
    const { contactPointId, secret } = await provenWebhook(token, 'rita');
    const rotated = await post(token, `${contactPointId}/secret`);
    expect(rotated.body.secret).not.toBe(secret);
    expect((await post<{ type: string }>(token, `${contactPointId}/secret`)).body.type).toBe(
      '/problems/rotation-running',
    );
    for (const valid of [secret, rotated.body.secret]) {
      Object.assign(receiver, { secret: valid });
      const before = receiver.accepted.length;
      await tell('rita', `Signed by ${valid === secret ? 'the old' : 'the new'}`);
      await receiver.until((all) => all.filter((one) => one.accepted).length > before, 15_000);
    }
    const fresh = await post(token, `${contactPointId}/secret`, { isCompromised: true });
    const [kept] = await own.database.query<{ keys: object }>(
      'select keys from contact_points where id = $1',
      [contactPointId],
    );
    expect(kept?.keys).toEqual({ secret: fresh.body.secret, privateKey: expect.stringMatching(/^whsk_/) });
  });

  it('gets an event again, under its id, when its owner asks for it or for a span of time', async () => {
    const token = await register(api, 'rene');
    const { contactPointId } = await provenWebhook(token, 'rene');
    const mine = () => receiver.accepted.filter(({ path }) => path === '/rene').slice(1);
    await tell('rene', 'Once');
    await eventually(
      async () => mine().length,
      (count) => count === 1,
    );
    const id = String(mine()[0]?.headers['webhook-id']);
    await eventually(
      () => own.database.query('select 1 from deliveries where id = $1 and state = $2', [id, 'accepted']),
      (rows) => rows.length === 1,
    );
    const one = await post(token, `${contactPointId}/replay`, { deliveryId: id });
    expect(one).toMatchObject({ status: 202, body: { replayed: 1 } });
    await eventually(
      async () => mine().length,
      (count) => count === 2,
    );
    await eventually(
      () => post(token, `${contactPointId}/replay`, { from: '2020-01-01T00:00:00Z' }),
      ({ body }) => JSON.stringify(body) === '{"replayed":1}', // the code is not among them
    );
    await eventually(
      async () => mine().length,
      (count) => count === 3,
    );
    expect(new Set(mine().map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    expect((await post(token, `${contactPointId}/replay`, { deliveryId: randomUUID() })).status).toBe(404);
    expect((await post(token, `${contactPointId}/replay`)).status).toBe(400);
  });

  it('that says it is gone is switched off, its owner hears of it elsewhere, and another code brings it back', async () => {
    const token = await register(api, 'gone');
    const { contactPointId } = await provenWebhook(token, 'gone');
    receiver.answerAlways({ status: 410 });
    await tell('gone', 'Is anybody there');
    expect(await disabled(token)).toMatchObject({ contactPointId, disabledReason: 'gone' });
    const told = await eventually(
      () => inboxOf('gone'),
      (all) => all.some(({ subject }) => /no longer/.test(subject)),
    );
    expect(told.map(({ subject }) => subject).join('\n')).toContain(new URL(receiver.url).host);
    expect(told.map(({ body }) => body).join('\n')).not.toContain('/gone');
    receiver.answerAlways(null);
    const before = receiver.accepted.length;
    await tell('gone', 'Not for the hook');
    await eventually(
      () => inboxOf('gone'),
      (all) => all.some(({ body }) => body.includes('Not for the hook')),
    );
    expect(receiver.accepted).toHaveLength(before);
    await own.database.query(`update verification_codes set sent_at = sent_at - interval '1 hour'`);
    expect((await post(token, `${contactPointId}/code`)).body).toMatchObject({
      verifiedAt: null,
      disabledAt: null,
    });
    await receiver.until((all) => all.filter((one) => one.accepted).length > before, 15_000);
    const code = await challengeFor(contactPointId);
    expect((await post(token, `${contactPointId}/verification`, { code })).body.verifiedAt).not.toBeNull();
  });

  it('that has taken nothing in for days is switched off, and one that failed only now is not', async () => {
    const token = await register(api, 'slow');
    const { contactPointId } = await provenWebhook(token, 'slow');
    const failingSince = async () => {
      const [row] = await own.database.query<{ failing_since: Date | null }>(
        'select failing_since from contact_points where id = $1',
        [contactPointId],
      );
      return row?.failing_since ?? null;
    };
    receiver.answerAlways({ status: 500 });
    await tell('slow', 'First');
    await eventually(failingSince, (since) => since !== null);
    expect((await listed(token))[0]?.disabledAt).toBeNull();
    await own.database.query(
      `update contact_points set failing_since = failing_since - $1 * interval '1 millisecond'`,
      [PATIENCE_MS],
    );
    await tell('slow', 'Second');
    expect(await disabled(token)).toMatchObject({ contactPointId, disabledReason: 'failing' });
  });
});

describe('a browser of a customer', () => {
  it('proves itself by the code that it gets by push, and is switched off when its subscription ends', async () => {
    const token = await register(api, 'browser');
    const { body: key } = await api.call<{ publicKey: string }>(token, { path: '/v1/push-key' });
    const browser = pushes.subscribe(key.publicKey);
    const added = await add(token, { channel: 'push', address: browser.endpoint, keys: browser.keys });
    expect(added).toMatchObject({ status: 201, body: { secret: null, publicKey: null } });
    expect(JSON.stringify(added.body)).not.toContain(browser.keys.auth);
    await pushes.until((all) => all.some((one) => one.accepted), 15_000);
    const code = String(pushes.accepted[0]?.fields?.code);
    expect((await post(token, `${added.body.contactPointId}/verification`, { code })).status).toBe(200);
    await tell('browser', 'Cards work again');
    await pushes.until((all) => all.filter((one) => one.accepted).length === 2, 15_000);
    pushes.unsubscribe(browser);
    await tell('browser', 'Nobody sees this');
    expect(await disabled(token)).toMatchObject({ disabledReason: 'gone' });
  });

  it('that comes again with other keys is sealed for by these once it has proven that it can read them', async () => {
    const token = await register(api, 'renewed');
    const { body: key } = await api.call<{ publicKey: string }>(token, { path: '/v1/push-key' });
    const browser = pushes.subscribe(key.publicKey);
    const wish = ({ endpoint, keys }: PushSubscription) => ({ channel: 'push', address: endpoint, keys });
    const read = () =>
      pushes.accepted.filter(({ path }) => browser.endpoint.endsWith(path)).map(({ fields }) => fields ?? {});
    const prove = async (contactPointId: string, count: number) => {
      await eventually(
        async () => read().length,
        (length) => length === count,
      );
      const code = String(read().at(-1)?.code);
      return post(token, `${contactPointId}/verification`, { code });
    };
    const { contactPointId } = (await add(token, wish(browser))).body;
    expect((await prove(contactPointId, 1)).body.verifiedAt).not.toBeNull();
    const same = await add(token, wish(browser));
    expect(same).toMatchObject({ status: 200, body: { contactPointId, verifiedAt: expect.any(String) } });

    const renewed = await add(token, wish(pushes.renewKeys(browser)));
    expect(renewed).toMatchObject({ status: 200, body: { contactPointId, verifiedAt: null, secret: null } });
    expect((await prove(contactPointId, 2)).body.verifiedAt).not.toBeNull();
    await tell('renewed', 'Read with the new keys');
    await eventually(
      async () => read().length,
      (length) => length === 3,
    );
    expect(read().at(-1)).toMatchObject({ title: 'Read with the new keys' });
  });
});

describe('an address that leads where nothing is sent', () => {
  it.each([
    ['http://hooks.example.org/', 'does not begin with https:'],
    ['https://127.0.0.1/', 'leads into a network that nothing is sent to'],
    ['https://2852039166/latest/meta-data', 'leads into a network that nothing is sent to'],
    ['https://me:secret@hooks.example.org/', 'has a user or a password in it'],
    ['https://hooks.example.org:6379/', 'names a port that nothing is sent to'],
    ['hooks.example.org', 'is not a URL'],
  ])('is refused when it is added: %s %s', async (address, problem) => {
    const token = await register(api, `refused-${randomUUID()}`);
    expect(await add(token, { channel: 'webhook', address })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'address', problem }] },
    });
  });

  it('is refused with keys where none belong, and without them where they do', async () => {
    const token = await register(api, 'keys');
    const keys = { p256dh: `B${'a'.repeat(86)}`, auth: 'a'.repeat(22) };
    const address = 'https://push.example.org/1';
    for (const wish of [
      { channel: 'push', address },
      { channel: 'push', address, keys: { ...keys, auth: 'short' } },
      { channel: 'email', address: 'ada@example.org', keys },
      { channel: 'webhook', address, keys },
    ])
      expect((await add(token, wish)).status).toBe(400);
    expect((await add(token, { channel: 'push', address, keys })).status).toBe(201);
  });
});
