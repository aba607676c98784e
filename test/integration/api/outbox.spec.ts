import { request } from 'node:http';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
});
afterAll(async () => {
  await api?.close();
  await own.drop();
});

/** As the dispatcher's outbox provider keeps and tells it. */
async function keep(body: string, channel = 'sms'): Promise<number> {
  const [row] = await own.database.query<{ seq: number }>(
    `with kept as (
       insert into outbox_messages (delivery_id, channel, address, subject, body, html)
       values (gen_random_uuid(), $1, '+4915112345678', 'Subject', $2, '') returning seq)
     select seq, pg_notify('outbox', seq::text) from kept`,
    [channel, body],
  );
  return row?.seq ?? 0;
}

interface Message {
  seq: number;
  body: string;
}

/** Reads server-sent messages until `enough` of them have come. @throws after ten seconds */
async function watch(
  query: string,
  enough: (messages: Message[]) => boolean,
  onOpen: () => Promise<unknown>,
): Promise<Message[]> {
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(`${api.url}/outbox/stream${query}`, { signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  await onOpen();
  const messages: Message[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data?.startsWith('{')) messages.push(JSON.parse(data) as Message);
    }
    if (enough(messages)) break;
  }
  return messages;
}

const items = async (query: string) =>
  (await api.call<{ items: Message[] }>(null, { path: `/outbox/messages${query}` })).body.items;

describe('the outbox', () => {
  it('gives its messages newest first, backwards by number and forwards from one', async () => {
    const seqs = [];
    for (const text of ['one', 'two', 'three', 'four']) seqs.push(await keep(text));
    expect((await items('?limit=3')).map((message) => message.body)).toEqual(['four', 'three', 'two']);
    expect((await items(`?before=${seqs[1]}`)).map((message) => message.body)).toEqual(['one']);
    expect((await items(`?after=${seqs[1]}`)).map((message) => message.body)).toEqual(['three', 'four']);
  });

  it('pushes a new message to whoever watches, at once', async () => {
    const startedAt = Date.now();
    const seen = await watch(
      '?after=999999',
      (messages) => messages.some((message) => message.body === 'live'),
      () => keep('live'),
    );
    expect(seen.at(-1)?.body).toBe('live');
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it('shows a watcher who comes back what was missed', async () => {
    const last = await keep('seen');
    await keep('missed');
    const seen = await watch(
      `?after=${last}`,
      (messages) => messages.some((message) => message.body === 'missed'),
      async () => {},
    );
    expect(seen.map((message) => message.body)).toContain('missed');
  });

  it('finds a message of which no notification came', async () => {
    const seen = await watch(
      '?after=0',
      (messages) => messages.some((message) => message.body === 'untold'),
      () =>
        own.database.query(
          `insert into outbox_messages (delivery_id, channel, address, subject, body, html)
           values (gen_random_uuid(), 'sms', '', '', 'untold', '')`,
        ),
    );
    expect(seen.at(-1)?.body).toBe('untold');
  });

  it('answers only to the names of this machine, so that no web site can read it through a browser', async () => {
    const status = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const { hostname, port } = new URL(api.url);
        const asked = request({ hostname, port, path: '/outbox/messages', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        asked.on('error', reject).end();
      });
    expect(await status('evil.example:80')).toBe(403);
    expect(await status('localhost:3000')).toBe(200);
  });

  it('is a page that needs nothing from elsewhere', async () => {
    const { body } = await api.call<string>(null, { path: '/outbox' });
    expect(body).toContain('aria-live="polite"');
    expect(body).not.toMatch(/(src|href)="https?:/);
  });

  it('lets go of its watchers when the API stops', async () => {
    const other = await startApi(own.url);
    const response = await fetch(`${other.url}/outbox/stream`);
    const ended = response.text();
    await other.close();
    await ended;
  });
});
