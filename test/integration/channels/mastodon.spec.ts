import type { OutgoingMessage } from '@app/contracts';
import { MastodonAdapter } from '@app/channels';
import { exerciseProvider } from '../../../libs/channels/src/testing/exercise-channel';
import { aMessage } from '../../harness/a-message';
import { FakeMastodon, MASTODON_ACCOUNT } from '../../harness/providers/mastodon-server';

const signal = new AbortController().signal;
const toAll = (over: Partial<OutgoingMessage> = {}) => aMessage({ channel: 'social', to: 'public', ...over });
const toOne = (over: Partial<OutgoingMessage> = {}) => toAll({ to: '@ada@customers.example', ...over });

for (const [what, message] of [
  ['public posts', toAll],
  ['direct posts', toOne],
] as const) {
  exerciseProvider(`${what} on Mastodon`, {
    server: () => new FakeMastodon(),
    open: ({ baseUrl, timeoutMs, wrongCredentials }) =>
      new MastodonAdapter({
        serverUrl: baseUrl,
        timeoutMs,
        accessToken: wrongCredentials ? 'not-the-token' : MASTODON_ACCOUNT.accessToken,
      }),
    message: () => message(),
    secrets: [MASTODON_ACCOUNT.accessToken],
    proof: 'body',
  });
}

describe('a word on Mastodon', () => {
  const server = new FakeMastodon();
  const opened: MastodonAdapter[] = [];
  const adapter = () => {
    const one = new MastodonAdapter({ serverUrl: server.url, accessToken: MASTODON_ACCOUNT.accessToken });
    opened.push(one);
    return one;
  };
  beforeAll(() => server.start());
  afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));
  afterAll(() => server.stop());

  it('goes to everybody, or to one account that alone can read it', async () => {
    await adapter().send(toAll({ text: 'Flights from Newark are late.' }), signal);
    expect(server.received.at(-1)?.fields).toEqual({
      status: 'Flights from Newark are late.',
      visibility: 'public',
    });
    await adapter().send(toOne({ text: 'Your flight is late.' }), signal);
    expect(server.received.at(-1)?.fields).toEqual({
      status: '@ada@customers.example Your flight is late.',
      visibility: 'direct',
    });
  });

  it('repeated after a lost answer shows one post, since the delivery is its key', async () => {
    const one = toOne();
    const before = server.accepted.length;
    server.failNext({ resetAfterAccept: true });
    expect((await adapter().send(one, signal)).kind).toBe('ambiguous');
    const again = await adapter().send({ ...one, attemptId: 'another' }, signal);
    expect(again).toMatchObject({ kind: 'accepted', providerMessageId: server.accepted.at(-1)?.id });
    expect(server.accepted).toHaveLength(before + 1);
  });

  it('to one account names nobody else, whatever somebody wrote into a title', async () => {
    server.accounts.add('eve@elsewhere.example');
    await adapter().send(toOne({ text: 'Of @eve@elsewhere.example: 92.10 EUR' }), signal);
    const { status } = server.received.at(-1)?.fields ?? {};
    expect(String(status)).not.toContain('@eve');
    expect(String(status).replaceAll('\u200b', '')).toContain('@eve@elsewhere.example');
  });

  it('to an account that nobody finds is an address that does not exist, although Mastodon takes the post', async () => {
    expect(await adapter().send(toOne({ to: '@nobody@customers.example' }), signal)).toEqual({
      kind: 'rejected',
      reason: 'invalidAddress',
    });
  });

  it('waits until the instant that Mastodon names when the rate is used up', async () => {
    server.failNext({ status: 429 });
    const outcome = await adapter().send(toAll(), signal);
    expect(outcome).toMatchObject({ kind: 'retryable', reason: 'throttled' });
    const wait = 'retryAfterMs' in outcome ? (outcome.retryAfterMs ?? 0) : 0;
    expect(wait).toBeGreaterThan(280_000);
    expect(wait).toBeLessThanOrEqual(301_000);
  });

  it.each([
    ['over 500 letters', toAll({ text: 'x'.repeat(501) }), 'content'],
    ['without words', toAll({ text: ' ' }), 'content'],
  ])('%s is refused for the right reason', async (_what, one, reason) => {
    expect(await adapter().send(one, signal)).toEqual({ kind: 'rejected', reason });
  });

  it('of an application that may not write is a matter for operators', async () => {
    server.failNext({ status: 403 });
    expect(await adapter().send(toAll(), signal)).toEqual({ kind: 'rejected', reason: 'configuration' });
  });

  it('serves its own kind of address and no other network’s', () => {
    const served = ['public', '@ada@customers.example', '2244994945', 'ada.bsky.social', 'did:plc:abc'];
    expect(served.filter((to) => adapter().serves(to))).toEqual(['public', '@ada@customers.example']);
  });
});
