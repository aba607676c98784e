import type { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { World, anEvent } from '../harness/world';

const SUBJECTS = 50;
const EVENTS_PER_SECOND = 1_000;
const SECONDS = 5;

let own: TestDatabase;
let dispatcher: Dispatcher;

beforeAll(async () => {
  own = await createTestDatabase();
  dispatcher = await startDispatcher(own.url);
});
afterAll(async () => {
  await dispatcher.stop();
  await own.drop();
});

interface Passed {
  subject: string;
  value: number;
  /** When the log had it. */
  at: number;
}

/** Sends 1,000 events a second whose values go down and up over 100.00, and writes down what it sent. */
async function pass(passed: Passed[]): Promise<void> {
  const began = Date.now();
  for (let n = 0; n < SECONDS * EVENTS_PER_SECOND;) {
    const due = Math.floor(((Date.now() - began) / 1_000) * EVENTS_PER_SECOND);
    const page: Passed[] = [];
    for (; n < Math.min(due, SECONDS * EVENTS_PER_SECOND); n += 1) {
      const round = Math.floor(n / SUBJECTS);
      page.push({ subject: `account:${n % SUBJECTS}`, value: round % 4 < 2 ? 150 : 50, at: 0 });
    }
    if (page.length > 0)
      await dispatcher.log.append(page.map(({ subject, value }) => anEvent(`${value}.00`, { subject })));
    for (const one of page) passed.push({ ...one, at: Date.now() });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a rule created while 1,000 events a second pass', () => {
  it('takes effect within a second of its answer, and misses or doubles no transition after that', async () => {
    const world = new World(own.database, dispatcher.log);
    await world.metric();
    await world.customer('ana');
    const passed: Passed[] = [];
    const passing = pass(passed);
    await eventually(
      () => Promise.resolve(passed.length),
      (sent) => sent > EVENTS_PER_SECOND,
    );
    const subjects = Array.from({ length: SUBJECTS }, (_, i) => `account:${i}`);
    await world.rule({ subjects });
    const answeredAt = Date.now();
    await passing;
    await eventually(
      () => own.database.query<{ sum: number }>('select sum(next_offset)::int as sum from partition_offsets'),
      ([row]) => row?.sum === passed.length,
    );
    for (const subject of subjects) {
      const values = passed
        .filter((one) => one.subject === subject && one.at > answeredAt + 1_000)
        .map((one) => one.value);
      const falls = values.filter((value, i) => i > 0 && value < 100 && (values[i - 1] ?? 0) >= 100).length;
      const [row] = await own.database.query<{ opened: number; seqs: number }>(
        `select count(*) as opened, count(distinct transition_seq) as seqs from alerts where subject = $1`,
        [subject],
      );
      const all = passed.filter((one) => one.subject === subject).map((one) => one.value);
      const allFalls = all.filter((value, i) => value < 100 && (i === 0 || (all[i - 1] ?? 0) >= 100)).length;
      expect(row?.opened).toBeGreaterThanOrEqual(falls);
      expect(row?.opened).toBeLessThanOrEqual(allFalls);
      expect(row?.seqs).toBe(row?.opened);
    }
    // Where the last value is low the alert is open, and nowhere else: no transition is half done.
    const low = subjects.filter(
      (subject) => (passed.findLast((one) => one.subject === subject)?.value ?? 0) < 100,
    );
    const open = await own.database.query<{ subject: string }>(
      'select subject from alerts where resolved_at is null',
    );
    expect(open.map((row) => row.subject).sort()).toEqual(low.sort());
  }, 60_000);
});
