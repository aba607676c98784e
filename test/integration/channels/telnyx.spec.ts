import { TelnyxAdapter, type TelnyxSettings } from '@app/channels';
import type { OutgoingMessage } from '@app/contracts';
import { exerciseProvider } from '../../../libs/channels/src/testing/exercise-channel';
import { aMessage } from '../../harness/a-message';
import { FakeTelnyx, TELNYX_ACCOUNT } from '../../harness/providers/telnyx-server';

const signal = new AbortController().signal;
const { apiKey } = TELNYX_ACCOUNT;
const from = TELNYX_ACCOUNT.numbers[0];
const text = (over: Partial<OutgoingMessage> = {}) =>
  aMessage({ channel: 'sms', to: '+4915112345678', ...over });

exerciseProvider('sms by Telnyx', {
  server: () => new FakeTelnyx(),
  open: ({ wrongCredentials, ...where }) =>
    new TelnyxAdapter({ from, ...where, apiKey: wrongCredentials ? 'KEY-of-somebody-else' : apiKey }),
  message: () => text(),
  secrets: [apiKey],
  proof: 'body',
});

describe('through Telnyx', () => {
  const webhookUrl = 'https://tidings.example/v1/callbacks/telnyx/events?v=1';
  let server: FakeTelnyx;
  let adapters: TelnyxAdapter[];
  beforeEach(async () => {
    server = await new FakeTelnyx().start();
    adapters = [];
  });
  afterEach(async () => {
    await Promise.all(adapters.map((adapter) => adapter.close()));
    await server.stop();
  });
  function open(over: Partial<TelnyxSettings> = {}): TelnyxAdapter {
    const adapter = new TelnyxAdapter({ apiKey, from, baseUrl: server.url, webhookUrl, ...over });
    adapters.push(adapter);
    return adapter;
  }
  const send = (one = text(), over: Partial<TelnyxSettings> = {}) => open(over).send(one, signal);

  describe('a text', () => {
    it('says who sends, to whom, what, and where its fate is told', async () => {
      const one = text();
      expect((await send(one)).kind).toBe('accepted');
      expect(server.received.at(-1)?.fields).toEqual({
        to: one.to,
        from,
        text: one.text,
        type: 'SMS',
        webhook_url: `${webhookUrl}&attempt=${one.attemptId}`,
      });
    });

    it('goes out by a profile’s pool of numbers where no sender is set, and by a name with its profile', async () => {
      const messagingProfileId = TELNYX_ACCOUNT.profile;
      expect((await send(text(), { from: undefined, messagingProfileId })).kind).toBe('accepted');
      expect(server.received.at(-1)?.fields).not.toHaveProperty('from');
      expect((await send(text(), { from: 'Tidings', messagingProfileId })).kind).toBe('accepted');
    });

    it.each([
      ['to a number that is none', text({ to: '0151 1234' }), 'invalidAddress'],
      ['to nobody', text({ to: '' }), 'configuration'],
      ['with nothing to say', text({ text: '' }), 'content'],
      ['with too much to say', text({ text: 'x'.repeat(1_600) }), 'content'],
    ])('%s is refused by the provider for the right reason', async (_what, one, reason) => {
      expect(await send(one)).toEqual({ kind: 'rejected', reason });
    });

    it('from a number or a profile that is not ours is a matter for operators', async () => {
      const refused = { kind: 'rejected', reason: 'configuration' };
      expect(await send(text(), { from: '+15005559999' })).toEqual(refused);
      expect(await send(text(), { from: 'Nobody', messagingProfileId: TELNYX_ACCOUNT.profile })).toEqual(
        refused,
      );
      expect(await send(text(), { messagingProfileId: '00000000-0000-0000-0000-000000000000' })).toEqual(
        refused,
      );
    });

    it('to somebody who replied STOP is refused as that', async () => {
      const one = text();
      server.stopped.add(one.to);
      expect(await send(one)).toEqual({ kind: 'rejected', reason: 'optedOut' });
    });

    it.each([
      ['10009', 'rejected', 'unauthorized'],
      ['10011', 'retryable', 'throttled'],
      ['20100', 'rejected', 'configuration'],
      ['40001', 'rejected', 'invalidAddress'],
      ['40002', 'retryable', 'blocked'],
      ['40006', 'retryable', 'unreachableHandset'],
      ['40008', 'retryable', 'providerError'],
      ['40010', 'rejected', 'configuration'],
      ['40015', 'rejected', 'content'],
      ['40300', 'retryable', 'unreachableHandset'],
      ['40310', 'rejected', 'invalidAddress'],
      ['40318', 'retryable', 'throttled'],
    ])('refused with code %s is %s, %s', async (code, kind, reason) => {
      server.failNext({ status: 400, body: { errors: [{ code, title: 'Refused' }] } });
      expect(await send()).toEqual({ kind, reason });
    });

    it.each([
      [
        'about a number that is the recipient’s',
        { code: '10002', source: { pointer: '/to' } },
        'invalidAddress',
      ],
      ['about a number of ours', { code: '10002', source: { pointer: '/from' } }, 'configuration'],
      ['about a number, it does not say whose', { code: '10001' }, 'configuration'],
      ['with a code that nobody knows', { code: '99999' }, 'refused'],
      ['with something else than errors', 'oh', 'refused'],
    ])('refused %s is held against the customer only where it must be', async (_what, error, reason) => {
      server.failNext({ status: 422, body: { errors: [error] } });
      expect(await send()).toEqual({ kind: 'rejected', reason });
    });

    it('waits as many seconds as Telnyx’s own header says', async () => {
      server.failNext({ status: 429, headers: { 'x-ratelimit-reset': '7' } });
      expect(await send()).toEqual({ kind: 'retryable', reason: 'throttled', retryAfterMs: 7_000 });
    });
  });

  describe('a question about a text', () => {
    const about = (one: OutgoingMessage, providerMessageId: string | null) => ({
      ...{ attemptId: one.attemptId, deliveryId: one.deliveryId, to: one.to, text: one.text },
      ...{ sentAt: Date.now(), providerMessageId },
    });
    const ask = (one: OutgoingMessage, id: string | null = null, over: Partial<TelnyxSettings> = {}) =>
      open(over).askAbout(about(one, id), signal);

    it('is answered by its id', async () => {
      const one = text();
      const sent = await send(one);
      const id = 'providerMessageId' in sent ? sent.providerMessageId : '';
      server.statuses.set(id, { status: 'delivered' });
      expect(await ask(one, id)).toMatchObject({
        kind: 'found',
        receipt: { state: 'delivered', provider: 'telnyx', attemptId: one.attemptId, address: one.to },
      });
    });

    it('finds the one whose answer was lost by our own attempt, among others of the same words to the same number', async () => {
      const [one, other] = [text({ text: 'same' }), text({ text: 'same' })];
      await send(other);
      server.failNext({ resetAfterAccept: true });
      expect((await send(one)).kind).toBe('ambiguous');
      const found = await ask(one);
      expect(found).toMatchObject({ kind: 'found', receipt: { state: 'accepted' } });
      expect(found).toMatchObject({ receipt: { providerMessageId: server.accepted.at(-1)?.id } });
    });

    it('does not find one that Telnyx never took', async () => {
      await send();
      server.failNext({ reset: true });
      const one = text();
      expect((await send(one)).kind).toBe('ambiguous');
      expect(await ask(one)).toEqual({ kind: 'notFound' });
    });

    it('proves nothing where records name no attempt, or nobody answers', async () => {
      const one = text();
      await send(one, { webhookUrl: undefined });
      expect(await ask(one)).toEqual({ kind: 'unknown' });
      server.canBeAsked = false;
      expect(await ask(one)).toEqual({ kind: 'unknown' });
      expect(await ask(one, '0'.repeat(36))).toEqual({ kind: 'unknown' });
    });
  });
});

/** A server that takes anything in proves nothing about what talks to it. */
describe('the server that speaks Telnyx’s protocol refuses', () => {
  const server = new FakeTelnyx();
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  const good = { to: '+4915112345678', from, text: 'hello' };

  async function post(body: unknown, key = apiKey): Promise<{ status: number; code?: string; id?: string }> {
    const answer = await fetch(`${server.url}/v2/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const told = (await answer.json()) as { errors?: { code: string }[]; data?: { id: string } };
    return { status: answer.status, code: told.errors?.[0]?.code, id: told.data?.id };
  }

  it('nothing of what the provider would take', async () => {
    expect(await post(good)).toMatchObject({ status: 200, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it.each([
    ['no recipient', { ...good, to: undefined }, '10004'],
    ['a recipient that is no number', { ...good, to: '12' }, '40310'],
    ['no sender', { ...good, from: undefined }, '40305'],
    ['a sender of somebody else', { ...good, from: '+15005550007' }, '40305'],
    ['a sender name without its profile', { ...good, from: 'Tidings' }, '40306'],
    ['a profile that is not there', { ...good, messaging_profile_id: 'x' }, '10005'],
    ['no words', { ...good, text: '' }, '40316'],
    ['too many words', { ...good, text: 'x'.repeat(1_531) }, '40302'],
    ['a webhook that is no URL', { ...good, webhook_url: 'here' }, '10003'],
    ['what is not JSON', '{', '10015'],
  ])('%s', async (_what, body, code) => {
    expect(await post(body)).toMatchObject({ status: 400, code });
  });

  it('a stranger, with the code for it, be it to send or to ask', async () => {
    expect(await post(good, 'KEY-of-somebody-else')).toMatchObject({ status: 401, code: '10009' });
    for (const path of ['/v2/messages/x', '/v2/detail_records?filter[record_type]=messaging'])
      expect((await fetch(`${server.url}${path}`)).status).toBe(401);
    expect(server.received.at(-1)?.accepted).toBe(false);
  });
});
