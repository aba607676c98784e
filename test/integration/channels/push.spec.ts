import { createECDH } from 'node:crypto';
import { PushAdapter, vapidKeysOf, type PushSettings, type VapidKeys } from '@app/channels';
import type { OutgoingMessage } from '@app/contracts';
import { exerciseProvider } from '../../../libs/channels/src/testing/exercise-channel';
import { aMessage } from '../../harness/a-message';
import { decryptPush } from '../../harness/providers/push-decryption';
import { FakePushService, type PushSubscription } from '../../harness/providers/push-service';

const signal = new AbortController().signal;
const newKeys = (): Promise<VapidKeys> => vapidKeysOf(null, async (_name, made) => made);
const to = ({ endpoint, keys }: PushSubscription, over: Partial<OutgoingMessage> = {}) =>
  aMessage({ channel: 'push', to: endpoint, keys, ...over });

let vapid: VapidKeys;
let other: VapidKeys;
let service: FakePushService;
beforeAll(async () => {
  vapid = await newKeys();
  other = await newKeys();
});

const settingsFor = (url: string, own: VapidKeys, timeoutMs?: number): PushSettings => ({
  egress: { allow: [new URL(url).host] },
  vapid: own,
  subject: 'mailto:alerts@tidings.example',
  timeoutMs,
});

exerciseProvider('web push', {
  server: () => (service = new FakePushService()),
  open: ({ baseUrl, timeoutMs, wrongCredentials }) =>
    new PushAdapter(settingsFor(baseUrl, wrongCredentials ? other : vapid, timeoutMs)),
  message: (baseUrl) => to(service.subscribe(vapid.publicKey, baseUrl)),
  secrets: [],
  proof: 'status',
});

describe('a push', () => {
  let adapter: PushAdapter;
  beforeEach(async () => {
    service = await new FakePushService().start();
    adapter = new PushAdapter(settingsFor(service.url, vapid));
  });
  afterEach(async () => {
    await adapter.close();
    await service.stop();
  });

  it('can be read by the browser that it is for, and says what a notification shows', async () => {
    const browser = service.subscribe(vapid.publicKey);
    const one = to(browser, { subject: 'Balance is low', text: 'Your balance is 92.10 EUR.' });
    expect(await adapter.send(one, signal)).toEqual({ kind: 'accepted', providerMessageId: one.deliveryId });
    expect(service.accepted[0]?.fields).toEqual({
      ...{ tag: one.deliveryId, title: 'Balance is low', body: 'Your balance is 92.10 EUR.' },
      ...{ kind: 'serviceAlert', topic: 'service', urgent: false },
    });
  });

  it('brings the code that proves the browser, which the page gives back', async () => {
    const facts = { contactPointId: 'c1', code: '123456', expiresAt: Date.now() };
    const body = { kind: 'verificationCode', facts } as const;
    const about = { notificationId: 'n', topic: 'verification', body, causedAt: 0 };
    await adapter.send(to(service.subscribe(vapid.publicKey), { about, urgent: true }), signal);
    expect(service.accepted[0]?.fields).toMatchObject({
      kind: 'verificationCode',
      code: '123456',
      contactPointId: 'c1',
    });
  });

  it('waits no longer than it is worth, replaces its own repetition, and wakes the device only if it must', async () => {
    const browser = service.subscribe(vapid.publicKey);
    const one = to(browser, { expiresAt: Date.now() + 90_500 });
    await adapter.send(one, signal);
    await adapter.send(to(browser, { urgent: true, expiresAt: Date.now() + 90 * 86_400_000 }), signal);
    const [calm, urgent] = service.accepted.map(({ headers }) => headers);
    expect(calm).toMatchObject({ urgency: 'normal', topic: one.deliveryId.replaceAll('-', '') });
    expect(Number(calm?.ttl)).toBeLessThanOrEqual(90);
    const leftMs = one.expiresAt - (service.accepted[0]?.at ?? 0);
    expect(Number(calm?.ttl)).toBeGreaterThanOrEqual(Math.floor(leftMs / 1_000)); // whole seconds, as of the call
    expect(urgent).toMatchObject({ ttl: String(28 * 86_400), urgency: 'high' });
  });

  it('is cut to what a push service takes, in whole letters', async () => {
    const browser = service.subscribe(vapid.publicKey);
    for (const text of ['x'.repeat(9_000), '😀"'.repeat(4_000)]) {
      expect((await adapter.send(to(browser, { text }), signal)).kind).toBe('accepted');
      const shown = String(service.accepted.at(-1)?.fields?.body);
      expect(text.startsWith(shown)).toBe(true);
      expect(shown.isWellFormed()).toBe(true);
    }
  });

  it.each([
    ['that a person switched off', (browser: PushSubscription) => service.unsubscribe(browser)],
    [
      'that the service has forgotten',
      (browser: PushSubscription) => void (browser.endpoint += '-forgotten'),
    ],
  ])('to a subscription %s proves the address dead', async (_what, end) => {
    const browser = service.subscribe(vapid.publicKey);
    end(browser);
    expect(await adapter.send(to(browser), signal)).toEqual({ kind: 'rejected', reason: 'invalidAddress' });
  });

  it('waits as long as a service asks that is asked too much', async () => {
    service.failNext({ status: 429, headers: { 'retry-after': '40' } });
    const outcome = await adapter.send(to(service.subscribe(vapid.publicKey)), signal);
    expect(outcome).toEqual({ kind: 'retryable', reason: 'throttled', retryAfterMs: 40_000 });
  });

  it('goes nowhere that the guard does not let it, and nowhere without the keys to encrypt for', async () => {
    const guarded = new PushAdapter({ egress: { allow: [] }, vapid, subject: 'mailto:a@b.example' });
    const browser = service.subscribe(vapid.publicKey);
    expect(await guarded.send(to(browser), signal)).toEqual({ kind: 'rejected', reason: 'forbiddenAddress' });
    expect(await adapter.send(to(browser, { keys: null }), signal)).toEqual({
      kind: 'rejected',
      reason: 'configuration',
    });
    expect(service.received).toHaveLength(0);
    await guarded.close();
  });
});

describe('the harness’s browser', () => {
  it('reads the example of RFC 8291, appendix A', () => {
    const browser = createECDH('prime256v1');
    browser.setPrivateKey(Buffer.from('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url'));
    const auth = Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url');
    const body =
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
    expect(decryptPush(Buffer.from(body, 'base64url'), browser, auth)).toBe(
      'When I grow up, I want to be a watermelon',
    );
  });
});
