import { BroadcastControlStore, ServiceAlertStore } from '@app/persistence';
import { randomUUID } from 'node:crypto';
import type { Dispatcher } from '../../../apps/dispatcher/src/dispatcher';
import { startDispatcher } from '../../harness/dispatcher-app';
import { eventually } from '../../harness/eventually';
import { FakeSendGrid, SENDGRID_ACCOUNT } from '../../harness/providers/sendgrid-server';
import { personalMails } from '../../harness/providers/sendgrid-personalizations';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

let own: TestDatabase;
let sendgrid: FakeSendGrid;
let dispatcher: Dispatcher | undefined;
let alerts: ServiceAlertStore;
let control: BroadcastControlStore;

const ENV = {
  SENDGRID_API_KEY: SENDGRID_ACCOUNT.apiKey,
  SENDGRID_FROM: 'alerts@tidings.example',
  PUBLIC_URL: 'https://tidings.example',
  LINK_SECRET: 'a secret of the links that is long enough',
};

beforeEach(async () => {
  own = await createTestDatabase();
  sendgrid = await new FakeSendGrid().start();
  alerts = new ServiceAlertStore(own.database);
  control = new BroadcastControlStore(own.database);
});
afterEach(async () => {
  await dispatcher?.stop();
  dispatcher = undefined;
  await sendgrid.stop();
  await own.drop();
});

const begin = async (env: Record<string, string> = {}) => {
  dispatcher = await startDispatcher(own.url, { ...ENV, SENDGRID_BASE_URL: sendgrid.url, ...env });
};

/** So many customers with a verified mail address each. */
async function people(count: number, prefix = 'p'): Promise<void> {
  await own.database.query(
    `with people as (
       insert into customers (id, name, time_zone, language)
       select $2 || lpad(i::text, 6, '0'), 'Person ' || i, 'Europe/Berlin', 'en' from generate_series(1, $1::int) i returning id)
     insert into contact_points (id, customer_id, channel, address, verified_at)
     select md5(id)::uuid, id, 'email', id || '@customers.example', now() from people`,
    [count, prefix],
  );
}

const mailOnly = (more: object = {}) =>
  own.database.query(
    `insert into topics (name, policy) values ('news', $1::jsonb)
     on conflict (name) do update set policy = excluded.policy`,
    [JSON.stringify({ topic: 'news', channels: ['email'], ...more })],
  );

async function confirm(topic = 'news'): Promise<string> {
  const serviceAlertId = randomUUID();
  const audience = { kind: 'everyone' } as const;
  const draft = { title: 'Cards', text: 'Card payments are slow.', severity: 'warning', topic } as const;
  await alerts.create({ ...draft, serviceAlertId, audience, publicPost: false, createdBy: 'test' });
  const confirmed = await alerts.confirm(serviceAlertId, await alerts.countPeople(audience));
  expect(confirmed).toEqual({ kind: 'confirmed' });
  return serviceAlertId;
}

const progress = async (id: string) => (await control.progressOf([id])).get(id);
const ended = (id: string) =>
  eventually(
    () => alerts.find(id),
    (alert) => alert?.status === 'completed',
  );
const mails = () => sendgrid.accepted.flatMap((call) => personalMails(call.fields ?? {}));
const ledger = () =>
  own.database.query<{ customer: string; channel: string; state: string; reason: string; over: string }>(
    `select r.customer_id as customer, r.channel, coalesce(r.state, b.state) as state, r.reason, r.passed_over as over
     from broadcast_recipients r left join broadcast_batches b using (alert_seq, batch) order by r.customer_id, r.channel`,
  );

describe('a service alert to many by mail', () => {
  it('reaches each of them once, by few calls, with a row in the ledger for each', async () => {
    await people(2_300);
    await mailOnly();
    await begin();
    const id = await confirm();
    await ended(id);
    const sent = mails();
    expect(sent).toHaveLength(2_300);
    expect(new Set(sent.map((mail) => mail.to)).size).toBe(2_300);
    expect(sendgrid.received).toHaveLength(3);
    expect(sent[0]?.text).toMatch(/^Hello Person \d+,\n\nCard payments are slow\./);
    expect(sent[0]?.headers['List-Unsubscribe']).toMatch(/^<https:\/\/tidings\.example\/u\/[\w.-]+>$/);
    expect(await progress(id)).toMatchObject({
      people: 2_300,
      waiting: 0,
      byChannel: { email: { accepted: 2_300 } },
    });
    const rows = await ledger();
    expect(rows).toHaveLength(2_300);
    expect(rows[0]).toMatchObject({ channel: 'email', state: 'accepted', over: 'inbox=notByDefault' });
  });
});
