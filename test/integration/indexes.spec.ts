import {
  DUE,
  DUE_DIGESTS,
  LOAD_PARTITION,
  LOAD_SERIES,
  NOTICES_DUE,
  OVERDUE,
  PAGE_TO_PLAN,
} from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

const ROWS = 100_000;

let own: TestDatabase;
beforeAll(async () => {
  own = await createTestDatabase();
  await fill();
}, 120_000);
afterAll(() => own.drop());

/** A year of traffic in small: nearly everything is done, a handful waits. */
async function fill(): Promise<void> {
  const { database } = own;
  await database.query(
    `insert into metrics (name, title, unit, scale, kind, visibility) values ('account.balance', 'balance', 'EUR', 2, 'gauge', 'owned')`,
  );
  await database.query(
    `insert into customers (id, name, time_zone, language) select 'c' || i, 'C', 'UTC', 'en' from generate_series(1, 1000) i`,
  );
  await database.query(
    `insert into rules (id, customer_id, title, metric, operator, threshold, subject_kind, lifecycle, on_create, topic, notify_recovery, status)
     select md5(i::text)::uuid, 'c' || (i % 1000 + 1), '', 'account.balance', 'below', 10000, 'listed', 'recurring', 'fireIfBreached', 'alerts', true, 'active'
     from generate_series(1, $1::int) i`,
    [ROWS],
  );
  await database.query(
    `insert into rule_instances (rule_id, subject, partition)
     select md5(i::text)::uuid, 'account:' || i, i % 64 from generate_series(1, $1::int) i`,
    [ROWS],
  );
  await database.query(
    `insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at, planned_at)
     select md5(i::text)::uuid, 'c' || (i % 1000 + 1), 'alerts', 'normal', 'alertFired', '{}', now(), case when i % 1000 = 0 then null else now() end
     from generate_series(1, $1::int) i`,
    [ROWS],
  );
  await database.query(
    `insert into deliveries (id, notification_id, customer_id, channel, lane, state, expires_at)
     select md5(i::text)::uuid, md5(i::text)::uuid, 'c' || (i % 1000 + 1), 'sms', 'normal', case when i % 1000 = 0 then 'pending' else 'accepted' end, now() + interval '1 day'
     from generate_series(1, $1::int) i`,
    [ROWS],
  );
  await database.query(
    `insert into series (metric, subject, partition, value, at)
     select 'account.balance', 'account:' || i, i % 64, i, now() from generate_series(1, $1::int) i`,
    [ROWS],
  );
  await database.query(
    `insert into digests (id, customer_id, key, topic, channel, because, closes_at, state)
     select md5(i::text)::uuid, 'c' || (i % 1000 + 1), 'k' || i, 'alerts', 'sms', 'digest', now(),
       case when i % 1000 = 0 then 'open' else 'closed' end
     from generate_series(1, $1::int) i`,
    [ROWS],
  );
  await database.query('analyze');
}

async function planOf(sql: string, parameters: unknown[]): Promise<string> {
  const rows = await own.database.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, parameters);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe(`with ${ROWS} rows of everything`, () => {
  it('due deliveries are claimed by their index, not by reading the table', async () => {
    const plan = await planOf(DUE, ['normal', ['sms', 'email'], [32, 32], 32]);
    expect(plan).toContain('deliveries_due');
    expect(plan).not.toMatch(/Seq Scan on deliveries/);
  });

  it('a partition loads its rules by their index, not by reading all rules', async () => {
    const plan = await planOf(LOAD_PARTITION, [7]);
    expect(plan).toContain('rule_instances_to_load');
    expect(plan).not.toMatch(/Seq Scan on rule_instances/);
  });

  it('a partition loads its last values by their index', async () => {
    const plan = await planOf(LOAD_SERIES, [7]);
    expect(plan).toContain('series_by_partition');
  });

  it('notices that are due are found by their index', async () => {
    const plan = await planOf(NOTICES_DUE, [[7, 8], Date.now(), 100]);
    expect(plan).toContain('rule_instances_notice_due');
  });

  it('digests that close are found by their index, whatever has been told before', async () => {
    const plan = await planOf(DUE_DIGESTS, [Date.now(), 200]);
    expect(plan).toContain('digests_due');
    expect(plan).not.toMatch(/Seq Scan on digests/);
  });

  it('what is to be planned is found by its index', async () => {
    const plan = await planOf(PAGE_TO_PLAN, ['normal', 500]);
    expect(plan).toContain('notifications_to_plan');
  });

  it('what has become too late is found without reading what is done', async () => {
    const plan = await planOf(OVERDUE, [['urgent', 'normal', 'bulk']]);
    expect(plan).toContain('deliveries_due');
  });

  it('leases that ran out are found by their index', async () => {
    const plan = await planOf(
      `select id from deliveries where state = 'sending' and lease_until < now()`,
      [],
    );
    expect(plan).toContain('deliveries_leased');
  });
});
