import type { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { World, anEvent } from '../harness/world';

const PEOPLE = 400;

let own: TestDatabase;
let twilio: FakeTwilio;
let dispatcher: Dispatcher;
let world: World;

beforeEach(async () => {
  own = await createTestDatabase();
  twilio = await new FakeTwilio().start();
  dispatcher = await startDispatcher(own.url, {
    SEND_CONCURRENCY: '8',
    TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
    TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
    TWILIO_BASE_URL: twilio.url,
  });
  world = new World(own.database, dispatcher.log);
  await world.metric();
});

afterEach(async () => {
  await dispatcher.stop();
  await twilio.stop();
  await own.drop();
});

/** One notification for each of many, as the confirmation of a service alert writes them. */
async function tellEverybody(): Promise<void> {
  await own.database.query(
    `with people as (
       insert into customers (id, name, time_zone, language)
       select 'p' || i, 'P', 'UTC', 'en' from generate_series(1, $1::int) i returning id),
     phones as (
       insert into contact_points (id, customer_id, channel, address, verified_at)
       select gen_random_uuid(), id, 'sms', '+1555020' || lpad(substr(id, 2), 4, '0'), now() from people)
     insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
     select gen_random_uuid(), id, 'service', 'bulk', '{sms}', 'serviceAlert',
       '{"serviceAlertId":"s1","title":"Cards","text":"Card payments are slow.","severity":"warning"}', now() from people`,
    [PEOPLE],
  );
  await own.database.query(`select pg_notify('notifications', '')`);
}

describe('a service alert to many', () => {
  it('never holds up an alert to one: it goes in a lane of its own', async () => {
    await world.customer('ana', { sms: '+15550100001' });
    await world.rule({ channels: ['sms'] });
    twilio.latencyMs = 100;
    await tellEverybody();
    await twilio.until((received) => received.length >= 8, 15_000);
    await dispatcher.log.append([anEvent('50.00')]);
    await twilio.until((received) => received.some((one) => one.fields?.To === '+15550100001'), 15_000);
    expect(twilio.received.length).toBeLessThan(PEOPLE / 2);
    await twilio.until((received) => received.length === PEOPLE + 1, 30_000);
  });

  it('reaches everybody once', async () => {
    await tellEverybody();
    await eventually(
      () =>
        own.database.query<{ n: number }>(`select count(*) as n from deliveries where state = 'accepted'`),
      ([row]) => row?.n === PEOPLE,
    );
    expect(new Set(twilio.accepted.map((one) => one.fields?.To)).size).toBe(PEOPLE);
    expect(twilio.received).toHaveLength(PEOPLE);
  });
});
