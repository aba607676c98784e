import {
  BroadcastControlStore,
  BroadcastSendingStore,
  CustomerRegisterStore,
  DeliveryHistoryStore,
  ReceiptInbox,
  ServiceAlertStore,
  WhyStore,
} from '@app/persistence';
import { randomUUID } from 'node:crypto';
import type { Dispatcher } from '../../../apps/dispatcher/src/dispatcher';
import { startDispatcher } from '../../harness/dispatcher-app';
import { eventually } from '../../harness/eventually';
import { FakeSendGrid, SENDGRID_ACCOUNT } from '../../harness/providers/sendgrid-server';
import { personalMails } from '../../harness/providers/sendgrid-personalizations';
import { Notified } from '../api/fixtures';
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
const ended = (id: string, withinMs?: number) =>
  eventually(
    () => alerts.find(id),
    (alert) => alert?.status === 'completed',
    withinMs,
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
    expect(sent[0]?.text).toMatch(/^Hello Person \d+,\n\nPlease note: Cards\n\nCard payments are slow\./);
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

  it('says of each who is not told why, and tells nobody on a way that was shut', async () => {
    await people(6);
    await mailOnly();
    const of = (n: number): string => `p${String(n).padStart(6, '0')}`;
    await own.database.query(`update contact_points set verified_at = null where customer_id = $1`, [of(1)]);
    await own.database.query(
      `insert into suppressions (id, channel, address, reason, source)
       values (gen_random_uuid(), 'email', $1, 'bounced', 'sendgrid')`,
      [`${of(2)}@customers.example`],
    );
    await own.database.query(
      `insert into preferences (customer_id, topic, channel, enabled) values ($1, 'news', 'email', false)`,
      [of(3)],
    );
    await own.database.query('delete from contact_points where customer_id = $1', [of(4)]);
    await begin();
    const id = await confirm();
    await ended(id);
    expect(
      mails()
        .map((mail) => mail.to)
        .sort(),
    ).toEqual([of(5), of(6)].map((one) => `${one}@customers.example`));
    const shut = 'inbox=notByDefault';
    expect((await ledger()).map(({ customer, state, over }) => [customer, state, over])).toEqual([
      [of(1), 'notTold', `email=notVerified,${shut}`],
      [of(2), 'notTold', `email=addressSuppressed:bounced,${shut}`],
      [of(3), 'notTold', `email=switchedOff,${shut}`],
      [of(4), 'notTold', expect.stringContaining(shut)],
      [of(5), 'accepted', shut],
      [of(6), 'accepted', shut],
    ]);
    expect(await progress(id)).toMatchObject({
      people: 6,
      notTold: 4,
      byChannel: { email: { accepted: 2 } },
    });
  });

  it('keeps a message in the inbox of each, too, where the topic says so, and shows it once', async () => {
    await people(30);
    await begin();
    const id = await confirm('service');
    await ended(id);
    const kept = await own.database.query<{ customer_id: string; body: string }>(
      'select * from inbox_messages',
    );
    expect(new Set(kept.map((one) => one.customer_id)).size).toBe(30);
    expect(kept).toHaveLength(30);
    expect(kept[0]?.body).toBe('Card payments are slow.');
    expect(mails()).toHaveLength(30);
    expect((await progress(id))?.byChannel).toEqual({ email: { accepted: 30 }, inbox: { accepted: 30 } });
  });

  it('wakes the stream of each inbox that it is kept in, as it is kept', async () => {
    await people(3);
    const woken = await Notified.on(own, 'inbox');
    await begin();
    await confirm('service');
    for (const id of ['p000001', 'p000002', 'p000003']) await woken.of(id);
    expect(woken.payloads).toHaveLength(3);
    const kept = await own.database.query('select 1 from inbox_messages');
    expect(kept).toHaveLength(3);
  });

  it('leaves to the planner who keeps quiet hours, and channels that take one message at a time, and tells nobody twice', async () => {
    await people(4);
    const [quiet, phone] = ['p000001', 'p000002'];
    const days = [1, 2, 3, 4, 5, 6, 7];
    const allDay = [
      { days, from: '00:00', to: '13:00' },
      { days, from: '12:00', to: '01:00' },
    ];
    await own.database.query(`insert into preference_sheets (customer_id, sheet) values ($1, $2::jsonb)`, [
      quiet,
      JSON.stringify({ quietHours: allDay }),
    ]);
    await own.database.query(
      `insert into contact_points (id, customer_id, channel, address, verified_at)
       values (gen_random_uuid(), $1, 'sms', '+4915112345678', now())`,
      [phone],
    );
    await mailOnly({ channels: ['email', 'sms'] });
    await begin();
    const id = await confirm();
    const held = await eventually(
      () =>
        own.database.query<{ customer_id: string; channel: string; deferred: string | null; state: string }>(
          `select customer_id, channel, deferred_by as deferred, state from deliveries order by 1`,
        ),
      (rows) => rows.length === 2 && rows.some((row) => row.state === 'accepted'),
    );
    expect(held).toEqual([
      { customer_id: quiet, channel: 'email', deferred: 'quietHours', state: 'pending' },
      { customer_id: phone, channel: 'sms', deferred: null, state: 'accepted' },
    ]);
    // Mailed by another part of the dispatcher than those two: either may be done first.
    await eventually(
      () => progress(id),
      (now) => now?.byChannel.email?.accepted === 3,
    );
    expect(
      mails()
        .map((mail) => mail.to)
        .sort(),
    ).toEqual(['p000002', 'p000003', 'p000004'].map((one) => `${one}@customers.example`));
    expect(await progress(id)).toMatchObject({ people: 4, notifications: 2, waiting: 0 });
  });

  it('puts people who share an address into calls of their own: the provider would refuse them all', async () => {
    await people(5);
    await own.database.query(
      `update contact_points set address = 'Family@customers.example' where customer_id = 'p000002'`,
    );
    await own.database.query(
      `update contact_points set address = 'family@customers.example' where customer_id = 'p000004'`,
    );
    await mailOnly();
    await begin();
    await ended(await confirm());
    expect(mails()).toHaveLength(5);
    expect(sendgrid.received.map((call) => call.status)).toEqual([202, 202]);
  });

  it('reaches all but the one whose address is refused, whether the provider names it or not', async () => {
    await people(40);
    await own.database.query(
      `update contact_points set address = 'no address' where customer_id = 'p000007'`,
    );
    await mailOnly();
    await begin();
    const id = await confirm();
    await ended(id);
    expect(mails()).toHaveLength(39);
    expect(await progress(id)).toMatchObject({ byChannel: { email: { accepted: 39, failed: 1 } } });
    expect((await ledger()).find((row) => row.customer === 'p000007')).toMatchObject({
      state: 'failed',
      reason: 'invalidAddress',
    });
    sendgrid.failNext({
      status: 400,
      body: { errors: [{ field: 'personalizations', message: 'somewhere in here', help: null }] },
    });
    const again = await confirm();
    await ended(again);
    expect(await progress(again)).toMatchObject({ byChannel: { email: { accepted: 39, failed: 1 } } });
    expect(mails()).toHaveLength(78);
  });

  it('that is throttled waits as long as it is told, and uses no try', async () => {
    await people(3);
    await mailOnly();
    sendgrid.failNext({ status: 429, headers: { 'retry-after': '1' } });
    await begin();
    await ended(await confirm(), 45_000);
    expect(sendgrid.received.map((call) => call.status)).toEqual([429, 202]);
    const [batch] = await own.database.query('select attempt_no, duplicate_possible from broadcast_batches');
    expect(batch).toEqual({ attempt_no: 1, duplicate_possible: false });
  }, 60_000);

  it('holds what may or may not have left, shows it, and sends it again only if somebody asks', async () => {
    await people(3);
    await mailOnly({ onAmbiguous: 'hold' });
    sendgrid.failNext({ resetAfterAccept: true });
    await begin();
    const id = await confirm();
    await ended(id);
    expect((await progress(id))?.byChannel).toEqual({ email: { ambiguous: 3 } });
    expect(mails()).toHaveLength(3);
    expect(await control.resend(id, ['ambiguous'])).toBe(3);
    await ended(id);
    expect(mails()).toHaveLength(6);
    const [batch] = await own.database.query('select state, duplicate_possible from broadcast_batches');
    expect(batch).toEqual({ state: 'accepted', duplicate_possible: true });
  });

  it('that ended ambiguous counts as accepted once the provider speaks of any of its people', async () => {
    await people(3);
    await mailOnly({ onAmbiguous: 'resend' });
    sendgrid.failNext({ resetAfterAccept: true });
    await begin();
    const id = await confirm();
    // It is pending before it is sent, too: what is waited for is the wait after the first try.
    await eventually(
      () => own.database.query(`select 1 from broadcast_batches where state = 'pending' and attempt_no = 1`),
      (waiting) => waiting.length === 1,
    );
    const [, other] = mails();
    await new ReceiptInbox(own.database).keep([
      {
        ...{ provider: 'sendgrid', eventId: 'e1', providerMessageId: null, channel: 'email', reason: '' },
        ...{ state: 'sent', occurredAt: Date.now(), mayRetry: false, suppress: null },
        ...{ attemptId: other?.customArgs.attempt_id ?? null, address: other?.to ?? null },
      },
    ]);
    const [kept] = await own.database.query('select detail, applied_at is not null as done from receipts');
    expect(kept).toEqual({ detail: null, done: true });
    await dispatcher?.sweep();
    expect((await progress(id))?.byChannel).toEqual({ email: { accepted: 3 } });
    const [batch] = await own.database.query('select reason, duplicate_possible from broadcast_batches');
    expect(batch).toEqual({ reason: 'seenByProvider', duplicate_possible: false });
    expect(mails()).toHaveLength(3);
  });

  it('when paused sends nothing more, says exactly what had been sent, and goes on to the rest when it is resumed', async () => {
    await people(9_500);
    await mailOnly();
    sendgrid.latencyMs = 50;
    await begin();
    const id = await confirm();
    await sendgrid.until((calls) => calls.length >= 2, 20_000);
    const counts = await control.pause(id);
    expect(counts).not.toBeNull();
    const settled = await eventually(
      () => progress(id),
      (now) => !now?.byChannel.email?.sending,
    );
    const sent = mails().length;
    const { accepted = 0, pending = 0 } = settled?.byChannel.email ?? {};
    expect([accepted, accepted + pending + (settled?.waiting ?? 0)]).toEqual([sent, 9_500]);
    expect(sent).toBeLessThan(9_500);
    expect((await alerts.find(id))?.status).toBe('paused');
    await control.resume(id);
    await ended(id);
    expect(new Set(mails().map((mail) => mail.to)).size).toBe(9_500);
    expect(mails()).toHaveLength(9_500);
  });

  it('when cancelled writes down everybody who was not told', async () => {
    await people(9_500);
    await mailOnly();
    sendgrid.latencyMs = 50;
    await begin();
    const id = await confirm();
    await sendgrid.until((calls) => calls.length >= 2, 20_000);
    const outcome = await control.cancel(id);
    if (outcome.kind !== 'cancelled') throw new Error(outcome.kind);
    const { cancelled, alreadyAccepted, inFlight } = outcome.counts;
    expect(cancelled + alreadyAccepted + inFlight).toBe(9_500);
    await eventually(
      () => progress(id),
      (now) => !now?.byChannel.email?.sending,
    );
    // A page that was being planned when it was cancelled is written down by the sweep after that.
    const rows = await eventually(
      async () => {
        await dispatcher?.sweep();
        return ledger();
      },
      ({ length }) => length === 9_500,
    );
    expect(rows.filter((row) => row.state === 'cancelled')).toHaveLength(9_500 - mails().length);
    expect(mails()).toHaveLength(alreadyAccepted + inFlight);
  });

  it('is not claimed while somebody stops it, and neither waits for the other', async () => {
    await people(3);
    await mailOnly();
    sendgrid.answerAlways({ status: 503 });
    await begin();
    const id = await confirm();
    await sendgrid.until((calls) => calls.length >= 1, 20_000);
    await dispatcher?.stop();
    dispatcher = undefined;
    await own.database.query('update broadcast_batches set not_before = now()');
    const sending = new BroadcastSendingStore(own.database);
    const lease = { owner: 'other', ms: 60_000, provider: 'sendgrid' };
    const claim = async (): Promise<number> => (await sending.claimDue('email', 10, lease)).length;
    await own.database.transaction(async (stopping) => {
      await stopping.query('select 1 from service_alerts where id = $1 for no key update', [id]);
      // A claim that waited here held the batch that whoever stops it asks for next: each waited for the other.
      expect(await claim()).toBe(0);
      await stopping.query('update broadcast_batches set expires_at = expires_at');
    });
    expect(await claim()).toBe(1);
  });

  it('to two dispatchers is still told once to each', async () => {
    await people(5_000);
    await mailOnly();
    await begin();
    const other = await startDispatcher(own.url, { ...ENV, SENDGRID_BASE_URL: sendgrid.url });
    await ended(await confirm());
    await other.stop();
    expect(new Set(mails().map((mail) => mail.to)).size).toBe(5_000);
    expect(mails()).toHaveLength(5_000);
  });

  it('stands in the list of each customer with its reason, what became of it, and why it went no other way', async () => {
    await people(3);
    await mailOnly();
    await begin();
    const id = await confirm();
    await ended(id);
    const history = new DeliveryHistoryStore(own.database);
    const mine = await history.list(
      { customerId: 'p000002', state: null, alertId: null },
      Number.MAX_SAFE_INTEGER,
      10,
    );
    expect(mine).toHaveLength(1);
    const [delivery] = mine;
    const deliveryId = delivery?.deliveryId ?? '';
    expect(delivery).toMatchObject({
      channel: 'email',
      state: 'accepted',
      serviceAlertId: id,
      customerId: 'p000002',
    });
    const ids = mails().map((mail) => mail.customArgs.delivery_id);
    expect(ids).toContain(deliveryId);
    expect(await history.find('p000002', deliveryId)).toEqual(delivery);
    expect(await history.find('p000001', deliveryId)).toBeNull();
    expect(await history.attemptsOf(deliveryId)).toEqual([
      expect.objectContaining({ provider: 'sendgrid', outcome: 'accepted', attemptNo: 1 }),
    ]);
    const why = new WhyStore(own.database);
    const notificationId = delivery?.notificationId ?? '';
    expect(await why.find('p000001', notificationId)).toBeNull();
    expect(await why.find('p000002', notificationId)).toMatchObject({ kind: 'serviceAlert', topic: 'news' });
    expect(await why.decisionsOf('p000002', notificationId)).toMatchObject([
      { channel: 'email', decision: 'sent', reason: 'byDefault', delivery: { state: 'accepted' } },
      { channel: 'inbox', decision: 'suppressed', reason: 'notByDefault' },
    ]);
  });

  it('forgets a customer who is erased, before they are planned and after', async () => {
    await people(4);
    await mailOnly();
    const customers = new CustomerRegisterStore(own.database, () => 0);
    const id = await confirm();
    await customers.erase('p000001');
    await begin();
    await ended(id);
    await customers.erase('p000002');
    expect((await ledger()).map((row) => row.customer)).toEqual(['p000003', 'p000004']);
    expect(mails()).toHaveLength(3);
    expect(await progress(id)).toMatchObject({ people: 4, gone: 1, byChannel: { email: { accepted: 3 } } });
  });

  it('holds up no alert to one, even while the provider answers none of its calls', async () => {
    await people(9_500);
    await mailOnly();
    sendgrid.answerAlways({ hang: true });
    await begin();
    await confirm();
    await sendgrid.until((calls) => calls.length >= 4, 20_000);
    await own.database.query(
      `with phone as (
         insert into contact_points (id, customer_id, channel, address, verified_at)
         values (gen_random_uuid(), 'p000001', 'sms', '+4915112345678', now()) returning customer_id)
       insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
       select gen_random_uuid(), customer_id, 'alerts', 'urgent', '{sms}', 'serviceAlert',
         '{"serviceAlertId":"s1","title":"Cards","text":"Your card is locked.","severity":"critical"}', now() from phone`,
    );
    await own.database.query(`select pg_notify('notifications', '')`);
    await eventually(
      () => own.database.query<{ channel: string }>('select channel from outbox_messages'),
      (rows) => rows.length === 1,
      5_000,
    );
    expect(mails()).toHaveLength(0);
    sendgrid.answerAlways(null);
  });
});
