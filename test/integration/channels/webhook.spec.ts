import {
  newWebhookKeys,
  rotateWebhookKeys,
  WebhookAdapter,
  webhookPublicKey,
  ROTATION_OVERLAP_MS,
} from '@app/channels';
import type { AlertFacts, DigestFacts, OutgoingMessage } from '@app/contracts';
import { exerciseProvider } from '../../../libs/channels/src/testing/exercise-channel';
import { aMessage } from '../../harness/a-message';
import { WebhookReceiver } from '../../harness/providers/webhook-receiver';

const signal = new AbortController().signal;
const keys = newWebhookKeys();
const asKept = (own: object) => ({ ...own }) as Record<string, string>;
const allowing = (url: string) => ({ egress: { allow: [new URL(url).host] } });
const anEventTo = (baseUrl: string, over: Partial<OutgoingMessage> = {}) =>
  aMessage({ channel: 'webhook', to: `${baseUrl}/hooks/tidings`, keys: asKept(keys), ...over });

exerciseProvider('events to a web hook', {
  server: () => Object.assign(new WebhookReceiver(), { secret: keys.secret }),
  open: ({ baseUrl, timeoutMs }) => new WebhookAdapter({ ...allowing(baseUrl), timeoutMs }),
  message: (baseUrl, isWrong) => anEventTo(baseUrl, isWrong ? { keys: asKept(newWebhookKeys()) } : {}),
  secrets: [keys.secret, keys.privateKey],
  proof: 'status',
  // Receivers answer 401 and 404 while they are deployed: only 410 is the last word.
  kindOf: (status) => (status === 410 ? 'rejected' : 'retryable'),
  strangersReason: 'refused',
});

describe('an event to a web hook', () => {
  let server: WebhookReceiver;
  let adapter: WebhookAdapter;
  beforeEach(async () => {
    server = await new WebhookReceiver().start();
    adapter = new WebhookAdapter(allowing(server.url));
  });
  afterEach(async () => {
    await adapter.close();
    await server.stop();
  });
  const send = (over: Partial<OutgoingMessage> = {}) => adapter.send(anEventTo(server.url, over), signal);

  it('keeps its id over all tries, is signed anew each time, and passes the library of Standard Webhooks', async () => {
    server.secret = keys.secret;
    const one = anEventTo(server.url);
    server.failNext({ status: 503 });
    const outcomes = [
      await adapter.send(one, signal),
      await adapter.send({ ...one, attemptId: 'b' }, signal),
    ];
    expect(outcomes.map(({ kind }) => kind)).toEqual(['retryable', 'accepted']);
    const ids = server.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([one.deliveryId, one.deliveryId]);
    for (const { at, headers } of server.received)
      expect(Math.abs(Number(headers['webhook-timestamp']) - at / 1000)).toBeLessThan(5);
    expect(server.received[0]?.headers['content-type']).toBe('application/json');
  });

  it('can be checked by the public key alone', async () => {
    server.publicKey = webhookPublicKey(keys);
    expect((await send()).kind).toBe('accepted');
    server.publicKey = webhookPublicKey(newWebhookKeys());
    expect(await send()).toEqual({ kind: 'retryable', reason: 'refused' });
  });

  it('is signed by the old and the new keys while a rotation lasts, and by the new ones alone afterwards', async () => {
    const rotated = asKept(rotateWebhookKeys(keys, Date.now()));
    const over = asKept(rotateWebhookKeys(keys, Date.now() - ROTATION_OVERLAP_MS - 1_000));
    for (const [own, old] of [
      [rotated, 'accepted'],
      [over, 'retryable'],
    ] as const) {
      server.secret = keys.secret;
      expect((await send({ keys: own })).kind).toBe(old);
      server.secret = own.secret ?? '';
      expect((await send({ keys: own })).kind).toBe('accepted');
      server.publicKey = webhookPublicKey(keys);
      expect((await send({ keys: own })).kind).toBe(old);
      server.publicKey = null;
    }
    // A second rotation ends what was before the first.
    expect(rotateWebhookKeys({ ...keys, ...rotated }, 0).previousSecret).toBe(rotated.secret);
  });

  it('says what happened in words and in exact amounts', async () => {
    const facts = {
      ...{ alertId: 'a1', ruleId: 'r1', ruleTitle: 'Low', condition: 'falls below 100.00 EUR' },
      ...{ metric: 'account.balance', metricTitle: 'balance', unit: 'EUR', scale: 2, subject: 'account:42' },
      ...{ value: 9_210, at: 1_700_000_000_000, openedAt: 1_700_000_000_000 },
    } satisfies AlertFacts;
    const about = {
      notificationId: 'n1',
      topic: 'alerts',
      body: { kind: 'alertFired', facts },
      causedAt: facts.at,
    } as const;
    await send({ about, subject: 'Balance is low', text: 'Your balance is 92.10 EUR.' });
    expect(server.received[0]?.fields).toEqual({
      type: 'alert.fired',
      timestamp: '2023-11-14T22:13:20.000Z',
      data: {
        ...{
          notificationId: 'n1',
          topic: 'alerts',
          title: 'Balance is low',
          text: 'Your balance is 92.10 EUR.',
        },
        alert: {
          ...{ alertId: 'a1', ruleId: 'r1', ruleTitle: 'Low', condition: 'falls below 100.00 EUR' },
          ...{
            metric: 'account.balance',
            unit: 'EUR',
            subject: 'account:42',
            value: '92.10',
            measure: null,
            severity: null,
            openedBy: null,
            endedBy: null,
          },
          ...{ at: '2023-11-14T22:13:20.000Z', openedAt: '2023-11-14T22:13:20.000Z', endedAt: null },
        },
      },
    });
  });

  it('with the code that proves the address is a signed challenge', async () => {
    server.secret = keys.secret;
    const facts = { contactPointId: 'c1', code: '123456', expiresAt: 1_700_000_000_000 };
    const body = { kind: 'verificationCode', facts } as const;
    await send({ about: { notificationId: 'n1', topic: 'verification', body, causedAt: 0 } });
    expect(server.accepted[0]?.fields).toMatchObject({
      type: 'contact_point.verification',
      data: { verification: { contactPointId: 'c1', code: '123456', expiresAt: '2023-11-14T22:13:20.000Z' } },
    });
  });

  it('never grows to 20,000 bytes, however much there is to say', async () => {
    const item = (n: number): DigestFacts['items'][number] => ({
      notificationId: `n${n}`,
      causedAt: n,
      body: { kind: 'serviceAlert', facts: { serviceAlertId: 's', title: 't', text: '', severity: 'info' } },
    });
    const facts: DigestFacts = {
      ...{ digestId: 'd', contactPointId: null, count: 20, because: 'digest' },
      items: Array.from({ length: 20 }, (_, n) => item(n)),
    };
    const about = {
      notificationId: 'n',
      topic: 'alerts',
      body: { kind: 'digest', facts },
      causedAt: 0,
    } as const;
    for (const text of ['x'.repeat(60_000), '😀"\n'.repeat(20_000)]) {
      await send({ about, text });
      expect(Number(server.received.at(-1)?.headers['content-length'])).toBeLessThan(20_000);
      expect(server.received.at(-1)?.fields?.data).toMatchObject({ digest: { count: 20 } });
    }
  });

  it('is the last one to a receiver that says it is gone for good', async () => {
    server.failNext({ status: 410 });
    expect(await send()).toEqual({ kind: 'rejected', reason: 'invalidAddress' });
  });

  it.each([429, 502, 504])(
    'gives a receiver that answers %i a rest, as long as it asks for or a minute',
    async (status) => {
      server.failNext({ status });
      expect(await send()).toMatchObject({
        kind: 'retryable',
        retryAfterMs: 60_000,
      });
      server.failNext({ status, headers: { 'retry-after': '120' } });
      expect(await send()).toMatchObject({ kind: 'retryable', retryAfterMs: 120_000 });
    },
  );

  it('goes nowhere that the guard does not let it, and nowhere unsigned', async () => {
    const guarded = new WebhookAdapter({ egress: { allow: [] } });
    for (const to of [`${server.url}/hooks`, 'https://169.254.169.254/latest/meta-data', 'https://[::1]/'])
      expect(await guarded.send(anEventTo('', { to }), signal)).toEqual({
        kind: 'rejected',
        reason: 'forbiddenAddress',
      });
    expect(await send({ keys: null })).toEqual({ kind: 'rejected', reason: 'configuration' });
    expect(server.received).toHaveLength(0);
    await guarded.close();
  });
});
