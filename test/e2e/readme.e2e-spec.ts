import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { startApi, type TestApi } from '../harness/api-app';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

let own: TestDatabase;
let api: TestApi;
let dispatcher: Dispatcher;

beforeAll(async () => {
  own = await createTestDatabase();
  dispatcher = await startDispatcher(own.url);
  api = await startApi(own.url, { EVENT_LOG_PARTITIONS: '2' });
});
afterAll(async () => {
  await api.close();
  await dispatcher.stop();
  await own.drop();
});

/** The shell lines of the README that a reader pastes after the start, in their order. */
function pastedLines(): string[] {
  const readme = readFileSync('README.md', 'utf8');
  const section = readme.slice(readme.indexOf('## Your own first alert'), readme.indexOf('## In production'));
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map((block) => block[1] ?? '');
}

/** What the demonstration has set up by the time the keys are printed. */
async function castOfTheDemonstration(): Promise<void> {
  const post = (path: string, body: unknown) => api.call(api.systemKey, { path, body });
  await post('/v1/metrics', {
    name: 'account.balance',
    title: 'balance',
    unit: 'EUR',
    scale: 2,
    kind: 'gauge',
    visibility: 'owned',
  });
  await post('/v1/customers', {
    id: 'ana',
    name: 'Ana',
    timeZone: 'America/Sao_Paulo',
    language: 'en',
    owns: ['account:42'],
    follows: [],
  });
  await own.database.query(
    `insert into contact_points (id, customer_id, channel, address, verified_at)
     values (gen_random_uuid(), 'ana', 'sms', '+15550100001', now()), (gen_random_uuid(), 'ana', 'email', 'ana@example.org', now())`,
  );
}

describe('the README', () => {
  it('leads by copying alone from a rule over an event to a message and the reason for it', async () => {
    await castOfTheDemonstration();
    const env = {
      PATH: process.env.PATH,
      TIDINGS: api.url,
      SYSTEM: api.systemKey,
      CUSTOMER: await api.tokenOf('ana'),
    };
    const paste = async (lines: string): Promise<string> =>
      (await promisify(execFile)('sh', ['-c', lines], { env })).stdout;
    const [rule, event, why] = pastedLines();
    expect(await paste(rule ?? '')).toContain('below 100.00 EUR');
    expect(await paste(event ?? '')).toContain('"accepted":1');
    const outbox = await eventually(
      () =>
        own.database.query<{ channel: string; body: string }>('select channel, body from outbox_messages'),
      (kept) => kept.length === 2,
    );
    expect(outbox.map((message) => message.channel).sort()).toEqual(['email', 'sms']);
    expect(outbox[0]?.body).toContain('92.10 EUR');
    await eventually(
      () => own.database.query<{ state: string }>('select state from deliveries'),
      (all) => all.length > 0 && all.every(({ state }) => state === 'accepted'),
    );
    const answers = await paste(why ?? '');
    expect(answers).toContain('"openedValue":"92.10"');
    expect(answers).toContain('"state":"accepted"');
  });
});
