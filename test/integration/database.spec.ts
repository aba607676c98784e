import { Database, InstanceStore } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

let own: TestDatabase;
beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

describe('a pool of few connections', () => {
  it('lets more partitions load than it has connections, though each asks the store while it reads', async () => {
    const database = await Database.open({ url: own.url, poolSize: 5, applicationName: 'few connections' });
    await database.query(
      `with made as (
         insert into metrics (name, title, unit, scale, kind, visibility) values ('m', 'm', '', 0, 'gauge', 'public')),
       customer as (insert into customers (id, name, time_zone, language) values ('ana', 'Ana', 'UTC', 'en'))
       select 1`,
    );
    await database.query(
      `insert into rules (id, customer_id, title, metric, operator, threshold, subject_kind, lifecycle, on_create, topic,
         notify_recovery, status)
       values ('00000000-0000-4000-8000-000000000001', 'ana', '', 'm', 'above', 1, 'listed', 'recurring', 'waitForCross',
         'alerts', true, 'active')`,
    );
    await database.query(
      `insert into rule_instances (rule_id, subject, partition)
       select '00000000-0000-4000-8000-000000000001', 's:' || n, n % 12 from generate_series(1, 120) n`,
    );
    const instances = new InstanceStore(database);
    const load = async (partition: number): Promise<number> => {
      let seen = 0;
      for await (const page of instances.loadUnarmed(partition)) {
        await database.query('select 1');
        seen += page.length;
      }
      return seen;
    };
    const loaded = await Promise.all(Array.from({ length: 12 }, (_, partition) => load(partition)));
    expect(loaded).toEqual(new Array(12).fill(10));
    await database.close();
  });
});

describe('statements about few rows', () => {
  const TALLEST = 'select t.height from unnest($1::int[]) as w (id) join towers t on t.id = w.id';
  type Seen = { name: string; once: number; anew: number };
  const SEEN = `select name, generic_plans ::int as once, custom_plans::int as anew from pg_prepared_statements where statement = $1`;

  it('are planned once, by the index even if the table was empty then; those about many rows for each call', async () => {
    const options = { url: own.url, poolSize: 3, forFewRows: 1, applicationName: 'few rows' };
    const database = await Database.open(options);
    const few = database.forRows(2);
    await database.query('create table towers (id int primary key, height int); analyze towers');
    await few.query(TALLEST, [[1, 2]]);
    await database.query('insert into towers select i, i from generate_series(1, 20000) i');
    for (let n = 0; n < 20; n += 1) expect(await few.query(TALLEST, [[n + 1]])).toEqual([{ height: n + 1 }]);
    const [seen] = await few.query<Seen>(SEEN, [TALLEST]);
    expect(seen).toEqual({ name: expect.any(String), once: 21, anew: 0 });
    const plan = await few.query<object>(`explain execute ${seen?.name} ('{1}')`);
    expect(JSON.stringify(plan)).toMatch(/Nested Loop.*Index Scan/);
    expect(database.forRows(1_000)).toBe(database);
    await database.close();
  });

  it('go the way of all others where no connection is set apart for them', () => {
    expect(own.database.forRows(1)).toBe(own.database);
  });
});
