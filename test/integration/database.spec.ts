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
