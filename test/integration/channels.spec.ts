import { InboxAdapter, OutboxAdapter, SendGridAdapter, TwilioAdapter, XAdapter } from '@app/channels';
import { CHANNELS, type OutgoingMessage } from '@app/contracts';
import { exerciseKeeper, exerciseProvider } from '../../libs/channels/src/testing/exercise-channel';
import { aMessage } from '../harness/a-message';
import { FakeSendGrid, SENDGRID_ACCOUNT } from '../harness/providers/sendgrid-server';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { FakeX, X_ACCOUNT } from '../harness/providers/x-server';

const signal = new AbortController().signal;

const text = (over: Partial<OutgoingMessage> = {}) =>
  aMessage({ channel: 'sms', to: '+4915112345678', ...over });
const mail = (over: Partial<OutgoingMessage> = {}) =>
  aMessage({ channel: 'email', to: 'ada@customers.example', ...over });
const post = (over: Partial<OutgoingMessage> = {}) => aMessage({ channel: 'social', to: 'public', ...over });

const twilio = {
  accountSid: TWILIO_ACCOUNT.accountSid,
  authToken: TWILIO_ACCOUNT.authToken,
  sender: { from: '+15005550006' },
};
const sendgrid = {
  apiKey: SENDGRID_ACCOUNT.apiKey,
  from: { email: 'alerts@tidings.example', name: 'Tidings' },
};

exerciseProvider('sms by Twilio', {
  server: () => new FakeTwilio(),
  open: ({ wrongCredentials, ...where }) =>
    new TwilioAdapter({ ...twilio, ...where, ...(wrongCredentials && { authToken: 'not-the-token' }) }),
  message: () => text(),
  secrets: [TWILIO_ACCOUNT.authToken, TWILIO_ACCOUNT.accountSid],
  proof: 'body',
});

exerciseProvider('mail by SendGrid', {
  server: () => new FakeSendGrid(),
  open: ({ wrongCredentials, ...where }) =>
    new SendGridAdapter({ ...sendgrid, ...where, ...(wrongCredentials && { apiKey: 'SG.not.the-key' }) }),
  message: () => mail(),
  secrets: [SENDGRID_ACCOUNT.apiKey],
  proof: 'header',
});

exerciseProvider('posts on X', {
  server: () => new FakeX(),
  open: ({ wrongCredentials, ...where }) =>
    new XAdapter({ ...X_ACCOUNT, ...where, ...(wrongCredentials && { accessSecret: 'not-the-secret' }) }),
  message: () => post(),
  secrets: Object.values(X_ACCOUNT),
  proof: 'body',
});

exerciseProvider('direct messages on X', {
  server: () => new FakeX(),
  open: ({ wrongCredentials, ...where }) =>
    new XAdapter({ ...X_ACCOUNT, ...where, ...(wrongCredentials && { apiSecret: 'not-the-secret' }) }),
  message: () => post({ to: '2244994945' }),
  secrets: Object.values(X_ACCOUNT),
  proof: 'body',
});

exerciseKeeper('the inbox', { open: (keep) => new InboxAdapter({ keep }), message: () => aMessage({}) });
for (const channel of CHANNELS) {
  exerciseKeeper(`the outbox of ${channel}`, {
    open: (keep) => new OutboxAdapter(channel, { keep }),
    message: () => aMessage({ channel }),
  });
}

describe('a text message through Twilio', () => {
  const server = new FakeTwilio();
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  it('says who sends, to whom, what, how long it may wait, and where its fate is told', async () => {
    const statusCallbackUrl = 'https://tidings.example/receipts/twilio?v=1';
    const adapter = new TwilioAdapter({ ...twilio, baseUrl: server.url, statusCallbackUrl });
    const one = text({ expiresAt: Date.now() + 600_500 });
    expect((await adapter.send(one, signal)).kind).toBe('accepted');
    const [{ fields, at }] = server.received.slice(-1) as [(typeof server.received)[number]];
    const waitS = Number(fields?.ValidityPeriod);
    expect(waitS).toBeLessThanOrEqual(600);
    expect(waitS).toBeGreaterThanOrEqual(Math.floor((one.expiresAt - at) / 1_000)); // whole seconds, as of the call
    expect(fields).toEqual({
      To: one.to,
      From: '+15005550006',
      Body: one.text,
      ValidityPeriod: String(waitS),
      StatusCallback: `https://tidings.example/receipts/twilio?v=1&attempt=${one.attemptId}`,
    });
    await adapter.close();
  });

  it('goes out by a messaging service where one is set, and never waits longer than Twilio allows', async () => {
    const messagingServiceSid = TWILIO_ACCOUNT.services[0] ?? '';
    const adapter = new TwilioAdapter({ ...twilio, sender: { messagingServiceSid }, baseUrl: server.url });
    await adapter.send(text({ expiresAt: Date.now() + 72 * 3_600_000 }), signal);
    const fields = server.received.at(-1)?.fields;
    expect(fields).toMatchObject({ MessagingServiceSid: messagingServiceSid, ValidityPeriod: '36000' });
    expect(fields).not.toHaveProperty('From');
    await adapter.close();
  });

  it.each([
    [21211, 'rejected', 'invalidAddress'],
    [21610, 'rejected', 'optedOut'],
    [21408, 'rejected', 'configuration'],
    [21617, 'rejected', 'content'],
    [21611, 'retryable', 'throttled'],
    [30003, 'retryable', 'unreachableHandset'],
    [30004, 'rejected', 'blocked'],
    [99999, 'rejected', 'refused'],
  ])('reads code %i as %s, %s', async (code, kind, reason) => {
    const adapter = new TwilioAdapter({ ...twilio, baseUrl: server.url });
    server.failNext({ code });
    expect(await adapter.send(text(), signal)).toEqual({ kind, reason });
    await adapter.close();
  });

  it.each([
    ['a number that is none', text({ to: '0151 1234' }), 'invalidAddress'],
    ['nobody', text({ to: '' }), 'invalidAddress'],
    ['somebody with nothing to say', text({ text: '' }), 'content'],
    ['somebody with too much to say', text({ text: 'x'.repeat(1601) }), 'content'],
  ])('to %s is refused by the provider for the right reason', async (_what, one, reason) => {
    const adapter = new TwilioAdapter({ ...twilio, baseUrl: server.url });
    expect(await adapter.send(one, signal)).toEqual({ kind: 'rejected', reason });
    await adapter.close();
  });

  it('from a number that is not ours is a matter for operators', async () => {
    const adapter = new TwilioAdapter({ ...twilio, sender: { from: '+15005559999' }, baseUrl: server.url });
    expect(await adapter.send(text(), signal)).toEqual({ kind: 'rejected', reason: 'configuration' });
    await adapter.close();
  });
});

describe('a mail through SendGrid', () => {
  const server = new FakeSendGrid();
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  it('carries text and HTML, names its sender, and gives the provider nothing but opaque ids to keep', async () => {
    const adapter = new SendGridAdapter({ ...sendgrid, baseUrl: server.url });
    const one = mail();
    await adapter.send(one, signal);
    expect(server.received.at(-1)?.fields).toEqual({
      personalizations: [
        {
          to: [{ email: one.to }],
          custom_args: { delivery_id: one.deliveryId, attempt_id: one.attemptId },
        },
      ],
      from: { email: 'alerts@tidings.example', name: 'Tidings' },
      subject: one.subject,
      content: [
        { type: 'text/plain', value: one.text },
        { type: 'text/html', value: one.html },
      ],
      headers: { 'Auto-Submitted': 'auto-generated' },
      tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
    });
    await adapter.close();
  });

  it('can be stopped by one click, without opening it', async () => {
    const adapter = new SendGridAdapter({ ...sendgrid, baseUrl: server.url });
    const unsubscribe = 'https://tidings.example/u/token';
    await adapter.send(
      mail({ links: { unsubscribe, preferences: 'https://tidings.example/p/token' } }),
      signal,
    );
    expect(server.accepted.at(-1)?.fields).toMatchObject({
      headers: {
        'List-Unsubscribe': `<${unsubscribe}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
    await adapter.close();
  });

  it.each([
    ['to an address that is none', mail({ to: 'not an address' }), 'invalidAddress'],
    ['without a subject', mail({ subject: '' }), 'content'],
    ['without any words', mail({ text: '', html: '' }), 'content'],
  ])('%s is refused for the right reason', async (_what, one, reason) => {
    const adapter = new SendGridAdapter({ ...sendgrid, baseUrl: server.url });
    expect(await adapter.send(one, signal)).toEqual({ kind: 'rejected', reason });
    await adapter.close();
  });

  it('from an address that SendGrid has not verified is a matter for operators', async () => {
    const adapter = new SendGridAdapter({ ...sendgrid, from: { email: 'a@b.example' }, baseUrl: server.url });
    expect(await adapter.send(mail(), signal)).toEqual({ kind: 'rejected', reason: 'configuration' });
    await adapter.close();
  });

  it('waits until the instant that SendGrid names when the rate is used up', async () => {
    const adapter = new SendGridAdapter({ ...sendgrid, baseUrl: server.url });
    const reset = String(Math.ceil(Date.now() / 1000) + 30);
    server.failNext({ status: 429, headers: { 'x-ratelimit-reset': reset } });
    const outcome = await adapter.send(mail(), signal);
    expect(outcome).toMatchObject({ kind: 'retryable', reason: 'throttled' });
    expect('retryAfterMs' in outcome && outcome.retryAfterMs).toBeGreaterThan(20_000);
    await adapter.close();
  });

  it('waits for the next day when the daily quota is used up, although that comes as a 401', async () => {
    const adapter = new SendGridAdapter({ ...sendgrid, baseUrl: server.url });
    const body = { errors: [{ message: 'Maximum credits exceeded', field: null, help: null }] };
    server.failNext({ status: 401, body });
    expect(await adapter.send(mail(), signal)).toEqual({ kind: 'retryable', reason: 'throttled' });
    await adapter.close();
  });
});

describe('a word on X', () => {
  const server = new FakeX();
  const adapter = () => new XAdapter({ ...X_ACCOUNT, baseUrl: server.url });
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  it('goes to everybody as a post and to one account as a direct message', async () => {
    const x = adapter();
    await x.send(post({ text: 'Flights from Newark are late.' }), signal);
    expect(server.received.at(-1)).toMatchObject({
      path: '/2/tweets',
      fields: { text: 'Flights from Newark are late.' },
    });
    await x.send(post({ to: '2244994945', text: 'Your flight is late.' }), signal);
    expect(server.received.at(-1)).toMatchObject({
      path: '/2/dm_conversations/with/2244994945/messages',
      fields: { text: 'Your flight is late.' },
      accepted: true,
    });
    await x.close();
  });

  it('posted twice with the same text is refused as duplicate, which tells a caller in doubt that it is there', async () => {
    const x = adapter();
    const one = post();
    server.failNext({ resetAfterAccept: true });
    expect((await x.send(one, signal)).kind).toBe('ambiguous');
    expect(await x.send(one, signal)).toEqual({ kind: 'rejected', reason: 'duplicateContent' });
    await x.close();
  });

  it('waits until the window opens again, X naming no other time', async () => {
    const x = adapter();
    server.failNext({ status: 429 });
    const outcome = await x.send(post(), signal);
    expect(outcome).toMatchObject({ kind: 'retryable', reason: 'throttled' });
    const wait = 'retryAfterMs' in outcome ? (outcome.retryAfterMs ?? 0) : 0;
    expect(wait).toBeGreaterThan(14 * 60_000);
    expect(wait).toBeLessThanOrEqual(15 * 60_000 + 1_000);
    await x.close();
  });

  it.each([
    ['over 280 letters', post({ text: 'x'.repeat(281) }), 'content'],
    ['to an account of another network', post({ to: 'ada.bsky.social' }), 'configuration'],
    ['without words', post({ text: '' }), 'content'],
  ])('%s is refused for the right reason', async (_what, one, reason) => {
    const x = adapter();
    expect(await x.send(one, signal)).toEqual({ kind: 'rejected', reason });
    await x.close();
  });

  it('to somebody who takes no messages from us is blocked, not an error', async () => {
    const x = adapter();
    server.closedInboxes.add('77');
    expect(await x.send(post({ to: '77' }), signal)).toEqual({ kind: 'rejected', reason: 'blocked' });
    await x.close();
  });
});
