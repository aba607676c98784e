import { BlueskyAdapter } from '@app/channels';
import type { OutgoingMessage } from '@app/contracts';
import { exerciseProvider } from '../../../libs/channels/src/testing/exercise-channel';
import { aMessage } from '../../harness/a-message';
import { BLUESKY_ACCOUNT, FakeBluesky } from '../../harness/providers/bluesky-server';

const signal = new AbortController().signal;
const { identifier, appPassword } = BLUESKY_ACCOUNT;
const toAll = (over: Partial<OutgoingMessage> = {}) => aMessage({ channel: 'social', to: 'public', ...over });
const toOne = (over: Partial<OutgoingMessage> = {}) => toAll({ to: 'ada.customers.example', ...over });

for (const [what, message] of [
  ['posts', toAll],
  ['direct messages', toOne],
] as const) {
  exerciseProvider(`${what} on Bluesky`, {
    server: () => new FakeBluesky(),
    open: ({ baseUrl, timeoutMs, wrongCredentials }) =>
      new BlueskyAdapter({
        serverUrl: baseUrl,
        timeoutMs,
        identifier,
        appPassword: wrongCredentials ? 'not-the-password' : appPassword,
      }),
    message: () => message(),
    secrets: [appPassword],
    proof: 'body',
  });
}

describe('a word on Bluesky', () => {
  let server: FakeBluesky;
  let adapter: BlueskyAdapter;
  beforeEach(async () => {
    server = await new FakeBluesky().start();
    adapter = new BlueskyAdapter({ serverUrl: server.url, identifier, appPassword });
  });
  afterEach(async () => {
    await adapter.close();
    await server.stop();
  });

  it('goes to everybody as a post, and a repetition of its delivery meets itself', async () => {
    const one = toAll({ text: 'Flights from Newark are late.' });
    server.failNext({ resetAfterAccept: true });
    expect((await adapter.send(one, signal)).kind).toBe('ambiguous');
    const again = await adapter.send({ ...one, attemptId: 'another' }, signal);
    expect(again).toEqual({ kind: 'accepted', providerMessageId: server.accepted[0]?.id });
    expect(server.accepted).toHaveLength(1);
    expect(server.received.map(({ fields }) => fields?.rkey)).toEqual(
      Array(2).fill(server.received[0]?.fields?.rkey),
    );
  });

  it('goes to one account as a direct message, by handle or by DID', async () => {
    await adapter.send(toOne({ text: 'Your flight is late.' }), signal);
    const did = server.accounts.get('ada.customers.example') ?? '';
    await adapter.send(toOne({ to: did, text: 'Your flight is late.' }), signal);
    const sent = { convoId: `convo-${did}`, message: { text: 'Your flight is late.' } };
    expect(server.accepted.map(({ fields }) => fields)).toEqual([sent, sent]);
  });

  it('logs in once for many, and renews its session before that runs out', async () => {
    server.tokenLife = 30; // already inside the margin: each message renews
    await Promise.all([1, 2, 3].map(() => adapter.send(toAll(), signal)));
    await adapter.send(toAll(), signal);
    expect(server.beside).toEqual(['com.atproto.server.createSession', 'com.atproto.server.refreshSession']);
    expect(server.accepted).toHaveLength(4);
  });

  it('that meets a session which the server no longer knows is not lost: the next try logs in again', async () => {
    const one = toAll();
    await adapter.send(toAll(), signal);
    server.forgetTokens();
    expect(await adapter.send(one, signal)).toEqual({ kind: 'rejected', reason: 'unauthorized' });
    expect((await adapter.send(one, signal)).kind).toBe('accepted');
  });

  it.each([
    ['over 300 letters', toAll({ text: 'x'.repeat(301) }), 'content'],
    ['over 1,000 letters to one', toOne({ text: 'x'.repeat(1001) }), 'content'],
    ['to a handle that nobody has', toOne({ to: 'nobody.customers.example' }), 'invalidAddress'],
    ['to an account that is gone', toOne({ to: 'did:plc:gone' }), 'invalidAddress'],
  ])('%s is refused for the right reason', async (_what, one, reason) => {
    expect(await adapter.send(one, signal)).toEqual({ kind: 'rejected', reason });
  });

  it('to somebody who takes no messages from us is blocked, not an error', async () => {
    server.closedInboxes.add(server.accounts.get('ada.customers.example') ?? '');
    expect(await adapter.send(toOne(), signal)).toEqual({ kind: 'rejected', reason: 'blocked' });
  });

  it('to one account with a password that allows no messages is a matter for operators', async () => {
    server.mayWriteMessages = false;
    expect(await adapter.send(toOne(), signal)).toEqual({ kind: 'rejected', reason: 'configuration' });
    expect((await adapter.send(toAll(), signal)).kind).toBe('accepted');
  });

  it('serves its own kind of address and no other network’s', () => {
    const served = ['public', 'ada.bsky.social', 'did:plc:abc', '2244994945', '@ada@customers.example'];
    expect(served.filter((to) => adapter.serves(to))).toEqual(['public', 'ada.bsky.social', 'did:plc:abc']);
  });
});
