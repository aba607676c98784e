import { request } from 'node:http';
import { XAdapter } from '@app/channels';
import { aMessage } from '../harness/a-message';
import { BLUESKY_ACCOUNT, FakeBluesky } from '../harness/providers/bluesky-server';
import { FakeSendGrid, SENDGRID_ACCOUNT } from '../harness/providers/sendgrid-server';
import { FakeTeams, TEAMS_HOOK } from '../harness/providers/teams-server';
import { FakeTelegram, TELEGRAM_BOT } from '../harness/providers/telegram-server';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { FakeTwilioVoice } from '../harness/providers/twilio-voice-server';
import { FakeX, X_ACCOUNT } from '../harness/providers/x-server';

/** A server that takes anything in proves nothing about what talks to it. */
describe('the server that speaks Twilio’s protocol refuses', () => {
  const server = new FakeTwilio();
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  const good = { To: '+4915112345678', From: '+15005550006', Body: 'hello' };
  const { accountSid, authToken } = TWILIO_ACCOUNT;

  async function create(fields: Record<string, string>, token = authToken) {
    const answer = await fetch(`${server.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${token}`).toString('base64')}` },
      body: new URLSearchParams(fields),
    });
    return { status: answer.status, ...((await answer.json()) as { code?: number; sid?: string }) };
  }

  it('nothing of what the provider would take', async () => {
    expect(await create(good)).toMatchObject({
      status: 'queued',
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    });
  });

  it.each([
    ['no recipient', { ...good, To: '' }, 21604],
    ['a recipient that is no number', { ...good, To: '12' }, 21211],
    ['a recipient that is the sender', { ...good, To: good.From }, 21266],
    ['no sender', { To: good.To, Body: 'hello' }, 21603],
    ['a sender of somebody else', { ...good, From: '+15005550007' }, 21606],
    ['a messaging service that is not there', { ...good, MessagingServiceSid: 'MG1' }, 21705],
    ['no words', { ...good, Body: '' }, 21602],
    ['too many words', { ...good, Body: 'x'.repeat(1601) }, 21617],
    ['a validity over ten hours', { ...good, ValidityPeriod: '36001' }, 20001],
    ['a callback to a host with an underscore', { ...good, StatusCallback: 'https://a_b.example/' }, 21609],
    ['a word that the resource does not have', { ...good, ValidityTime: '60' }, 20001],
  ])('%s', async (_what, fields, code) => {
    expect(await create(fields)).toMatchObject({ status: 400, code });
  });

  it.each([['DateCreated=2027-01-31'], ['PageSize=1001'], ['PageSize=0']])(
    'to list texts by %s',
    async (query) => {
      const path = `/2010-04-01/Accounts/${accountSid}/Messages.json?${query}`;
      const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
      const answer = await fetch(`${server.url}${path}`, { headers: { authorization } });
      expect(answer.status).toBe(400);
    },
  );

  it('a stranger, with the code for it', async () => {
    expect(await create(good, 'wrong')).toMatchObject({ status: 401, code: 20003 });
    expect(server.received.at(-1)?.accepted).toBe(false);
  });
});

describe('the server that speaks Twilio’s protocol of calls refuses', () => {
  const server = new FakeTwilioVoice();
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  const { accountSid, authToken } = TWILIO_ACCOUNT;
  const say = '<Say language="en-US">hello</Say>';
  const good = {
    ...{ To: '+4915112345678', From: '+15005550006', Timeout: '25', StatusCallbackMethod: 'POST' },
    Twiml: `<?xml version="1.0" encoding="UTF-8"?><Response>${say}</Response>`,
    StatusCallback: 'https://tidings.example/v1/callbacks/twilio/voice',
  };

  async function dial(fields: Record<string, string>) {
    const answer = await fetch(`${server.url}/2010-04-01/Accounts/${accountSid}/Calls.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
      body: new URLSearchParams(fields),
    });
    return answer.status;
  }

  it('nothing of what the provider would take', async () => {
    expect(await dial(good)).toBe(201);
  });

  it.each([
    ['to ring for over ten minutes', { Timeout: '601' }],
    ['a callback to a host with an underscore', { StatusCallback: 'https://a_b.example/' }],
    ['a callback by another method', { StatusCallbackMethod: 'PUT' }],
    ['an event that calls do not have', { StatusCallbackEvent: 'busy' }],
    ['a document over 4,000 letters', { Twiml: good.Twiml.replace('hello', 'x'.repeat(4_000)) }],
    ['a word that the resource does not have', { Voice: 'alice' }],
  ])('%s', async (_what, fields) => {
    expect(await dial({ ...good, ...fields })).toBe(400);
  });
});

describe('the server that speaks SendGrid’s protocol refuses', () => {
  const server = new FakeSendGrid();
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  const to = [{ email: 'ada@customers.example' }];
  const good = {
    personalizations: [{ to }],
    from: { email: SENDGRID_ACCOUNT.senders[0] },
    subject: 'Hello',
    content: [{ type: 'text/plain', value: 'hello' }],
  };

  async function send(mail: object | string, key = SENDGRID_ACCOUNT.apiKey) {
    const answer = await fetch(`${server.url}/v3/mail/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: typeof mail === 'string' ? mail : JSON.stringify(mail),
    });
    const body = await answer.text();
    const { errors } = (body === '' ? { errors: [] } : JSON.parse(body)) as {
      errors: { field: string | null }[];
    };
    return {
      status: answer.status,
      id: answer.headers.get('x-message-id'),
      fields: errors.map((each) => each.field),
    };
  }

  it('nothing of what the provider would take', async () => {
    expect(await send(good)).toEqual({ status: 202, id: expect.any(String), fields: [] });
  });

  it.each([
    ['no personalizations', { ...good, personalizations: [] }, 'personalizations'],
    [
      'over a thousand',
      { ...good, personalizations: Array.from({ length: 1001 }, () => ({ to })) },
      'personalizations',
    ],
    ['nobody in one of them', { ...good, personalizations: [{ to }, {}] }, 'personalizations.1.to'],
    [
      'an address that is none',
      { ...good, personalizations: [{ to: [{ email: 'ada@' }] }] },
      'personalizations.0.to.0.email',
    ],
    ['the same address twice', { ...good, personalizations: [{ to, cc: to }] }, 'personalizations.0'],
    ['no sender', { ...good, from: undefined }, 'from.email'],
    ['no subject', { ...good, subject: '' }, 'subject'],
    ['no content', { ...good, content: [] }, 'content'],
    [
      'HTML before the text',
      { ...good, content: [{ type: 'text/html', value: 'a' }, ...good.content] },
      'content',
    ],
    ['empty content', { ...good, content: [{ type: 'text/plain', value: '' }] }, 'content.0.value'],
    ['a header that is its own', { ...good, headers: { Subject: 'x' } }, 'headers'],
    ['a sender whose name is no text', { ...good, from: { ...good.from, name: 7 } }, 'from.name'],
    ['a category twice', { ...good, categories: ['a', 'a'] }, 'categories'],
    ['a category that is too long', { ...good, categories: ['x'.repeat(256)] }, 'categories'],
    [
      'a setting that is no switch',
      { ...good, tracking_settings: { click_tracking: { enable: 'no' } } },
      'tracking_settings.click_tracking',
    ],
    [
      'a setting that it does not know',
      { ...good, tracking_settings: { clicks: { enable: false } } },
      'tracking_settings.clicks',
    ],
    [
      'too much to remember of one person',
      { ...good, personalizations: [{ to, custom_args: { a: 'x'.repeat(10_000) } }] },
      'personalizations.0.custom_args',
    ],
    [
      'what is to be remembered of everybody as more than one text',
      { ...good, custom_args: { a: 'x' } },
      'custom_args',
    ],
    ['a property it does not know', { ...good, colour: 'red' }, 'colour'],
    [
      'a personalization with a property it does not know',
      { ...good, personalizations: [{ to, colour: 'red' }] },
      'personalizations.0',
    ],
    [
      'words of one person that are no words',
      { ...good, personalizations: [{ to, substitutions: { '-n-': 7 } }] },
      'personalizations.0.substitutions.-n-',
    ],
    [
      'more words for one person than it holds',
      { ...good, personalizations: [{ to, substitutions: { '-n-': 'é'.repeat(5_000) } }] },
      'personalizations.0.substitutions',
    ],
    [
      'a header of one person that it sets itself',
      { ...good, personalizations: [{ to, headers: { Subject: 'x' } }] },
      'personalizations.0.headers',
    ],
    [
      'one address in two personalizations',
      { ...good, personalizations: [{ to }, { to: [{ email: 'Ada@customers.example' }] }] },
      'personalizations',
    ],
  ])('%s, and names the field', async (_what, mail, field) => {
    expect(await send(mail)).toMatchObject({ status: 400, fields: [field] });
  });

  it('strangers, unverified senders and what is no JSON', async () => {
    expect(await send(good, 'SG.wrong')).toMatchObject({ status: 401 });
    expect(await send({ ...good, from: { email: 'a@b.example' } })).toMatchObject({
      status: 403,
      fields: ['from'],
    });
    expect(await send('{')).toMatchObject({ status: 400 });
  });
});

describe('the servers of chats and of Bluesky refuse', () => {
  const telegram = new FakeTelegram();
  const teams = new FakeTeams();
  const bluesky = new FakeBluesky();
  beforeAll(() => Promise.all([telegram.start(), teams.start(), bluesky.start()]));
  afterAll(() => Promise.all([telegram.stop(), teams.stop(), bluesky.stop()]));

  async function post(url: string, body: object, token = ''): Promise<{ status: number; body: string }> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.text() };
  }

  it.each([
    [{}, 200],
    [{ link_preview_options: { is_disabled: true } }, 200],
    [{ link_preview_options: 'none' }, 400],
    [{ chat_id: { id: 4242 } }, 400],
    [{ text: 'x'.repeat(4_097) }, 400],
  ])('to Telegram what its bots cannot say: %j', async (more, status) => {
    const url = `${telegram.url}/bot${TELEGRAM_BOT.token}/sendMessage`;
    expect((await post(url, { chat_id: '4242', text: 'hello', ...more })).status).toBe(status);
  });

  it.each([
    [{ type: 'TextRun', text: 'hello', weight: 'Bolder' }, 202],
    [{ type: 'TextRun', text: 'hello', weight: 'Heavy' }, 400],
    [{ type: 'TextBlock', text: 'hello' }, 400],
  ])('to Teams a card with %j', async (inline, status) => {
    const body = [{ type: 'RichTextBlock', inlines: [inline] }];
    const content = { type: 'AdaptiveCard', version: '1.4', body };
    const contentType = 'application/vnd.microsoft.card.adaptive';
    const card = { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
    expect((await post(`${teams.url}${TEAMS_HOOK}`, card)).status).toBe(status);
  });

  it.each([
    ['2027-01-31T17:00:00.000Z', 200],
    ['2027-01-31', 400],
    ['31 January 2027', 400],
  ])('to Bluesky a post of %s', async (createdAt, status) => {
    const { identifier, appPassword: password, did: repo } = BLUESKY_ACCOUNT;
    const login = await post(`${bluesky.url}/xrpc/com.atproto.server.createSession`, {
      identifier,
      password,
    });
    const { accessJwt } = JSON.parse(login.body) as { accessJwt: string };
    const collection = 'app.bsky.feed.post';
    const record = { $type: collection, text: 'hello', createdAt };
    const call = { repo, collection, rkey: '3n2vmj4zmiket', record };
    const put = await post(`${bluesky.url}/xrpc/com.atproto.repo.putRecord`, call, accessJwt);
    expect(put.status).toBe(status);
  });
});

describe('the server that speaks X’s protocol refuses', () => {
  const server = new FakeX();
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  /** By node:http, since `fetch` names the host of its connection and the signature is over another. */
  function postWith(authorization: string, text = 'hello'): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { authorization, 'content-type': 'application/json', host: 'api.x.com' };
      const call = request(`${server.url}/2/tweets`, { method: 'POST', headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      call.on('error', reject).end(JSON.stringify({ text }));
    });
  }
  const message = aMessage({ channel: 'social', to: 'public' });

  it('a request that was signed well but was seen before', async () => {
    const adapter = new XAdapter({ ...X_ACCOUNT, baseUrl: server.url });
    const outcome = await adapter.send({ ...message, text: 'first' }, new AbortController().signal);
    expect(outcome.kind).toBe('accepted');
    expect(await postWith(server.received.at(-1)?.headers.authorization ?? '', 'second')).toBe(401);
    await adapter.close();
  });

  it('a request without a signature, or with one that somebody made up', async () => {
    expect(await postWith('')).toBe(401);
    expect(await postWith(`Bearer ${X_ACCOUNT.accessToken}`)).toBe(401);
    const made = `OAuth oauth_consumer_key="${X_ACCOUNT.apiKey}",oauth_token="${X_ACCOUNT.accessToken}",oauth_nonce="1",oauth_signature="AAAA",oauth_signature_method="HMAC-SHA1",oauth_timestamp="${Math.floor(Date.now() / 1000)}",oauth_version="1.0"`;
    expect(await postWith(made)).toBe(401);
  });

  it.each([['apiKey'], ['apiSecret'], ['accessToken'], ['accessSecret']] as const)(
    'a client whose %s is not the account’s',
    async (name) => {
      const adapter = new XAdapter({ ...X_ACCOUNT, [name]: 'wrong', baseUrl: server.url });
      expect(await adapter.send({ ...message, text: name }, new AbortController().signal)).toMatchObject({
        reason: 'unauthorized',
      });
      await adapter.close();
    },
  );
});
