import { EventLogStore } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

describe('the store of the Postgres event log', () => {
  let test: TestDatabase;
  let store: EventLogStore;
  beforeEach(async () => {
    test = await createTestDatabase();
    store = new EventLogStore(test.database);
    await store.createPartitions(2);
  });
  afterEach(() => test.drop());

  const append = (partition: number, ...values: string[]): Promise<void> =>
    store.append(values.map((value) => ({ partition, key: 'a', value })));
  const left = async (partition: number): Promise<string[]> =>
    (await store.read(partition, 0, 100)).records.map(({ value }) => value.toString());
  const age = (below: number): Promise<unknown> =>
    test.database.query(
      `update event_log_records set appended_at = now() - interval '2 days' where "offset" < $1`,
      [below],
    );

  it('keeps the number of partitions that the log was made with', async () => {
    await expect(store.createPartitions(8)).resolves.toBe(2);
  });

  it('gives offsets without a gap, also to many who append at once', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => Promise.all([append(0, `${n}`), append(1, `${n}`)])),
    );
    for (const partition of [0, 1]) {
      const { records, endOffset } = await store.read(partition, 0, 100);
      expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 50 }, (_, n) => n));
      expect(endOffset).toBe(50);
    }
  });

  it('removes what is both read and old, and goes on counting where it was', async () => {
    await append(0, 'a', 'b', 'c', 'd');
    await append(1, 'e', 'f');
    await age(3);
    const dayAgo = new Date(Date.now() - 86_400_000);
    await expect(store.trim(new Map([[0, 2]]), dayAgo)).resolves.toBe(2);
    await expect(left(0)).resolves.toEqual(['c', 'd']);
    await expect(
      store.trim(
        new Map([
          [0, 4],
          [1, 1],
        ]),
        dayAgo,
      ),
    ).resolves.toBe(2);
    await expect(left(0)).resolves.toEqual(['d']);
    await expect(left(1)).resolves.toEqual(['f']);
    await append(0, 'g');
    await expect(store.read(0, 4, 10)).resolves.toMatchObject({ records: [{ offset: 4 }], endOffset: 5 });
  });

  it('reads no more than fits into memory at once', async () => {
    await store.append(
      Array.from({ length: 100 }, () => ({ partition: 0, key: 'a', value: Buffer.alloc(64 * 1024) })),
    );
    const { records } = await store.read(0, 0, 10_000);
    expect(records).toHaveLength(64);
  });
});
