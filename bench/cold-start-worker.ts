import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '@app/event-log';
import { Database, MetricStore, migrate, startEmbeddedPostgres, type Queryable } from '@app/persistence';
import { HeadOfLog } from '../apps/dispatcher/src/intake/head-of-log';
import { PartitionWorker } from '../apps/dispatcher/src/intake/partition-worker';
import { StoredCatalogue } from '../apps/dispatcher/src/intake/stored-catalogue';
import { DispatcherMetrics } from '../apps/dispatcher/src/observability/dispatcher-metrics';
import { openStores } from '../apps/dispatcher/src/pipeline/open-stores';
import { numberOption } from './options';
import { judged, type Bench } from './report';

const RULES = 1_000_000;
const GOALS_SECONDS = { upToAMillion: 5, more: 45 };
const RULES_PER_SUBJECT = 5;
const METRIC = 'account.balance';

/** From being given a partition to having decided its first event, with real PostgreSQL on the same machine. */
export const coldStartWorker: Bench = {
  name: 'cold-start',
  async run(report) {
    const rules = numberOption('rules', RULES);
    const folder = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
    const postgres = await startEmbeddedPostgres({ folder, throwaway: false });
    const database = await Database.open({ url: postgres.url, poolSize: 4, applicationName: 'bench' });
    try {
      await migrate(database);
      await fill(database, rules);
      const ours = await secondsToServe(database);
      const name = `rules=${rules} from PostgreSQL`;
      const goal = rules <= RULES ? GOALS_SECONDS.upToAMillion : GOALS_SECONDS.more;
      report(judged({ bench: 'cold-start', case: name, unit: 's', ours, goal, better: 'lower' }));
    } finally {
      await database.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/**
 * Rules and last values as a worker leaves them that had all of it in one partition. What refers to others refers to what is
 * known to be there, and is not looked up: for ten million rules that took five of fourteen minutes.
 */
async function fill(database: Database, rules: number): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query('set local session_replication_role = replica');
    await fillIn(transaction, rules);
  });
  await database.query('vacuum analyze');
}

async function fillIn(database: Queryable, rules: number): Promise<void> {
  const subjects = rules / RULES_PER_SUBJECT;
  await database.query(
    `insert into metrics (name, title, unit, scale, kind, visibility) values ($1, 'balance', 'EUR', 2, 'gauge', 'owned')`,
    [METRIC],
  );
  await database.query(
    `insert into customers (id, name, time_zone, language)
     select 'c' || i, 'Customer ' || i, 'UTC', 'en' from generate_series(1, $1::int) i`,
    [subjects],
  );
  await database.query(
    `insert into rules (id, customer_id, title, metric, operator, threshold, subject_kind, lifecycle, on_create, topic,
       notify_recovery, status)
     select gen_random_uuid(), 'c' || (i % $3::int + 1), '', $2, 'below', 10000 + i / $3::int * 1000, 'listed',
       'recurring', 'fireIfBreached', 'alerts', true, 'active'
     from generate_series(0, $1::int - 1) i`,
    [rules, METRIC, subjects],
  );
  await database.query(
    `insert into rule_instances (rule_id, subject, partition, condition_version, state)
     select id, 'account:' || substr(customer_id, 2), 0, 1, 'ok' from rules`,
  );
  await database.query(
    `insert into series (metric, subject, partition, value, at)
     select $2, 'account:' || i, 0, 50000, now() - interval '1 hour' from generate_series(1, $1::int) i`,
    [subjects, METRIC],
  );
}

async function secondsToServe(database: Database): Promise<number> {
  const catalogue = new StoredCatalogue(new MetricStore(database));
  await catalogue.refresh();
  const now = (): number => Date.now();
  const began = performance.now();
  const worker = await PartitionWorker.take(0, {
    stores: openStores(database, 'bench'),
    log: { partitionOf: () => 0 } as unknown as EventLog,
    head: new HeadOfLog({ endOffsets: () => Promise.resolve(new Map([[0, 0]])) }, now),
    ...{ logName: 'bench', owner: 'bench', catalogue, now },
    metrics: new DispatcherMetrics(),
    onRaised: () => undefined,
    onTrouble: (message, error) => console.error(message, error),
  });
  await worker.open();
  const event = { id: '1', source: 'bench', metric: METRIC, subject: 'account:1', value: '105.00' };
  const value = Buffer.from(JSON.stringify({ ...event, time: new Date().toISOString() }));
  const records = [{ offset: 0, key: event.subject, value, appendedAt: now() }];
  await worker.batch({ partition: 0, records, endOffset: 1 }, new AbortController().signal);
  const seconds = (performance.now() - began) / 1000;
  const [row] = await database.query<{ alerts: number }>('select count(*) as alerts from alerts');
  if (row?.alerts !== RULES_PER_SUBJECT - 1)
    throw new Error(`the worker served other rules: ${row?.alerts} alerts`);
  await worker.release();
  return seconds;
}
