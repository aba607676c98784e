import { EventLogStore, Housekeeping } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

describe('keeping house', () => {
  let own: TestDatabase;
  beforeEach(async () => {
    own = await createTestDatabase();
    const log = new EventLogStore(own.database);
    await log.createPartitions(2);
    const value = (partition: number) => ({ partition, key: 'a', value: 'v' });
    await log.append([
      ...Array.from({ length: 25 }, () => value(0)),
      ...Array.from({ length: 9 }, () => value(1)),
    ]);
    await own.database.query(
      `update event_log_records set appended_at = now() - interval '8 days' where partition = 1 or "offset" < 20`,
    );
    await own.database.query(
      `insert into partition_offsets (log, partition, next_offset, checkpoint_offset)
       values ('postgres', 0, 24, 24), ('postgres', 1, 6, 5), ('kafka', 1, 9, 9)`,
    );
    await own.database.query(
      `insert into idempotency_records (principal, key, request_hash, created_at)
       select 'key:1', n::text, '', now() - n * interval '1 hour' from generate_series(1, 70) n`,
    );
    // No statement may remove more than ten rows.
    await own.database.query(
      `create function at_most_ten() returns trigger language plpgsql as $$ begin
         if (select count(*) from gone) > 10 then raise 'too many at once'; end if; return null; end $$`,
    );
    for (const table of ['event_log_records', 'idempotency_records']) {
      await own.database.query(
        `create trigger bounded after delete on ${table} referencing old table as gone
         for each statement execute function at_most_ten()`,
      );
    }
  });
  afterEach(() => own.drop());

  it('removes in small steps all that is old, and of the events only what is behind the checkpoint', async () => {
    await expect(new Housekeeping(own.database, 10).run()).resolves.toEqual({
      events: 25,
      idempotencyRecords: 23,
      receipts: 0,
      inboundMessages: 0,
      codes: 0,
      capUses: 0,
    });
    const left = await own.database.query(
      `select partition, min("offset") as first, count(*) as count from event_log_records group by 1 order by 1`,
    );
    expect(left).toEqual([
      { partition: 0, first: 20, count: 5 },
      { partition: 1, first: 5, count: 4 },
    ]);
    expect(await own.database.query('select 1 from idempotency_records')).toHaveLength(47);
  });
});
