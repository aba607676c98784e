import type { PreferenceSheet } from '@app/contracts';
import { PeopleToTell, PlanningCrew } from '../../harness/planning-crew';
import { SeededRandom } from '../../harness/seeded-random';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

const SEED = Number(process.env.SEED ?? 5);
const HOURLY: PreferenceSheet = { digests: { alerts: { every: 'hour' } } };
const QUIET: PreferenceSheet = { quietHours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:59' }] };
const CAPPED: PreferenceSheet = { caps: { sms: { perHour: 2 }, all: { perDay: 9 } } };
const SHEETS = [HOURLY, HOURLY, QUIET, CAPPED, {}];

let own: TestDatabase;
let crew: PlanningCrew;
let people: PeopleToTell;
let random: SeededRandom;

beforeEach(async () => {
  own = await createTestDatabase();
  random = new SeededRandom(SEED);
  crew = await PlanningCrew.assemble(own, { workers: 4, crashChance: 0.06, seed: SEED });
  people = new PeopleToTell(own.database);
});

afterEach(async () => {
  await crew.dismiss();
  await own.drop();
});

/** Who should be told of something, and how often they will be: singly or in a digest. */
interface Told {
  id: string;
  customer: string;
  way: string;
  singly: number;
  together: number;
}

const everyWay = (): Promise<Told[]> =>
  own.database.query<Told>(
    `with ways as (
       select customer_id, channel || ':' || id as way from contact_points union all select id, 'inbox:' from customers)
     select n.id, n.customer_id as customer, w.way,
       (select count(*)::int from deliveries d where d.notification_id = n.id
        and d.channel || ':' || coalesce(d.contact_point_id::text, '') = w.way) as singly,
       (select count(*)::int from digest_items i where i.notification_id = n.id and i.way = w.way) as together
     from notifications n join ways w on w.customer_id = n.customer_id where n.kind <> 'digest'`,
  );

/** What waits although its customer has changed their mind since it was decided. */
const waitingByAnOldSheet = (): Promise<unknown[]> =>
  own.database.query(
    `with waiting as (
       select customer_id, notification_id, channel || ':' || coalesce(contact_point_id::text, '') as way from deliveries
       where state = 'pending' and lease_epoch = 0
       union all
       select g.customer_id, i.notification_id, i.way from digest_items i join digests g on g.id = i.digest_id
       where g.state = 'open')
     select w.* from waiting w join preference_sheets s on s.customer_id = w.customer_id
     where s.version <> (
       select (d.detail ->> 'sheetVersion')::int from decisions d where d.notification_id = w.notification_id
         and d.channel || ':' || coalesce(d.contact_point_id::text, '') = w.way order by d.id desc limit 1)`,
  );

interface Digest {
  id: string;
  state: string;
  /** Who, on what, about what, until when: there must be one message of each. */
  window: string;
  items: string[];
  told: { count: number; items: { notificationId: string }[] }[];
  deliveries: number;
}

const everyDigest = (): Promise<Digest[]> =>
  own.database.query<Digest>(
    `select g.id, g.state, concat_ws('|', g.customer_id, g.key, g.closes_at) as window,
       (select coalesce(array_agg(i.notification_id::text order by i.seq), '{}') from digest_items i
        where i.digest_id = g.id and i.outcome is distinct from 'leftOut') as items,
       (select coalesce(json_agg(n.facts), '[]') from notifications n
        where n.kind = 'digest' and n.facts ->> 'digestId' = g.id::text) as told,
       (select count(*)::int from deliveries d where d.digest_id = g.id) as deliveries
     from digests g`,
  );

describe('digests, with four planners and closers at once who crash at any point', () => {
  it('hold every notification of a way exactly once, and one message is told for each window', async () => {
    const customers = Array.from({ length: 8 }, (_, n) => `c${n}`);
    for (const [n, customer] of customers.entries())
      await people.person(customer, { sheet: SHEETS[n % 5] ?? {} });
    for (let round = 0; round < 40; round += 1) {
      const alongside: Promise<unknown>[] = [people.send(2, crew.clock.now)];
      for (let n = random.whole(5); n > 0; n -= 1)
        alongside.push(
          people.notify(random.of(customers), { lane: random.of(['normal', 'bulk', 'urgent']) }),
        );
      if (random.happens(0.3)) alongside.push(people.changeSheet(random.of(customers), random.of(SHEETS)));
      if (random.happens(0.2)) alongside.push(crew.cut());
      await crew.bustle(alongside);
      expect(await waitingByAnOldSheet()).toEqual([]);
    }
    expect(crew.crashes).toBeGreaterThan(20);
    await crew.untilQuiet();
    crew.clock.now += 50 * 3_600_000;
    await crew.untilQuiet();

    const ways = await everyWay();
    expect(ways.length).toBeGreaterThan(100);
    expect(ways.filter(({ singly, together }) => singly + together !== 1)).toEqual([]);
    const digests = await everyDigest();
    expect(digests.length).toBeGreaterThan(20);
    for (const digest of digests) {
      expect(digest).toMatchObject({ state: 'closed', deliveries: 1 });
      expect(digest.told).toHaveLength(1);
      expect(digest.told[0]?.count).toBe(digest.items.length);
      expect(digest.told[0]?.items.map((item) => item.notificationId)).toEqual(digest.items.slice(0, 20));
    }
    expect(new Set(digests.map(({ window }) => window)).size).toBe(digests.length);
    await expect(own.database.query(`select 1 from notifications where planned_at is null`)).resolves.toEqual(
      [],
    );
  }, 120_000);
});
