import { SlackAdapter, TeamsAdapter, TelegramAdapter } from '@app/channels';
import type { OutgoingMessage } from '@app/contracts';
import { exerciseProvider } from '../../../libs/channels/src/testing/exercise-channel';
import { aMessage } from '../../harness/a-message';
import { FakeSlack, SLACK_HOOK } from '../../harness/providers/slack-server';
import { FakeTeams, TEAMS_HOOK } from '../../harness/providers/teams-server';
import { FakeTelegram, TELEGRAM_BOT } from '../../harness/providers/telegram-server';

const signal = new AbortController().signal;
const secretOf = (hook: string) => /[\w-]+$/.exec(hook)?.[0] ?? '';
/** The harness stands for the vendor's host, and is the one host of ours that customers' URLs may lead to. */
const at = (url: string) => ({ hosts: [new URL(url).host], egress: { allow: [new URL(url).host] } });
const aWord = (to: string, over: Partial<OutgoingMessage> = {}) => aMessage({ channel: 'chat', to, ...over });
const hookAt = (baseUrl: string, hook: string, isWrong = false) =>
  aWord(`${baseUrl}${isWrong ? hook.replace(secretOf(hook), 'somebody-elses') : hook}`);

exerciseProvider('messages by a hook of Slack', {
  server: () => new FakeSlack(),
  open: ({ baseUrl, timeoutMs }) => new SlackAdapter({ ...at(baseUrl), timeoutMs }),
  message: (baseUrl, isWrong) => hookAt(baseUrl, SLACK_HOOK, isWrong),
  secrets: [secretOf(SLACK_HOOK)],
  proof: 'word',
  strangersReason: 'invalidAddress',
});

exerciseProvider('messages by a workflow of Teams', {
  server: () => new FakeTeams(),
  open: ({ baseUrl, timeoutMs }) => new TeamsAdapter({ ...at(baseUrl), timeoutMs }),
  message: (baseUrl, isWrong) => hookAt(baseUrl, TEAMS_HOOK, isWrong),
  secrets: [secretOf(TEAMS_HOOK)],
  proof: 'header',
  strangersReason: 'invalidAddress',
});

exerciseProvider('messages of a bot on Telegram', {
  server: () => new FakeTelegram(),
  open: ({ wrongCredentials, ...where }) =>
    new TelegramAdapter({ ...where, token: wrongCredentials ? '1:not-the-token' : TELEGRAM_BOT.token }),
  message: () => aWord('telegram:4242'),
  secrets: [TELEGRAM_BOT.token],
  proof: 'body',
});

describe('a word in Slack', () => {
  let server: FakeSlack;
  let adapter: SlackAdapter;
  beforeEach(async () => {
    server = await new FakeSlack().start();
    adapter = new SlackAdapter(at(server.url));
  });
  afterEach(async () => {
    await adapter.close();
    await server.stop();
  });
  const send = (text: string) => adapter.send(aWord(`${server.url}${SLACK_HOOK}`, { text }), signal);

  it('is plain words: nobody is woken, nothing is linked and nothing unfolds by what a customer wrote', async () => {
    await send('<!channel> & <@U1|you>: *late*');
    expect(server.accepted[0]?.fields).toEqual({
      text: '&lt;!channel&gt; &amp; &lt;@U1|you&gt;: *late*',
      mrkdwn: false,
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  it.each([
    ['invalid_payload', 400, 'content'],
    ['no_text', 400, 'content'],
    ['user_not_found', 400, 'invalidAddress'],
    ['action_prohibited', 403, 'blocked'],
    ['invalid_token', 403, 'invalidAddress'],
    ['channel_not_found', 404, 'invalidAddress'],
    ['no_service', 404, 'invalidAddress'],
    ['channel_is_archived', 410, 'invalidAddress'],
    ['something_new', 400, 'refused'],
  ])('refused as %s is told as it is', async (word, status, reason) => {
    server.failNext({ status, body: word });
    expect(await send('hello')).toEqual({ kind: 'rejected', reason });
  });

  it('goes to no other host, whoever sent the address', async () => {
    for (const to of ['https://hooks.slack.com.evil.example/services/T/B/x', 'telegram:4242', 'public'])
      expect(await adapter.send(aWord(to), signal)).toEqual({ kind: 'rejected', reason: 'configuration' });
    expect(server.received).toHaveLength(0);
  });

  it('goes to no host inside, even if a setting named it as one of Slack’s', async () => {
    const open = new SlackAdapter({ hosts: [new URL(server.url).host], egress: { allow: [] } });
    const outcome = await open.send(aWord(`${server.url}${SLACK_HOOK}`), signal);
    expect(outcome).toEqual({ kind: 'rejected', reason: 'forbiddenAddress' });
    expect(server.received).toHaveLength(0);
    await open.close();
  });
});

describe('a word in Teams', () => {
  let server: FakeTeams;
  let adapter: TeamsAdapter;
  beforeEach(async () => {
    server = await new FakeTeams().start();
    adapter = new TeamsAdapter(at(server.url));
  });
  afterEach(async () => {
    await adapter.close();
    await server.stop();
  });
  const send = (over: Partial<OutgoingMessage> = {}) =>
    adapter.send(aWord(`${server.url}${TEAMS_HOOK}`, over), signal);

  it('is a card whose first line stands out, with no markup read into it', async () => {
    await send({ subject: 'Late', text: 'Your flight is **late**.\nSaturday 14:05' });
    const [{ content }] = server.accepted[0]?.fields?.attachments as [{ content: unknown }];
    expect(content).toMatchObject({
      fallbackText: 'Late',
      body: [
        { inlines: [{ text: 'Your flight is **late**.', weight: 'Bolder' }] },
        { inlines: [{ text: 'Saturday 14:05' }] },
      ],
    });
  });

  it.each([
    [429, 'retryable', 'throttled'],
    [413, 'rejected', 'content'],
    [404, 'rejected', 'invalidAddress'],
    [502, 'ambiguous', 'providerError'],
  ])('by a hook of the older kind is refused inside a 200 (%i)', async (status, kind, reason) => {
    server.isOfOlderKind = true;
    server.behindIt = status;
    expect(await send()).toEqual({ kind, reason });
    server.behindIt = 200;
    expect(await send()).toMatchObject({ kind: 'accepted' });
  });

  it('too large for a card is refused for what it is', async () => {
    expect(await send({ text: 'x'.repeat(30_000) })).toEqual({ kind: 'rejected', reason: 'content' });
  });

  it('goes to the hosts of the vendor and to none that only look like them', () => {
    const teams = new TeamsAdapter({ hosts: ['*.logic.azure.com'], egress: { allow: [] } });
    const urls = [
      'https://prod-1.westus.logic.azure.com/workflows/x',
      'https://logic.azure.com/x',
      'https://evillogic.azure.com/x',
      'https://prod.logic.azure.com.evil.example/x',
      'https://prod.logic.azure.com@evil.example/x',
      'ftp://prod.logic.azure.com/x',
    ];
    expect(urls.filter((to) => teams.serves(to))).toEqual(urls.slice(0, 1));
  });
});

describe('a word on Telegram', () => {
  let server: FakeTelegram;
  let adapter: TelegramAdapter;
  beforeEach(async () => {
    server = await new FakeTelegram().start();
    adapter = new TelegramAdapter({ baseUrl: server.url, token: TELEGRAM_BOT.token });
  });
  afterEach(async () => {
    await adapter.close();
    await server.stop();
  });

  it('goes to a person or a group as plain text', async () => {
    await adapter.send(aWord('telegram:4242', { text: 'It is *late*.' }), signal);
    await adapter.send(aWord('telegram:-100200300', { text: 'It is *late*.' }), signal);
    const sent = { text: 'It is *late*.', link_preview_options: { is_disabled: true } };
    expect(server.accepted.map(({ fields }) => fields)).toEqual([
      { chat_id: '4242', ...sent },
      { chat_id: '-100200300', ...sent },
    ]);
  });

  it('waits as long as the answer says in its body', async () => {
    const body = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 35',
      parameters: { retry_after: 35 },
    };
    server.failNext({ status: 429, body });
    expect(await adapter.send(aWord('telegram:4242'), signal)).toEqual({
      kind: 'retryable',
      reason: 'throttled',
      retryAfterMs: 35_000,
    });
  });

  it.each([
    ['to a chat that the bot does not know', aWord('telegram:5'), 'invalidAddress'],
    ['to an address of another kind', aWord('https://hooks.slack.com/services/x'), 'configuration'],
    ['over 4,096 letters', aWord('telegram:4242', { text: 'x'.repeat(4_097) }), 'content'],
    ['without words', aWord('telegram:4242', { text: ' ' }), 'content'],
  ])('%s is refused for the right reason', async (_what, one, reason) => {
    expect(await adapter.send(one, signal)).toEqual({ kind: 'rejected', reason });
  });

  it('to somebody who has blocked the bot is blocked, and to one who is gone has no address', async () => {
    server.blockers.add('4242');
    expect(await adapter.send(aWord('telegram:4242'), signal)).toMatchObject({ reason: 'blocked' });
    const body = { ok: false, error_code: 403, description: 'Forbidden: user is deactivated' };
    server.failNext({ status: 403, body });
    expect(await adapter.send(aWord('telegram:4242'), signal)).toMatchObject({ reason: 'invalidAddress' });
  });
});
