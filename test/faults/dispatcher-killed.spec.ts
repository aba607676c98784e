import { PostgresEventLog } from '@app/event-log';
import { EventLogStore } from '@app/persistence';
import { DispatcherProcess } from '../harness/dispatcher-process';
import { eventually } from '../harness/eventually';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { World, anEvent } from '../harness/world';

const ACCOUNTS = 40;
const EVENTS_EACH = 60;
const KILLS = 6;

let own: TestDatabase;
let log: PostgresEventLog;
let dispatcher: DispatcherProcess;

beforeEach(async () => {
  own = await createTestDatabase();
  log = new PostgresEventLog({ store: new EventLogStore(own.database), partitions: 2 });
  await log.open();
});

afterEach(async () => {
  await dispatcher.kill('SIGKILL');
  await log.close();
  await own.drop();
});

/** Values that go up and down over 100.00 in a pattern of their own for each account. */
const valueOf = (account: number, n: number): number => ((account * 31 + n * 17) % 40) * 500;

/** What a person with pencil and paper expects: the balance has just become less than 100.00. */
function expectedFirings(): Map<string, number> {
  const firings = new Map<string, number>();
  for (let account = 0; account < ACCOUNTS; account += 1) {
    let below = false;
    let count = 0;
    for (let n = 0; n < EVENTS_EACH; n += 1) {
      const isBelow = valueOf(account, n) < 10_000;
      if (isBelow && !below) count += 1;
      below = isBelow;
    }
    firings.set(`account:${account}`, count);
  }
  return firings;
}

const settlements = (): Promise<{ state: string }[]> =>
  own.database.query('select state, duplicate_possible, reason from deliveries');
const outcomes = (): Promise<unknown[]> =>
  own.database.query('select outcome, reason from attempts order by lease_epoch');

/**
 * Lets the leases of the dead be over, without waiting for it. Shorter ones would cut calls and questions short alike: in
 * two seconds a provider has 250 ms to answer a question.
 */
const letLeasesEnd = (): Promise<unknown> =>
  own.database.query(`update deliveries set lease_until = now() where state = 'sending'`);

/** Killed while Twilio, which has the text, does not answer; a second dispatcher follows. */
async function killedBetweenCallAndRecord(canBeAsked = true): Promise<FakeTwilio> {
  const twilio = await new FakeTwilio().start();
  twilio.canBeAsked = canBeAsked;
  const world = new World(own.database, log);
  await world.metric();
  await world.customer('ana', { sms: '+15550100001' });
  await world.rule({ channels: ['sms'] });
  dispatcher = new DispatcherProcess({
    DATABASE_URL: own.url,
    TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
    TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
    TWILIO_BASE_URL: twilio.url,
  });
  await dispatcher.start();
  twilio.failNext({ hangAfterAccept: true });
  await log.append([anEvent('50.00')]);
  await twilio.until((received) => received.length === 1, 15_000);
  await dispatcher.kill('SIGKILL');
  await letLeasesEnd();
  await dispatcher.start();
  return twilio;
}

describe('a dispatcher that is killed', () => {
  it('again and again while it reads loses no alert and raises none twice', async () => {
    const world = new World(own.database, log);
    await world.metric();
    await world.customer('ana', { sms: '+15550100001' });
    const subjects = Array.from({ length: ACCOUNTS }, (_, account) => `account:${account}`);
    await world.rule({ subjects, channels: ['sms'], notifyRecovery: false });
    dispatcher = new DispatcherProcess({ DATABASE_URL: own.url });
    const start = Date.now() - 3_600_000;
    const share = Math.ceil(EVENTS_EACH / KILLS);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await dispatcher.start();
      for (let n = kill * share; n < Math.min(EVENTS_EACH, (kill + 1) * share); n += 1) {
        await log.append(
          subjects.map((subject, account) =>
            anEvent((valueOf(account, n) / 100).toFixed(2), {
              subject,
              time: new Date(start + n * 1000).toISOString(),
            }),
          ),
        );
      }
      await dispatcher.kill('SIGKILL'); // in the middle of reading, committing or sending, as it happens
      await letLeasesEnd();
    }
    await dispatcher.start();
    const total = [...expectedFirings().values()].reduce((sum, count) => sum + count, 0);
    await eventually(
      () => own.database.query<{ n: number }>('select count(*) as n from outbox_messages'),
      ([row]) => row?.n === total,
      60_000, // a killed process' partitions are free after 5 s, and its messages were all to come
    );
    const alerts = await own.database.query<{ subject: string; n: number }>(
      'select subject, count(*) as n from alerts group by subject',
    );
    const found = new Map(alerts.map((row) => [row.subject, row.n]));
    expect(subjects.map((subject) => found.get(subject) ?? 0)).toEqual(
      subjects.map((subject) => expectedFirings().get(subject)),
    );
  }, 180_000);

  it('between the call and its record leaves a lease that is taken over: the provider is asked, and nothing goes twice', async () => {
    const twilio = await killedBetweenCallAndRecord();
    const settled = await eventually(settlements, ([row]) => row?.state === 'accepted');
    expect(settled).toEqual([{ state: 'accepted', duplicate_possible: true, reason: 'foundByAsking' }]);
    expect(twilio.received).toHaveLength(1);
    await expect(outcomes()).resolves.toEqual([{ outcome: 'accepted', reason: '' }]);
    await twilio.stop();
  }, 60_000);

  it('then, with a provider that cannot be asked, sends a second copy and marks it', async () => {
    const twilio = await killedBetweenCallAndRecord(false);
    const settled = await eventually(
      async () => {
        await own.database.query(`update deliveries set not_before = now() where state = 'retry'`);
        await own.database.query(`select pg_notify('deliveries', 'normal')`);
        return settlements();
      },
      ([row]) => row?.state === 'accepted',
    );
    expect(settled).toMatchObject([{ duplicate_possible: true }]);
    expect(twilio.received).toHaveLength(2);
    await expect(outcomes()).resolves.toEqual([
      { outcome: 'ambiguous', reason: 'leaseExpired' },
      { outcome: 'accepted', reason: '' },
    ]);
    await twilio.stop();
  }, 60_000);

  it('with SIGTERM ends what is under way first: nothing is left leased and nothing comes twice', async () => {
    const twilio = await new FakeTwilio().start();
    twilio.latencyMs = 500;
    const world = new World(own.database, log);
    await world.metric();
    await world.customer('ana', { sms: '+15550100001' });
    await world.rule({ channels: ['sms'] });
    dispatcher = new DispatcherProcess({
      DATABASE_URL: own.url,
      TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
      TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
      TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
      TWILIO_BASE_URL: twilio.url,
    });
    await dispatcher.start();
    await log.append([anEvent('50.00')]);
    await twilio.until((received) => received.length === 1, 15_000);
    await dispatcher.kill('SIGTERM');
    await expect(own.database.query('select state, duplicate_possible from deliveries')).resolves.toEqual([
      { state: 'accepted', duplicate_possible: false },
    ]);
    await twilio.stop();
  }, 60_000);
});
