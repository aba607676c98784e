import { BatchStore, type BatchEffects } from '@app/persistence';
import { Fenced } from '../../apps/dispatcher/src/pipeline/commit-batch';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { TestPartition } from '../harness/test-partition';

/** More than two commits carry, all on one subject: one event makes them all true. */
const RULES = 12_001;
const START = Date.UTC(2026, 2, 2, 12);

/** Lets a test do something before or after a commit reaches the store. */
class WatchedBatchStore extends BatchStore {
  commits = 0;
  before: (commit: number) => Promise<void> = () => Promise.resolve();
  after: (commit: number) => Promise<void> = () => Promise.resolve();

  override async commit(effects: BatchEffects): Promise<boolean> {
    this.commits += 1;
    const commit = this.commits;
    await this.before(commit);
    const moved = await super.commit(effects);
    await this.after(commit);
    return moved;
  }
}

let own: TestDatabase;
let partition: TestPartition;
let store: WatchedBatchStore;

beforeEach(async () => {
  own = await createTestDatabase();
  partition = await TestPartition.open(own, START);
  store = new WatchedBatchStore(own.database);
  partition.around.stores.batches = store;
  await partition.rows(
    `with made as (
       insert into rules (id, customer_id, title, metric, operator, threshold, subject_kind, lifecycle, on_create, topic,
         notify_recovery, status)
       select md5(i::text)::uuid, 'ana', '', 'account.balance', 'below', 10000, 'listed', 'recurring', 'fireIfBreached',
         'alerts', true, 'active' from generate_series(1, $1::int) i returning id)
     insert into rule_instances (rule_id, subject, partition, condition_version, state)
     select id, 'account:42', 0, 1, 'ok' from made`,
    [RULES],
  );
  await partition.take();
  store.commits = 0;
});
afterEach(async () => {
  await partition.close();
  await own.drop();
});

async function outcome(): Promise<unknown> {
  const [row] = await partition.rows(
    `select (select count(*)::int from alerts) as alerts, (select count(*)::int from notifications) as told,
       (select count(*)::int from rule_instances where state = 'firing' and transition_seq = 1) as firing,
       (select next_offset::int from partition_offsets) as "nextOffset"`,
  );
  return row;
}

const ALL = { alerts: RULES, told: RULES, firing: RULES, nextOffset: 1 };

describe('an event that fires more rules than one commit carries', () => {
  it('is committed in several, and read until the last of them', async () => {
    await partition.event('50.00', 0);
    expect(store.commits).toBeGreaterThan(2);
    expect(await outcome()).toEqual(ALL);
  });

  it('is finished by the next owner where the partition is lost between two of them: nothing is lost or doubled', async () => {
    store.before = async (commit) => {
      if (commit === 2) await partition.take(); // reads the event, and commits all of it
    };
    await expect(partition.event('50.00', 0)).rejects.toThrow(Fenced);
    expect(await outcome()).toEqual(ALL);
  });

  it('is committed once where the answers to its commits are lost', async () => {
    partition.around.onTrouble = () => undefined;
    const answered = new Set<number>();
    store.after = (commit) => {
      if (answered.has(commit - 1)) return Promise.resolve();
      answered.add(commit);
      return Promise.reject(new Error('connection lost'));
    };
    await partition.event('50.00', 0);
    expect(store.commits).toBeLessThan(6);
    expect(await outcome()).toEqual(ALL);
  });
});
