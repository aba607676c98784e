import { randomUUID } from 'node:crypto';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register, verifiedContactPoint } from '../api/fixtures';

let own: TestDatabase;
let api: TestApi;
let ana: { token: string; contactPointId: string; address: string };
let people = 0;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  ana = await person();
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

async function person() {
  people += 1;
  const token = await register(api, `redriven-${people}`);
  const address = `redriven-${people}@example.org`;
  const contactPointId = await verifiedContactPoint(api, own, token, { channel: 'email', address });
  return { token, contactPointId, address };
}

interface Wish {
  state?: string;
  reason?: string;
  kind?: string;
  topic?: string;
  contactPointId?: string;
}
async function came(wish: Wish): Promise<string> {
  const id = randomUUID();
  const { state = 'failed', reason = 'providerError', kind = 'alertFired', topic = 'alerts' } = wish;
  await own.database.query(
    `with n as (insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at, planned_at)
       values (gen_random_uuid(), 'redriven-1', $1, 'normal', $2, '{}', now(), now()) returning id)
     insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, state, reason, attempt_no,
       lease_epoch, provider, expires_at, finished_at)
     select $3, id, 'redriven-1', $4, 'email', 'normal', $5, $6, 12, 12, 'sendgrid', now() - interval '1 hour', now() from n`,
    [topic, kind, id, wish.contactPointId ?? ana.contactPointId, state, reason],
  );
  return id;
}
interface Result {
  counts: Record<string, number>;
  examples: { deliveryId: string; verdict: string }[];
  nextCursor: string | null;
}
const redrive = (filter: Record<string, unknown>, dryRun: boolean) =>
  api.call<Result>(api.adminKey, { path: '/v1/deliveries/redrive', body: { filter, dryRun } });
const stateOf = async (id: string) =>
  (
    await own.database.query<Record<string, unknown>>(
      `select state, attempt_no as tries, duplicate_possible as doubled, expires_at > now() + interval '23 hours' as good
       from deliveries where id = $1`,
      [id],
    )
  )[0];

describe('sending again by filter', () => {
  it('counts in a dry run what would go, changes nothing, and then does exactly that', async () => {
    const topic = 'by-filter';
    const goes = [await came({ topic }), await came({ topic, state: 'expired' })];
    const doubted = await came({ topic, state: 'ambiguous' });
    await came({ topic, state: 'accepted' });
    await came({ topic: 'another' });
    const dry = await redrive({ topic }, true);
    expect(dry).toMatchObject({
      status: 200,
      body: { dryRun: true, counts: { goesAgain: 3 }, nextCursor: null },
    });
    expect(dry.body.examples.map((one) => one.deliveryId)).toEqual([...goes, doubted]);
    for (const id of goes) expect(await stateOf(id)).not.toMatchObject({ state: 'pending' });
    const done = await redrive({ topic }, false);
    expect({ ...done.body, dryRun: true }).toEqual(dry.body);
    for (const id of goes)
      expect(await stateOf(id)).toEqual({ state: 'pending', tries: 0, doubled: false, good: true });
    expect(await stateOf(doubted)).toMatchObject({ state: 'pending', doubled: true });
    expect((await redrive({ topic }, false)).body.counts).toMatchObject({ goesAgain: 0 });
    const [entry] = await own.database.query(
      `select action, detail from audit_entries where action = 'deliveries.redriven'`,
    );
    expect(entry).toMatchObject({ detail: { filter: { topic }, count: 3 } });
  });

  it('leaves what a plan would not send now, and says why', async () => {
    const topic = 'checked';
    const points = [await person(), await person(), await person(), await person()];
    const [gone, unproven, stopped, disabled] = points.map((point) => point.contactPointId);
    const { query } = own.database;
    const run = query.bind(own.database);
    await run(`delete from contact_points where id = $1`, [gone]);
    await run(`update contact_points set verified_at = null where id = $1`, [unproven]);
    await run(`update contact_points set disabled_at = now() where id = $1`, [disabled]);
    await run(
      `insert into suppressions (id, channel, address, reason, source) values (gen_random_uuid(), 'email', $1, 'bounced', 'x')`,
      [points[2]?.address],
    );
    await run(
      `insert into preferences (customer_id, topic, channel, enabled) values ('redriven-1', 'unwanted', 'email', false)`,
    );
    for (const contactPointId of [gone, unproven, stopped, disabled]) await came({ topic, contactPointId });
    await came({ topic, kind: 'verificationCode' });
    await came({ topic: 'unwanted', reason: 'nobodyWants' });
    expect((await redrive({ topic }, false)).body.counts).toEqual({
      ...{ goesAgain: 0, gone: 1, notVerified: 1, suppressed: 1, disabled: 1, switchedOff: 0, expired: 1 },
    });
    expect((await redrive({ reason: 'nobodyWants' }, false)).body.counts).toMatchObject({ switchedOff: 1 });
  });

  it('of one delivery makes the same checks', async () => {
    const id = await came({ kind: 'answer' });
    const one = { method: 'POST', path: `/v1/deliveries/${id}/redrive` };
    expect(await api.call(api.adminKey, one)).toMatchObject({
      status: 409,
      body: { detail: 'It cannot go again now: expired.' },
    });
  });

  it('wants a filter that names something', async () => {
    expect((await redrive({}, true)).status).toBe(400);
    expect((await redrive({ state: 'accepted' }, true)).status).toBe(400);
    expect((await redrive({ nonsense: 1 }, true)).status).toBe(400);
  });

  it('finds in the list what it would send, by state, reason, topic and channel', async () => {
    const id = await came({ topic: 'listed', reason: 'storeFailed' });
    const path = '/v1/deliveries?state=failed&reason=storeFailed&topic=listed&channel=email';
    const { body } = await api.call<{ items: { deliveryId: string }[] }>(api.adminKey, { path });
    expect(body.items.map((delivery) => delivery.deliveryId)).toEqual([id]);
  });
});
