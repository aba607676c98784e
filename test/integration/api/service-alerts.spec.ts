import { BroadcastPlanningStore } from '@app/persistence';
import { startApi, type TestApi } from '../../harness/api-app';
import { quietNow } from '../../harness/quiet-now';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { createRule, defineMetrics, Notified, register } from './fixtures';

let own: TestDatabase;
let api: TestApi;
let woken: Notified;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  await defineMetrics(api);
  const ada = await register(api, 'ada', { owns: ['flight:1'], follows: ['flight:2'] });
  await register(api, 'ben', { follows: ['flight:1', 'flight:2'] });
  await register(api, 'cleo', { owns: ['flight:3'] });
  const dora = await register(api, 'dora');
  await createRule(api, ada, {
    topic: 'weather',
    subjects: ['flight:1'],
    metric: 'flight.delay',
    operator: 'above',
    threshold: 5,
  });
  const off = (channel: string) => ({ topic: 'service', channel, enabled: false });
  await api.call(dora, {
    method: 'PUT',
    path: '/v1/me/preferences',
    body: { preferences: [off('inbox'), off('email'), { topic: 'weather', channel: 'sms', enabled: true }] },
  });
  await own.database.query(
    `insert into contact_points (id, customer_id, channel, address, verified_at)
     select gen_random_uuid(), customer, channel, address, case when verified then now() end from (values
       ('ada', 'sms', '+1555', true), ('ada', 'email', 'ada@example.org', true), ('ben', 'sms', '+1556', false),
       ('ben', 'social', '7', true), ('cleo', 'email', 'cleo@example.org', true), ('dora', 'email', 'dora@example.org', true)
     ) as p (customer, channel, address, verified)`,
  );
  woken = await Notified.on(own, 'broadcasts');
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

interface Alert {
  serviceAlertId: string;
  status: string;
  progress: { people: number; notifications: number; waiting: number; byChannel: object };
}

const DRAFT = {
  title: 'Fog',
  text: 'Flights are late.',
  severity: 'warning',
  audience: { kind: 'everyone' },
};

async function draft(fields: object = {}): Promise<string> {
  const { status, body } = await api.call<Alert>(api.adminKey, {
    path: '/v1/service-alerts',
    body: { ...DRAFT, ...fields },
  });
  expect([status, body.status]).toEqual([201, 'draft']);
  return body.serviceAlertId;
}
const act = (id: string, action: string, body: object = {}) =>
  api.call(api.adminKey, { path: `/v1/service-alerts/${id}/${action}`, body });
const read = async (id: string) =>
  (await api.call<Alert>(api.adminKey, { path: `/v1/service-alerts/${id}` })).body;
/** The audience as it was confirmed. */
const told = async (id: string): Promise<string[]> => {
  const pages = await own.database.query<{ ids: string[] }>(
    `select p.customer_ids as ids from broadcast_pages p join service_alerts s on s.seq = p.alert_seq
     where s.id = $1 order by p.page`,
    [id],
  );
  return pages.flatMap((page) => page.ids);
};

/** Every person of the alert gets a notification of their own, as the dispatcher makes them where nobody mails many at once. */
async function notify(id: string): Promise<void> {
  const store = new BroadcastPlanningStore(own.database);
  for (const page of await store.claimPages(10, 60_000)) {
    if (page.serviceAlertId !== id) continue;
    const row = { batch: null, contactPointId: null, channel: null, reason: 'ownMessage', passedOver: null };
    const rows = page.customerIds.map((customerId, seq) => ({
      ...row,
      customerId,
      seq,
      state: 'asNotification' as const,
    }));
    const notifications = page.customerIds.map((customerId) => ({ customerId, channels: null }));
    const expiresAt = Date.now() + 3_600_000;
    expect(await store.save(page, { rows, notifications, batches: [], notTold: 0, expiresAt })).toBe(true);
  }
}

/** Plans a share of the notifications as the dispatcher would: marks them planned and makes their deliveries. */
async function plan(id: string, states: Record<string, string>): Promise<void> {
  await notify(id);
  for (const [customerId, state] of Object.entries(states)) {
    await own.database.query(
      `with planned as (
         update notifications set planned_at = now() where service_alert_id = $1 and customer_id = $2 returning id)
       insert into deliveries (id, notification_id, customer_id, channel, lane, state, expires_at)
       select gen_random_uuid(), id, $2, 'sms', 'bulk', $3, now() + interval '1 hour' from planned`,
      [id, customerId, state],
    );
  }
}
const statesOf = async (id: string) => {
  const rows = await own.database.query<{ customer: string; state: string; overdue: boolean }>(
    `select d.customer_id as customer, d.state, d.expires_at <= now() as overdue
     from deliveries d join notifications n on n.id = d.notification_id where n.service_alert_id = $1 order by 1`,
    [id],
  );
  return Object.fromEntries(
    rows.map((row) => [row.customer, row.overdue ? `${row.state}, overdue` : row.state]),
  );
};

describe('a service alert', () => {
  it('says before anything is sent how many people it reaches and by which messages', async () => {
    const { status, body } = await act(await draft(), 'dry-run');
    expect(status).toBe(200);
    expect(body).toEqual({
      people: 4,
      messages: { sms: 1, email: 2, social: 1, inbox: 3 },
      ...{ held: {}, digested: {}, capped: {}, later: {}, suppressed: {} },
      unreachable: 1,
      oneIn: 1,
      words: expect.stringMatching(/^4 people in the audience\. Messages: .*\. Nothing goes to 1 person\.$/),
      publicPost: false,
    });
    expect((await own.database.query('select 1 from notifications')).length).toBe(0);
  });

  it('says in its dry run who would be held, gathered, over a cap, in steps or not written to any more, and in words', async () => {
    const people = ['held', 'capped', 'daily', 'stepped', 'ended', 'over', 'plain'];
    for (const id of people) await register(api, `try-${id}`, { follows: ['flight:77'] });
    await own.database.query(
      `insert into contact_points (id, customer_id, channel, address, verified_at)
       select gen_random_uuid(), id, channel, channel || ' of ' || id, now()
       from customers, unnest(array['sms', 'email']) as c (channel) where id like 'try-%'`,
    );
    const sheets = {
      'try-held': { quietHours: quietNow() },
      'try-capped': { caps: { sms: { perDay: 1 } } },
      'try-over': { caps: { sms: { perDay: 1 } } },
      'try-daily': { digests: { roads: { every: 'day', at: '12:00' }, alerts: { every: 'hour' } } },
      'try-stepped': {
        steps: [
          { channels: ['email'], waitMs: 60_000, stopOn: 'seen' },
          { channels: ['sms'], waitMs: 0, stopOn: 'accepted' },
        ],
      },
    };
    await own.database.query(
      `insert into preference_sheets (customer_id, sheet) select key, value from jsonb_each($1::jsonb)`,
      [JSON.stringify(sheets)],
    );
    await own.database.query(
      `insert into cap_usage (customer_id, channel, span, starts_at, used)
       values ('try-over', 'sms', 'day', (date_trunc('day', now() at time zone 'Europe/Berlin')) at time zone 'Europe/Berlin', 1)`,
    );
    await own.database.query(
      `insert into suppressions (id, channel, address, reason, source) values (gen_random_uuid(), 'email', 'email of try-ended', 'bounced', 'test')`,
    );
    await own.database.query(`insert into topics (name, policy) values ('roads', $1)`, [
      JSON.stringify({
        ...{ title: 'Roads', description: '', signedBy: '', isCritical: false, criticalReason: '' },
        ...{
          channels: ['sms', 'email'],
          digest: { every: 'time' },
          steps: null,
          onAmbiguous: 'hold',
          ttlMs: 3_600_000,
        },
      }),
    ]);
    const id = await draft({ topic: 'roads', audience: { kind: 'subjects', subjects: ['flight:77'] } });
    const { body } = await act(id, 'dry-run');
    expect(body).toMatchObject({
      people: 7,
      messages: { sms: 4, email: 5 },
      held: { sms: 1, email: 1 },
      digested: { sms: 1, email: 1 },
      capped: { sms: 1 },
      later: { sms: 1 },
      suppressed: { email: 1 },
      unreachable: 0,
      oneIn: 1,
    });
    expect(body.words).toBe(
      '7 people in the audience. Messages: 4 sms, 5 email. Of these, held until quiet hours are over: 1 sms, 1 email. ' +
        'Later, in a digest: 1 sms, 1 email. Over a cap, and therefore later in a digest: 1 sms. ' +
        'Only if earlier channels do not reach the customer: 1 sms. ' +
        'Not sent, because the address must not be written to: 1 email.',
    );
    await own.database.query(`delete from customers where id like 'try-%'`);
  });

  it('agrees in its dry run with counting in the database, also beyond one page of people', async () => {
    await own.database.query(
      `with people as (
         insert into customers (id, name, time_zone, language) select 'crowd-' || n, 'N', 'UTC', 'en' from generate_series(1, 2345) n
         returning id),
       points as (
         insert into contact_points (id, customer_id, channel, address, verified_at)
         select gen_random_uuid(), id, (array['sms', 'email', 'social'])[1 + abs(hashtext(id || c) % 3)], c,
           case when hashtext(c || id) % 3 <> 0 then now() end
         from people, (values ('a'), ('b')) as x (c))
       insert into preferences (customer_id, topic, channel, enabled)
       select id, 'service', c, hashtext(id) % 2 = 0 from people, (values ('sms'), ('inbox')) as x (c) where hashtext(id || c) % 4 = 0`,
    );
    const counted = await own.database.query<{ channel: string; count: number }>(
      `select channel, count(*) from (
         select customer_id, channel from contact_points where verified_at is not null
         union all select id, 'inbox' from customers) way
       where not exists (select 1 from preferences p where p.customer_id = way.customer_id
         and p.topic = 'service' and p.channel = way.channel and not p.enabled)
       group by channel`,
    );
    const { body } = await act(await draft(), 'dry-run');
    expect(body).toMatchObject({
      people: 2349,
      messages: Object.fromEntries(counted.map((row) => [row.channel, row.count])),
    });
    await own.database.query(`delete from customers where id like 'crowd-%'`);
  });

  it.each([
    [{ kind: 'everyone' }, ['ada', 'ben', 'cleo', 'dora']],
    [{ kind: 'topic', topic: 'weather' }, ['ada', 'dora']],
    [{ kind: 'subjects', subjects: ['flight:1'] }, ['ada', 'ben']],
    [{ kind: 'subjects', subjects: ['flight:1', 'flight:3'], relations: ['owns'] }, ['ada', 'cleo']],
    [{ kind: 'subjects', subjects: ['flight:2', 'flight:1'], relations: ['follows'] }, ['ada', 'ben']],
    [{ kind: 'subjects', subjects: ['flight:9'] }, []],
  ])('for %j tells exactly %j, each once', async (audience, people) => {
    const id = await draft({ audience });
    expect((await act(id, 'confirm', { people: people.length })).status).toBe(200);
    expect(await told(id)).toEqual(people);
  });

  it('keeps its people as they were confirmed, posts in public, and wakes who sends it', async () => {
    const id = await draft({ publicPost: true, topic: 'outage' });
    expect((await act(id, 'confirm', { people: 4 })).body.status).toBe('sending');
    await register(api, 'too-late');
    expect(await told(id)).toEqual(['ada', 'ben', 'cleo', 'dora']);
    await api.call(api.systemKey, { method: 'DELETE', path: '/v1/customers/too-late' });
    const rows = await own.database.query('select * from notifications where service_alert_id = $1', [id]);
    expect(rows).toEqual([
      expect.objectContaining({
        lane: 'bulk',
        topic: 'outage',
        kind: 'serviceAlert',
        facts: { serviceAlertId: id, title: 'Fog', text: 'Flights are late.', severity: 'warning' },
        planned_at: null,
        customer_id: null,
        channels: ['social'],
      }),
    ]);
    await woken.of('');
  });

  it('is refused if the audience is not the one that was counted, and can be confirmed once it is', async () => {
    const id = await draft({ audience: { kind: 'subjects', subjects: ['flight:77'] } });
    await register(api, 'late-follower', { follows: ['flight:77'] });
    expect(await act(id, 'confirm', { people: 0 })).toMatchObject({
      status: 409,
      body: { type: '/problems/audience-changed' },
    });
    expect(await read(id)).toMatchObject({ status: 'draft', progress: { people: 0, notifications: 0 } });
    expect((await told(id)).length).toBe(0);
    expect((await act(id, 'confirm', { people: 1 })).status).toBe(200);
    expect(await act(id, 'confirm', { people: 1 })).toMatchObject({
      status: 409,
      body: { type: '/problems/not-a-draft' },
    });
    await api.call(api.systemKey, { method: 'DELETE', path: '/v1/customers/late-follower' });
  });

  it('is sent once, however many admins confirm it at the same moment', async () => {
    const id = await draft();
    const answers = await Promise.all(Array.from({ length: 5 }, () => act(id, 'confirm', { people: 4 })));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(await told(id)).toHaveLength(4);
  });

  it('shows its progress until everything of it has ended', async () => {
    const id = await draft();
    await act(id, 'confirm', { people: 4 });
    expect(await read(id)).toMatchObject({
      status: 'sending',
      progress: { people: 4, notifications: 0, waiting: 4, byChannel: {}, messages: { sent: 0, notSent: 4 } },
    });
    await plan(id, { ada: 'accepted', ben: 'failed', cleo: 'pending', dora: 'accepted' });
    expect(await read(id)).toMatchObject({
      status: 'sending',
      progress: {
        notifications: 4,
        waiting: 0,
        byChannel: { sms: { accepted: 2, failed: 1, pending: 1 } },
        messages: { sent: 2, notSent: 2, inFlight: 0, ambiguous: 0 },
      },
    });
    await own.database.query(`update deliveries set state = 'accepted' where state = 'pending'`);
    expect(await read(id)).toMatchObject({
      status: 'completed',
      progress: { byChannel: { sms: { accepted: 3, failed: 1 } } },
    });
  });

  it('when cancelled keeps back what has not gone out and says exactly how much that is', async () => {
    const id = await draft({ publicPost: true });
    await act(id, 'confirm', { people: 4 });
    await plan(id, { ada: 'accepted', ben: 'sending', cleo: 'retry' });
    expect(await act(id, 'cancel')).toMatchObject({
      status: 200,
      body: { cancelled: 3, alreadyAccepted: 1, inFlight: 1 },
    });
    expect(await statesOf(id)).toEqual({ ada: 'accepted', ben: 'sending, overdue', cleo: 'cancelled' });
    const reasons = await own.database.query(
      `select d.decision, d.reason from decisions d join notifications n on n.id = d.notification_id where n.service_alert_id = $1`,
      [id],
    );
    expect(reasons).toEqual(Array(2).fill({ decision: 'cancelled', reason: 'serviceAlertCancelled' }));
    expect(await read(id)).toMatchObject({ status: 'cancelled', progress: { waiting: 0 } });
    expect(await act(id, 'cancel')).toMatchObject({ status: 409 });
    expect((await act(id, 'confirm', { people: 4 })).status).toBe(409);
  });

  it('when paused holds back what has not gone out, says what had, and goes on when it is resumed', async () => {
    const id = await draft({ publicPost: true });
    expect(await act(id, 'pause')).toMatchObject({ status: 409, body: { type: '/problems/not-pausable' } });
    await act(id, 'confirm', { people: 4 });
    await plan(id, { ada: 'accepted', ben: 'sending', cleo: 'retry' });
    expect(await act(id, 'pause')).toMatchObject({
      status: 200,
      body: { sent: 1, inFlight: 1, ambiguous: 0, notSent: 3 },
    });
    const lanes = () =>
      own.database.query<{ lane: string; n: number }>(
        `select lane, count(*) as n from (
           select lane from notifications where service_alert_id = $1 and planned_at is null union all
           select d.lane from deliveries d join notifications n on n.id = d.notification_id
           where n.service_alert_id = $1 and d.state <> 'accepted') x group by lane`,
        [id],
      );
    expect(await lanes()).toEqual([{ lane: 'held', n: 4 }]);
    expect(await read(id)).toMatchObject({ status: 'paused', pausedAt: expect.any(String) });
    expect(await act(id, 'pause')).toMatchObject({ status: 409 });
    expect(await act(id, 'resume')).toMatchObject({
      status: 200,
      body: { status: 'sending', pausedAt: null },
    });
    expect(await lanes()).toEqual([{ lane: 'bulk', n: 4 }]);
    expect(await act(id, 'resume')).toMatchObject({ status: 409, body: { type: '/problems/not-paused' } });
    await act(id, 'pause');
    expect(await act(id, 'cancel')).toMatchObject({
      body: { cancelled: 3, alreadyAccepted: 1, inFlight: 1 },
    });
  });

  it.each(['pause', 'resume', 'resend', 'cancel'])(
    'cannot be asked to %s by anybody but an admin',
    async (act) => {
      const path = `/v1/service-alerts/${await draft()}/${act}`;
      const body = { states: ['failed'] };
      expect((await api.call(api.systemKey, { path, body })).status).toBe(403);
      expect((await api.call('', { path, body })).status).toBe(401);
    },
  );

  it('that is completed cannot be cancelled, and stays completed', async () => {
    const id = await draft();
    await act(id, 'confirm', { people: 4 });
    await plan(id, { ada: 'accepted', ben: 'failed', cleo: 'accepted', dora: 'accepted' });
    expect(await act(id, 'cancel')).toMatchObject({
      status: 409,
      body: { type: '/problems/not-cancellable', detail: expect.stringContaining('completed') },
    });
    expect(await read(id)).toMatchObject({ status: 'completed', cancelledAt: null });
  });

  it('can be cancelled before anybody was told', async () => {
    const id = await draft();
    expect(await act(id, 'cancel')).toMatchObject({
      status: 200,
      body: { cancelled: 0, alreadyAccepted: 0, inFlight: 0 },
    });
    expect((await act(id, 'confirm', { people: 4 })).status).toBe(409);
  });

  it('drafted twice with the same Idempotency-Key is one draft', async () => {
    const post = () =>
      api.call<Alert>(api.adminKey, {
        path: '/v1/service-alerts',
        body: DRAFT,
        headers: { 'idempotency-key': 'fog' },
      });
    expect((await post()).body.serviceAlertId).toBe((await post()).body.serviceAlertId);
  });

  it.each([
    [{ severity: 'panic' }],
    [{ audience: { kind: 'nobody' } }],
    [{ audience: { kind: 'topic' } }],
    [{ audience: { kind: 'subjects' } }],
    [{ audience: { kind: 'subjects', subjects: ['flight'] } }],
    [{ audience: 'everyone' }],
    [{ title: '' }],
    [{ topic: 'verification' }],
    [{ text: 'x'.repeat(4001) }],
  ])('with %j is refused', async (fields) => {
    expect(
      (await api.call(api.adminKey, { path: '/v1/service-alerts', body: { ...DRAFT, ...fields } })).status,
    ).toBe(400);
  });

  it('stands in the list with the others, newest first', async () => {
    const id = await draft();
    const { body } = await api.call<{ items: Alert[]; nextCursor: string }>(api.adminKey, {
      path: '/v1/service-alerts?limit=2',
    });
    expect(body.items[0]?.serviceAlertId).toBe(id);
    expect(body.items).toHaveLength(2);
    expect(body.nextCursor).toBeTruthy();
  });
});
