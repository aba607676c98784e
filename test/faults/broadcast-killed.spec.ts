import { randomUUID } from 'node:crypto';
import { BroadcastControlStore, ServiceAlertStore } from '@app/persistence';
import { DispatcherProcess } from '../harness/dispatcher-process';
import { eventually } from '../harness/eventually';
import { personalMails } from '../harness/providers/sendgrid-personalizations';
import { FakeSendGrid, SENDGRID_ACCOUNT } from '../harness/providers/sendgrid-server';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

const PEOPLE = 15_000;
const KILLS = 3;

let own: TestDatabase;
let sendgrid: FakeSendGrid;
let dispatcher: DispatcherProcess;
beforeEach(async () => {
  own = await createTestDatabase();
  sendgrid = await new FakeSendGrid().start();
  dispatcher = new DispatcherProcess({
    DATABASE_URL: own.url,
    DELIVERY_LEASE_MS: '1000',
    SENDGRID_API_KEY: SENDGRID_ACCOUNT.apiKey,
    SENDGRID_FROM: SENDGRID_ACCOUNT.senders[0] ?? '',
    SENDGRID_BASE_URL: sendgrid.url,
  });
});
afterEach(async () => {
  await dispatcher.kill('SIGKILL');
  await sendgrid.stop();
  await own.drop();
});

async function confirmToAll(): Promise<string> {
  await own.database.query(
    `insert into topics (name, policy) values ('news', '{"topic": "news", "channels": ["email"], "onAmbiguous": "hold"}')`,
  );
  await own.database.query(
    `with people as (
       insert into customers (id, name, time_zone, language)
       select 'p' || lpad(i::text, 6, '0'), 'P', 'UTC', 'en' from generate_series(1, $1::int) i returning id)
     insert into contact_points (id, customer_id, channel, address, verified_at)
     select md5(id)::uuid, id, 'email', id || '@customers.example', now() from people`,
    [PEOPLE],
  );
  const alerts = new ServiceAlertStore(own.database);
  const serviceAlertId = randomUUID();
  const words = {
    title: 'Cards',
    text: 'Card payments are slow.',
    severity: 'warning',
    topic: 'news',
  } as const;
  const audience = { kind: 'everyone' } as const;
  await alerts.create({ ...words, serviceAlertId, audience, publicPost: false, createdBy: 'test' });
  await alerts.confirm(serviceAlertId, PEOPLE);
  return serviceAlertId;
}

/** How often each address has a mail. */
function arrived(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const call of sendgrid.accepted)
    for (const { to } of personalMails(call.fields ?? {})) counts.set(to, (counts.get(to) ?? 0) + 1);
  return counts;
}

interface Entry {
  address: string;
  state: string;
  marked: boolean;
}
const ledger = () =>
  own.database.query<Entry>(
    `select r.customer_id || '@customers.example' as address, coalesce(r.state, b.state) as state, b.duplicate_possible as marked
     from broadcast_recipients r left join broadcast_batches b using (alert_seq, batch)`,
  );

describe('a dispatcher that is killed in the middle of a service alert to thousands', () => {
  it('again and again loses nobody; who may have been told stands there as such, and a second copy is marked', async () => {
    const control = new BroadcastControlStore(own.database);
    const alerts = new ServiceAlertStore(own.database);
    sendgrid.latencyMs = 100;
    const id = await confirmToAll();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const calls = sendgrid.received.length;
      dispatcher.spawn();
      // The others of its calls are anywhere between planning, calling and recording by then.
      await sendgrid.until((received) => received.length >= calls + kill, 30_000);
      await dispatcher.kill('SIGKILL');
    }
    await dispatcher.start();
    const completed = () =>
      eventually(
        () => alerts.find(id),
        (alert) => alert?.status === 'completed',
        60_000,
      );
    await completed();

    const held = await ledger();
    const once = arrived();
    expect(held).toHaveLength(PEOPLE);
    expect(new Set(held.map((entry) => entry.state))).toEqual(new Set(['accepted', 'ambiguous']));
    const accepted = held.filter((entry) => entry.state === 'accepted');
    expect(accepted.filter((entry) => once.get(entry.address) !== 1)).toEqual([]);
    expect([...once.values()].filter((count) => count > 1)).toEqual([]);
    const counted = (await control.progressOf([id])).get(id)?.byChannel.email;
    expect(counted).toEqual({ accepted: accepted.length, ambiguous: PEOPLE - accepted.length });

    expect(await control.resend(id, ['ambiguous'])).toBe(PEOPLE - accepted.length);
    await completed();
    const twice = arrived();
    const marked = new Map((await ledger()).map((entry) => [entry.address, entry.marked]));
    expect(twice.size).toBe(PEOPLE);
    expect([...twice].filter(([address, count]) => count > 1 && !marked.get(address))).toEqual([]);
  }, 180_000);
});
