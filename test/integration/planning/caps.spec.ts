import { PeopleToTell, PlanningCrew } from '../../harness/planning-crew';
import { SeededRandom } from '../../harness/seeded-random';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

const ROUNDS = 12;

let own: TestDatabase;
let crew: PlanningCrew;
let people: PeopleToTell;
const random = new SeededRandom(11);

beforeEach(async () => {
  own = await createTestDatabase();
  crew = await PlanningCrew.assemble(own, { workers: 4, crashChance: 0.05, seed: 11 });
  people = new PeopleToTell(own.database);
});

afterEach(async () => {
  await crew.dismiss();
  await own.drop();
});

/** Messages that went singly, not in a digest. */
const singles = async (customerId: string, channels: string[]): Promise<number> => {
  const [row] = await own.database.query<{ count: number }>(
    `select count(*)::int as count from deliveries d join notifications n on n.id = d.notification_id
     where d.customer_id = $1 and d.channel = any($2::text[]) and n.kind <> 'digest'`,
    [customerId, channels],
  );
  return row?.count ?? 0;
};

const counted = async (customerId: string): Promise<number> => {
  const [row] = await own.database.query<{ used: number }>(
    'select coalesce(sum(used), 0)::int as used from cap_usage where customer_id = $1',
    [customerId],
  );
  return row?.used ?? 0;
};

describe('caps, with four planners at once who crash at any point', () => {
  it('let through as many as the customer allows in each hour and day, no more and no less', async () => {
    await people.person('hourly', { timeZone: 'Asia/Kathmandu', sheet: { caps: { sms: { perHour: 3 } } } });
    await people.person('daily', {
      timeZone: 'America/Argentina/Buenos_Aires',
      sheet: { caps: { all: { perDay: 25 } } },
    });
    const span = { hourly: 3_600_000, daily: 86_400_000 };
    // Zones without daylight saving: one offset holds whenever this runs. The rounds pass midnight in Buenos Aires.
    const zoneMs = { hourly: 5.75 * 3_600_000, daily: -3 * 3_600_000 };
    /** What was to be told, by customer and window. */
    const model = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const customer of ['hourly', 'daily'] as const) {
        const window = `${customer} ${Math.floor((crew.clock.now + zoneMs[customer]) / span[customer])}`;
        for (let n = random.whole(6); n > 0; n -= 1) {
          await people.notify(customer, { lane: random.of(['urgent', 'normal', 'bulk']) });
          model.set(window, (model.get(window) ?? 0) + 1);
        }
      }
      await crew.untilQuiet();
      crew.clock.now += 10 * 60_000 + random.whole(40 * 60_000);
    }
    const expected = (customer: string, perNotification: number, limit: number): number =>
      [...model].reduce(
        (sum, [window, count]) =>
          window.startsWith(customer) ? sum + Math.min(limit, count * perNotification) : sum,
        0,
      );
    const ofHourly = expected('hourly', 1, 3);
    const ofDaily = expected('daily', 2, 25);
    expect(crew.crashes).toBeGreaterThan(10);
    expect(ofHourly).toBeLessThan(
      [...model].reduce((sum, [w, n]) => (w.startsWith('hourly') ? sum + n : sum), 0),
    );
    await expect(singles('hourly', ['sms'])).resolves.toBe(ofHourly);
    await expect(singles('daily', ['sms', 'email'])).resolves.toBe(ofDaily);
    await expect(counted('hourly')).resolves.toBe(ofHourly);
    await expect(counted('daily')).resolves.toBe(ofDaily);
  }, 120_000);
});
