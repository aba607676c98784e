import { Database } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

const NUMBERS = 'select n::int from generate_series(1, $1) n';

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase();
  database = await Database.open({ url: own.url, poolSize: 3, applicationName: 'test' });
});
afterAll(async () => {
  await database.close();
  await own.drop();
});

const ahead = (count: number): ReturnType<typeof database.copyAhead<number>> =>
  database.copyAhead(NUMBERS, count, (row) => row.int() ?? 0);

async function countOf(pages: AsyncIterable<number[]>): Promise<number> {
  let count = 0;
  for await (const page of pages) count += page.length;
  return count;
}

describe('rows that are on their way before they are read', () => {
  it('are all there when they are, whatever was read meanwhile', async () => {
    const rows = ahead(30_000);
    await expect(countOf(database.copy(NUMBERS, 12_000, (row) => row.int() ?? 0))).resolves.toBe(12_000);
    await expect(countOf(rows)).resolves.toBe(30_000);
  });

  it('keep nobody from reading, however many are asked for at once', async () => {
    const coming = Array.from({ length: 5 }, () => ahead(20_000));
    const read = coming.map(async (rows) => {
      await countOf(database.copy(NUMBERS, 6_000, (row) => row.int() ?? 0));
      return countOf(rows);
    });
    await expect(Promise.all(read)).resolves.toEqual(coming.map(() => 20_000));
  });

  it('give their connection back when they are dropped, read or not', async () => {
    for (let n = 0; n < 5; n += 1) await ahead(50_000).drop();
    for await (const page of ahead(50_000)) if (page.length > 0) break;
    const together = Array.from({ length: 3 }, () => database.transaction((one) => one.query('select 1')));
    await expect(Promise.all(together)).resolves.toHaveLength(3);
    await expect(countOf(ahead(10))).resolves.toBe(10);
  });

  it('tell what went wrong to whoever reads them', async () => {
    const rows = database.copyAhead('select 1 / (n - 3) from generate_series(1, $1) n', 10, (row) =>
      row.int(),
    );
    await expect(countOf(rows as unknown as AsyncIterable<number[]>)).rejects.toThrow(/division by zero/);
    await expect(countOf(ahead(10))).resolves.toBe(10);
  });
});
