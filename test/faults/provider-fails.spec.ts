import type { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { World, anEvent } from '../harness/world';

interface Row {
  state: string;
  reason: string;
  attempt_no: number;
  duplicate_possible: boolean;
}

let own: TestDatabase;
let twilio: FakeTwilio;
let dispatcher: Dispatcher;

const begin = (env: Record<string, string> = {}): Promise<Dispatcher> =>
  startDispatcher(own.url, {
    TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
    TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
    TWILIO_BASE_URL: twilio.url,
    ...env,
  });

beforeEach(async () => {
  own = await createTestDatabase();
  twilio = await new FakeTwilio().start();
  dispatcher = await begin();
  const world = new World(own.database, dispatcher.log);
  await world.metric();
  await world.customer('ana', { sms: '+15550100001' });
  await world.rule({ channels: ['sms'] });
});

afterEach(async () => {
  await dispatcher.stop();
  await twilio.stop();
  await own.drop();
});

const fire = (): Promise<void> => dispatcher.log.append([anEvent('50.00')]);
const delivery = async (): Promise<Row | undefined> =>
  (await own.database.query<Row>('select * from deliveries order by seq'))[0];
const attempts = (): Promise<{ outcome: string; reason: string }[]> =>
  own.database.query('select outcome, reason from attempts order by started_at');
/** Lets a wait of minutes be over, without waiting for it. */
const letTimePass = async (): Promise<void> => {
  await own.database.query(`update deliveries set not_before = now() where state = 'retry'`);
  await own.database.query(`select pg_notify('deliveries', 'normal')`);
};

describe('a provider that fails', () => {
  it('by saying 429 is asked again when it said, and no try is used up', async () => {
    twilio.failNext({ status: 429, headers: { 'retry-after': '1' } });
    await fire();
    await twilio.until(() => twilio.accepted.length === 1, 15_000);
    const settled = await eventually(delivery, (row) => row?.state === 'accepted');
    expect(settled).toMatchObject({ attempt_no: 1, duplicate_possible: false });
    const [first, second] = twilio.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('by refusing connections for a while loses nothing', async () => {
    twilio.failNext({ reset: true }, 1);
    await fire();
    await eventually(delivery, (row) => row?.state === 'retry');
    await letTimePass();
    await eventually(delivery, (row) => row?.state === 'accepted');
  });

  it('by answering 500 may or may not have sent: it is asked again, and the second copy is marked', async () => {
    twilio.failNext({ status: 500 });
    await fire();
    await eventually(delivery, (row) => row?.state === 'retry');
    await letTimePass();
    const settled = await eventually(delivery, (row) => row?.state === 'accepted');
    expect(settled?.duplicate_possible).toBe(true);
    expect((await attempts()).map((attempt) => attempt.outcome)).toEqual(['ambiguous', 'accepted']);
  });

  it('by never answering holds up nobody else, and its message is marked as a possible second copy', async () => {
    await dispatcher.stop();
    // Only here: a call that is answered may take longer than this on a machine with much to do.
    dispatcher = await begin({ PROVIDER_TIMEOUT_MS: '300' });
    twilio.failNext({ hangAfterAccept: true });
    const world = new World(own.database, dispatcher.log);
    await world.customer('ben', { sms: '+15550100002' });
    await world.rule({ customerId: 'ben', subjects: ['account:7'], channels: ['sms'] });
    await fire();
    await twilio.until((received) => received.length === 1);
    await dispatcher.log.append([anEvent('50.00', { subject: 'account:7' })]);
    await twilio.until((received) => received.some((one) => one.fields?.To === '+15550100002'));
    await eventually(delivery, (row) => row?.duplicate_possible === true);
    expect((await attempts())[0]).toMatchObject({ outcome: 'ambiguous', reason: 'timeout' });
  });

  it('for good ends in `failed` with its reason after the last try, and can be driven again', async () => {
    twilio.answerAlways({ status: 503 });
    await fire();
    await eventually(
      async () => {
        await letTimePass();
        return delivery();
      },
      (row) => row?.state === 'failed',
      30_000, // its breaker alone rests for 7 s between twelve tries
    );
    await expect(attempts()).resolves.toHaveLength(12);
    await expect(delivery()).resolves.toMatchObject({ reason: expect.stringMatching(/./), attempt_no: 12 });
  }, 60_000);

  it('by refusing the number ends at once, with the reason a person can act on', async () => {
    twilio.failNext({ code: 21211 });
    await fire();
    await expect(eventually(delivery, (row) => row?.state === 'failed')).resolves.toMatchObject({
      reason: 'invalidAddress',
    });
  });
});
