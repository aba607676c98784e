import type { Database } from '../database';

export interface EventLogRow {
  offset: number;
  key: string | null;
  value: Buffer;
  /** Epoch ms. */
  appendedAt: number;
}

/** A partition without records to give still answers with its end, and with nothing beside it. */
type ReadRow = Omit<EventLogRow, 'offset'> & { nextOffset: number; found: number | null };

export interface PlacedRecord {
  partition: number;
  key: string;
  value: string | Buffer;
}

/** What one beat of a member's heart told it. */
export interface GroupView {
  /** All live members, itself included, in an order on which all of them agree. */
  members: string[];
  /** Those of its partitions whose lease it has renewed; the rest somebody else has taken. */
  kept: number[];
}

const CHANNEL = 'event_log';
/** On the same channel as the partitions that grew, so that a reader needs one listening connection. */
const GROUP_CHANGED = 'group';
/** One reading must fit into memory also where every event is as large as an event may be. */
const READ_BYTES = 4 * 1024 * 1024;
const TRIM_LIMIT = 10_000;

/** The Postgres event log: per partition a head that hands out offsets, the records, and a lease on who reads them. */
export class EventLogStore {
  constructor(private readonly database: Database) {}

  /** Makes the partitions if there are none yet. @returns how many there are, which never changes again */
  async createPartitions(count: number): Promise<number> {
    return this.database.transaction(async (transaction) => {
      await transaction.query('lock table event_log_heads in share row exclusive mode');
      await transaction.query(
        `insert into event_log_heads (partition)
         select generate_series(0, $1::int - 1) where not exists (select from event_log_heads)`,
        [count],
      );
      const [row] = await transaction.query<{ count: number }>('select count(*) from event_log_heads');
      return row.count;
    });
  }

  /**
   * Takes all records or none, gives each partition's the next offsets without a gap, and wakes the readers.
   *
   * The heads stay locked until the commit, so a partition's offsets become visible in their order: a reader that has
   * seen offset 7 will never find a 6 that was not there before. They are locked in the order of their numbers, so two
   * appends cannot wait for each other in a circle.
   */
  async append(records: readonly PlacedRecord[]): Promise<void> {
    const values = records.map(({ value }) => (typeof value === 'string' ? Buffer.from(value) : value));
    await this.database.query(APPEND, [
      records.map(({ partition }) => partition),
      records.map(({ key }) => key),
      values,
    ]);
  }

  /** @returns up to `limit` records (and about 4 MiB) from `offset` on, ascending; and the partition's next free offset */
  async read(
    partition: number,
    offset: number,
    limit: number,
  ): Promise<{ records: EventLogRow[]; endOffset: number }> {
    const rows = await this.database.query<ReadRow>(READ, [partition, offset, limit, READ_BYTES]);
    const endOffset = rows[0]?.nextOffset ?? 0;
    const records = rows.flatMap(({ found, key, value, appendedAt }) =>
      found === null ? [] : { offset: found, key, value, appendedAt },
    );
    return { records, endOffset };
  }

  /** Each partition's next free offset. */
  async endOffsets(): Promise<Map<number, number>> {
    const rows = await this.database.query<{ partition: number; nextOffset: number }>(
      'select partition, next_offset as "nextOffset" from event_log_heads',
    );
    return new Map(rows.map(({ partition, nextOffset }) => [partition, nextOffset]));
  }

  /**
   * Removes what was read and is old; both must be true of a record.
   * @param below per partition, the offset from which everything is kept
   * @param limit the most that is removed of one partition; the lowest offsets go first
   * @returns how many were removed
   */
  async trim(below: ReadonlyMap<number, number>, olderThan: Date, limit = TRIM_LIMIT): Promise<number> {
    const [row] = await this.database.query<{ removed: number }>(TRIM, [
      [...below.keys()],
      [...below.values()],
      olderThan,
      limit,
    ]);
    return row.removed;
  }

  /** Says "I live" until `leaseMs` from now, renews the leases of `owned`, and looks around. */
  async beat(member: string, leaseMs: number, owned: readonly number[]): Promise<GroupView> {
    const joined = await this.database.query<{ isNew: boolean }>(
      `insert into event_log_members (member, seen_until)
       values ($1, clock_timestamp() + $2 * interval '1 ms')
       on conflict (member) do update set seen_until = excluded.seen_until
       returning xmax = 0 as "isNew"`,
      [member, leaseMs],
    );
    const kept = await this.database.query<{ partition: number }>(RENEW, [member, leaseMs, owned]);
    const members = await this.database.query<{ member: string }>(
      'select member from event_log_members where seen_until > clock_timestamp() order by member collate "C"',
    );
    if (joined[0].isNew) await this.groupChanged();
    return { members: members.map((row) => row.member), kept: kept.map((row) => row.partition) };
  }

  /** Leases up to `limit` partitions that nobody holds. @returns those it got */
  async claim(member: string, leaseMs: number, limit: number, except: readonly number[]): Promise<number[]> {
    const rows = await this.database.query<{ partition: number }>(CLAIM, [member, leaseMs, limit, except]);
    return rows.map((row) => row.partition);
  }

  /** Gives partitions back and tells the others. */
  async release(member: string, partitions: readonly number[]): Promise<void> {
    await this.database.query(
      'update event_log_heads set owner = null, owner_until = null where owner = $1 and partition = any ($2::int[])',
      [member, partitions],
    );
    await this.groupChanged();
  }

  /** Ends a membership and every lease of it, at once instead of when they would run out. */
  async leave(member: string): Promise<void> {
    await this.database.query(
      `delete from event_log_members where member = $1 or seen_until < clock_timestamp() - interval '1 hour'`,
      [member],
    );
    await this.database.query(
      'update event_log_heads set owner = null, owner_until = null where owner = $1',
      [member],
    );
    await this.groupChanged();
  }

  private async groupChanged(): Promise<void> {
    await this.database.query('select pg_notify($1, $2)', [CHANNEL, GROUP_CHANGED]);
  }

  /**
   * @param grown the partitions that have new records
   * @param groupChanged somebody came, left or gave partitions back
   * @param lookYourself called at the start and whenever words may have been missed
   * @returns a function that stops listening
   */
  async listen(on: {
    grown: (partitions: number[]) => void;
    groupChanged: () => void;
    lookYourself: () => void;
  }): Promise<() => Promise<void>> {
    const heard = (payload: string): void => {
      if (payload === GROUP_CHANGED) on.groupChanged();
      else on.grown(payload.split(',').map(Number));
    };
    return this.database.listen(CHANNEL, heard, on.lookYourself);
  }
}

const APPEND = `
with wanted as materialized (
  select partition, key, value, row_number() over (partition by partition order by nth) - 1 as place
  from unnest($1::int[], $2::text[], $3::bytea[]) with ordinality as r (partition, key, value, nth)
), counts as materialized (
  select partition, count(*) as records from wanted group by partition
), locked as materialized (
  select partition from event_log_heads
  where partition in (select partition from counts) order by partition for update
), moved as (
  update event_log_heads h set next_offset = h.next_offset + c.records
  from counts c join locked using (partition) where h.partition = c.partition
  returning h.partition, h.next_offset - c.records as first
), inserted as (
  insert into event_log_records (partition, "offset", key, value)
  select partition, m.first + w.place, w.key, w.value from wanted w join moved m using (partition)
)
select pg_notify('${CHANNEL}', string_agg(partition::text, ',')) from moved`;

/**
 * Whole milliseconds, as Kafka has them: with their fractions, deadlines that fall on an event's own instant were decided
 * before or after it by how often the clock had been written and read back, and a restart changed what windows held.
 */
const READ = `
select h.next_offset as "nextOffset", r."offset" as found, r.key, r.value, r."appendedAt"
from event_log_heads h left join lateral (
  select "offset", key, value, floor(extract(epoch from appended_at) * 1000)::float8 as "appendedAt"
  from (
    select *, sum(octet_length(value)) over (order by "offset") - octet_length(value) as before
    from (
      select * from event_log_records where partition = $1 and "offset" >= $2 order by "offset" limit $3
    ) page
  ) measured
  where before < $4 order by "offset"
) r on true
where h.partition = $1`;

/** The first record that is too young ends the walk, or the limit does, so the ones to keep are not looked at. */
const TRIM = `
with bounds as (
  select b.partition, coalesce((
    select r."offset" from event_log_records r
    where r.partition = b.partition and r."offset" < walk.below and r.appended_at >= $3
    order by r."offset" limit 1
  ), walk.below) as below
  from unnest($1::int[], $2::bigint[]) as b (partition, below)
  cross join lateral (
    select least(b.below, min("offset") + $4::bigint) as below from event_log_records where partition = b.partition
  ) walk
), removed as (
  delete from event_log_records r using bounds b
  where r.partition = b.partition and r."offset" < b.below returning 1
)
select count(*) as removed from removed`;

const RENEW = `
update event_log_heads set owner_until = clock_timestamp() + $2 * interval '1 ms'
where partition in (
  select partition from event_log_heads
  where owner = $1 and partition = any ($3::int[]) order by partition for update
) and owner = $1
returning partition`;

const CLAIM = `
update event_log_heads set owner = $1, owner_until = clock_timestamp() + $2 * interval '1 ms'
where partition in (
  select partition from event_log_heads
  where (owner is null or owner_until < clock_timestamp()) and not partition = any ($4::int[])
  order by partition limit $3 for update
)
returning partition`;
