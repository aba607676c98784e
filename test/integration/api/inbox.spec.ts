import { randomUUID } from 'node:crypto';
import { MOST_STREAMS } from '../../../apps/api/src/inbox/inbox-feed';
import { startApi, type TestApi } from '../../harness/api-app';
import { openStream, type EventStream } from '../../harness/event-stream';
import { eventually } from '../../harness/eventually';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register } from './fixtures';

interface Message {
  deliveryId: string;
  subject: string;
  readAt: string | null;
}
interface Page {
  items: Message[];
  unreadCount: number;
}

let own: TestDatabase;
let api: TestApi;
const streams: EventStream[] = [];
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
});
afterEach(() => streams.splice(0).forEach((stream) => stream.close()));
afterAll(async () => {
  await api.close();
  await own.drop();
});

/** As the dispatcher keeps it. */
async function keep(customerId: string, subject: string, isTold = true): Promise<string> {
  const deliveryId = randomUUID();
  await own.database.query(
    `with kept as (
       insert into inbox_messages (delivery_id, customer_id, subject, body) values ($1, $2, $3, 'Words.') returning customer_id)
     select ${isTold ? `pg_notify('inbox', customer_id)` : '1'} from kept`,
    [deliveryId, customerId, subject],
  );
  return deliveryId;
}
const inbox = async (token: string, query = ''): Promise<Page> =>
  (await api.call<Page>(token, { path: `/v1/me/inbox${query}` })).body;
const subjects = ({ items }: Page) => items.map(({ subject }) => subject);
const read = (token: string, deliveryId: string) =>
  api.call<Message>(token, { method: 'POST', path: `/v1/me/inbox/${deliveryId}/read` });
const readAll = (token: string, body: object = {}) => api.call(token, { path: '/v1/me/inbox/read', body });

async function watch(
  token: string,
  lastEventId?: string,
  path = '/v1/me/inbox/stream',
): Promise<EventStream> {
  const stream = await openStream(`${api.url}${path}`, {
    authorization: `Bearer ${token}`,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  });
  streams.push(stream);
  return stream;
}
const seen = ({ events }: Pick<EventStream, 'events'>) =>
  events.filter(({ type }) => type === 'message').map(({ data }) => (JSON.parse(data) as Message).subject);
const counts = ({ events }: Pick<EventStream, 'events'>) =>
  events
    .filter(({ type }) => type === 'unread')
    .map(({ data }) => (JSON.parse(data) as { unread: number }).unread);
/** Lets messages be older than those that may still appear. */
const age = (customerId: string) =>
  own.database.query(
    `update inbox_messages set kept_at = kept_at - interval '1 minute' where customer_id = $1`,
    [customerId],
  );

describe('an inbox', () => {
  it('counts what was not read, shows it alone if asked, and keeps when a message was first read', async () => {
    const token = await register(api, 'reader');
    const [first] = [await keep('reader', 'one'), await keep('reader', 'two')];
    expect(await inbox(token)).toMatchObject({ unreadCount: 2, items: [{ readAt: null }, { readAt: null }] });
    const once = await read(token, first);
    expect(once).toMatchObject({ status: 200, body: { subject: 'one', readAt: expect.any(String) } });
    expect((await read(token, first)).body).toEqual(once.body);
    expect(await inbox(token)).toMatchObject({ unreadCount: 1 });
    expect(subjects(await inbox(token, '?unread=true'))).toEqual(['two']);
    expect(subjects(await inbox(token, '?unread=false'))).toEqual(['two', 'one']);
    expect((await api.call(token, { path: '/v1/me/inbox?unread=maybe' })).status).toBe(400);
  });

  it('is marked read up to what was on the screen, or whole', async () => {
    const token = await register(api, 'all');
    const ids = [await keep('all', 'one'), await keep('all', 'two'), await keep('all', 'three')];
    expect((await readAll(token, { newest: ids[1] })).body).toEqual({ read: 2 });
    expect(subjects(await inbox(token, '?unread=true'))).toEqual(['three']);
    expect((await readAll(token)).body).toEqual({ read: 1 });
    expect((await readAll(token)).body).toEqual({ read: 0 });
  });

  it('of another customer is out of reach, whatever is named', async () => {
    const token = await register(api, 'curious');
    await register(api, 'private');
    const theirs = await keep('private', 'secret');
    await keep('curious', 'mine');
    expect((await read(token, theirs)).status).toBe(404);
    expect((await readAll(token, { newest: theirs })).body).toEqual({ read: 0 });
    expect((await api.call(token, { path: '/v1/customers/private/inbox/stream' })).status).toBe(403);
    const [row] = await own.database.query('select read_at from inbox_messages where delivery_id = $1', [
      theirs,
    ]);
    expect(row).toEqual({ read_at: null });
  });
});

describe('the stream of an inbox', () => {
  it('brings each message as it is kept, and the count of what is unread', async () => {
    const token = await register(api, 'live');
    const stream = await watch(token);
    await stream.until(() => counts(stream).length === 1);
    const id = await keep('live', 'now');
    await stream.until(() => seen(stream).length === 1);
    await stream.until(() => counts(stream).at(-1) === 1);
    await read(token, id);
    await stream.until(() => counts(stream).at(-1) === 0);
    expect(seen(stream)).toEqual(['now']);
    expect(stream.events.every((event) => /^\d+$/.test(event.id))).toBe(true);
  });

  it('brings nothing of another customer', async () => {
    const [ours] = [await register(api, 'ours'), await register(api, 'theirs')];
    const stream = await watch(ours);
    await keep('theirs', 'not for you');
    await keep('ours', 'for you');
    await stream.until(() => seen(stream).length > 0);
    expect(seen(stream)).toEqual(['for you']);
  });

  it('goes on where it broke off, after any of its events', async () => {
    const token = await register(api, 'broken');
    await keep('broken', 'long ago');
    await age('broken');
    const before = await watch(token);
    await before.until(() => counts(before).length > 0);
    const place = before.events.at(-1)?.id;
    before.close();
    await keep('broken', 'missed');
    await age('broken');
    const after = await watch(token, place);
    await after.until(() => seen(after).length > 0);
    expect(seen(after)).toEqual(['missed']);
    const later = await watch(token, after.events.at(-1)?.id);
    await later.until(() => counts(later).length > 0);
    expect(seen(later)).toEqual([]);
  });

  it('finds a message whose number is lower than one that was seen before it', async () => {
    const token = await register(api, 'late');
    const stream = await watch(token);
    await stream.until(() => counts(stream).length > 0);
    const [taken] = await own.database.query<{ seq: number }>(
      `select nextval(pg_get_serial_sequence('inbox_messages', 'seq')) as seq`,
    );
    await keep('late', 'first to commit');
    await stream.until(() => seen(stream).length === 1);
    await own.database.query(
      `with kept as (
         insert into inbox_messages (delivery_id, seq, customer_id, subject, body)
         overriding system value values ($1, $2, 'late', 'first to begin', '') returning customer_id)
       select pg_notify('inbox', customer_id) from kept`,
      [randomUUID(), taken?.seq],
    );
    await stream.until(() => seen(stream).length === 2);
    expect(seen(stream)).toEqual(['first to commit', 'first to begin']);
  });

  it('ends with the token that opened it', async () => {
    await register(api, 'brief');
    const token = await api.tokenOf('brief', '2s');
    const stream = await watch(token);
    const began = performance.now();
    await stream.ended;
    expect(stream.status).toBe(200);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('is open to systems with their key, and to no stranger', async () => {
    await register(api, 'served');
    const stream = await watch(api.systemKey, undefined, '/v1/customers/served/inbox/stream');
    await stream.until(() => counts(stream).length === 1);
    expect((await watch('tdg_made-up-key')).status).toBe(401);
  });

  it('is refused beyond a few for one customer, until one of them is closed', async () => {
    const token = await register(api, 'greedy');
    const open = await Promise.all(Array.from({ length: MOST_STREAMS }, () => watch(token)));
    await Promise.all(open.map((stream) => stream.until(() => counts(stream).length === 1)));
    const refused = await api.call(token, { path: '/v1/me/inbox/stream' });
    expect(refused).toMatchObject({ status: 429, body: { type: '/problems/too-many-requests' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    open[0]?.close();
    const again = await eventually(
      () => watch(token),
      ({ status }) => status === 200,
    );
    await again.until(() => counts(again).length === 1);
  });

  it('lets go of its readers when the API stops', async () => {
    const other = await startApi(own.url);
    const token = await register(other, 'stopped');
    const stream = await openStream(`${other.url}/v1/me/inbox/stream`, { authorization: `Bearer ${token}` });
    await stream.until(() => counts(stream).length === 1);
    await other.close();
    await stream.ended;
  });
});
