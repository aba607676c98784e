import { HistoryStore, HistoryTidying } from '@app/persistence';
import { chunkOf, combineChunks, decodePoints, type HistoryPoint } from '@app/rules';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('the history of series', () => {
  let own: TestDatabase;
  let store: HistoryStore;
  beforeEach(async () => {
    own = await createTestDatabase();
    store = new HistoryStore(own.database);
    await own.database.query(
      `insert into metrics (name, title, unit, scale, kind, visibility) values ('price', 'price', '', 0, 'gauge', 'public')`,
    );
  });
  afterEach(() => own.drop());

  async function kept(subject = 'a', since = 0): Promise<HistoryPoint[]> {
    return (await store.chunks('price', subject, since)).flatMap((chunk) => decodePoints(chunk));
  }

  /** As checkpoints write them: a chunk for every `size` points. */
  async function keep(points: readonly HistoryPoint[], size: number, subject = 'a'): Promise<void> {
    for (let i = 0; i < points.length; i += size) {
      await store.add([{ metric: 'price', subject, ...chunkOf(points.slice(i, i + size)) }]);
    }
  }

  async function rows(): Promise<number> {
    const [row] = await own.database.query<{ count: number }>('select count(*) as count from history');
    return row?.count ?? -1;
  }

  /** One value a minute, backwards from an age. */
  function minutes(count: number, age: number): HistoryPoint[] {
    return Array.from({ length: count }, (_, i) => {
      const at = NOW - age + i * MINUTE;
      return { value: (i * 37) % 101, at, clock: at + 15 };
    });
  }

  function tidy(now = NOW): Promise<{ historyExpired: number; historyRewritten: number }> {
    return new HistoryTidying(own.database, combineChunks).run(now);
  }

  it('gives points back in the order of the log, those of one series only, and from a time on', async () => {
    const points = minutes(60, 3 * HOUR);
    await keep(points, 7);
    await keep(minutes(3, HOUR), 3, 'b');
    expect(await kept()).toEqual(points);
    expect(await kept('b')).toHaveLength(3);
    expect((await kept('a', NOW - 3 * HOUR + 56 * MINUTE + 15))[0]).toEqual(points[56]);
  });

  it('keeps both of two chunks that begin in the same millisecond', async () => {
    const clock = NOW - HOUR;
    const one = { value: 1, at: clock - 5, clock };
    const late = { value: 2, at: clock - 50, clock };
    await store.add([{ metric: 'price', subject: 'a', ...chunkOf([one]) }]);
    await store.add([{ metric: 'price', subject: 'a', ...chunkOf([late]) }]);
    expect(await kept()).toEqual([one, late]);
  });

  it('makes one chunk a day of many, and loses nothing by it', async () => {
    const points = minutes(2_880, 3 * DAY);
    await keep(points, 100);
    await tidy();
    expect(await rows()).toBe(3);
    expect(await kept()).toEqual(points);
    expect(await tidy()).toEqual({ historyExpired: 0, historyRewritten: 0 });
  });

  it('leaves what may still grow alone', async () => {
    await keep(minutes(40, 30 * MINUTE), 10);
    await tidy();
    expect(await rows()).toBe(4);
  });

  it('keeps all detail for a week, then of every five minutes, after a month of every fifteen', async () => {
    await keep(minutes(60, 6 * DAY), 60);
    await keep(minutes(60, 20 * DAY), 60);
    await keep(minutes(60, 40 * DAY), 60);
    await tidy();
    const points = await kept();
    const within = (age: number): HistoryPoint[] =>
      points.filter(({ at }) => at >= NOW - age && at < NOW - age + HOUR);
    expect(within(6 * DAY)).toHaveLength(60);
    expect(within(20 * DAY).length).toBeLessThanOrEqual(12 * 4);
    expect(within(40 * DAY).length).toBeLessThanOrEqual(4 * 4);
    for (const age of [20 * DAY, 40 * DAY]) {
      const all = minutes(60, age);
      expect([within(age)[0], within(age).at(-1)]).toEqual([all[0], all.at(-1)]);
      expect(Math.max(...within(age).map(({ value }) => value))).toBe(
        Math.max(...all.map(({ value }) => value)),
      );
    }
    expect(await tidy()).toEqual({ historyExpired: 0, historyRewritten: 0 });
  });

  it("drops what is older than its metric's retention", async () => {
    await own.database.query(`update metrics set retention_days = 30 where name = 'price'`);
    await keep(minutes(5, 31 * DAY), 5);
    await keep(minutes(5, 29 * DAY), 5);
    expect((await tidy()).historyExpired).toBe(1);
    expect((await kept()).every(({ at }) => at >= NOW - 30 * DAY)).toBe(true);
  });

  it('never takes more into memory at once than it is told to, whatever a day holds', async () => {
    const points = minutes(600, 20 * DAY);
    await keep(points, 20);
    const taken: number[] = [];
    const combine: typeof combineChunks = (chunks, grain) => {
      taken.push(chunks.flatMap((chunk) => decodePoints(chunk)).length);
      return combineChunks(chunks, grain);
    };
    await new HistoryTidying(own.database, combine, 100).run(NOW);
    expect(Math.max(...taken)).toBeLessThanOrEqual(120);
    expect((await kept()).length).toBeLessThan(points.length);
    expect([(await kept())[0], (await kept()).at(-1)]).toEqual([points[0], points.at(-1)]);
  });

  it('gives the latest chunks where there are more points than asked for', async () => {
    const points = minutes(60, 3 * HOUR);
    await keep(points, 10);
    const chunks = await store.chunks('price', 'a', 0, 15);
    expect(chunks.flatMap((chunk) => decodePoints(chunk))).toEqual(points.slice(40));
  });

  it('two who tidy at once lose and double nothing', async () => {
    const points = minutes(500, 2 * DAY);
    await keep(points, 20);
    await Promise.all([tidy(), tidy(), tidy()]);
    expect(await kept()).toEqual(points);
  });
});
