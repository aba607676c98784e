import { PostgresEventLog, type LogBatch } from '@app/event-log';
import { EventLogStore, MetricStore } from '@app/persistence';
import { HeadOfLog } from '../../apps/dispatcher/src/intake/head-of-log';
import { PartitionWorker } from '../../apps/dispatcher/src/intake/partition-worker';
import { StoredCatalogue } from '../../apps/dispatcher/src/intake/stored-catalogue';
import type { WorkerSurroundings } from '../../apps/dispatcher/src/intake/worker-surroundings';
import { DispatcherMetrics } from '../../apps/dispatcher/src/observability/dispatcher-metrics';
import { Fenced } from '../../apps/dispatcher/src/pipeline/commit-batch';
import { openStores } from '../../apps/dispatcher/src/pipeline/open-stores';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { World, anEvent } from '../harness/world';

let own: TestDatabase;
let around: WorkerSurroundings;
const signal = new AbortController().signal;

beforeEach(async () => {
  own = await createTestDatabase();
  const { database } = own;
  const log = new PostgresEventLog({ store: new EventLogStore(database), partitions: 1 });
  await log.open();
  const world = new World(database, log);
  await world.metric();
  await world.customer('ana', { sms: '+15550100001' });
  await world.rule({ channels: ['sms'] });
  const catalogue = new StoredCatalogue(new MetricStore(database));
  await catalogue.refresh();
  const stores = openStores(database, 'test');
  const onTrouble = (message: string, error: unknown): never => {
    throw new Error(message, { cause: error });
  };
  around = {
    stores,
    log,
    logName: 'test',
    owner: 'test',
    catalogue,
    head: new HeadOfLog(log, () => Date.now()),
    metrics: new DispatcherMetrics(),
    onRaised: () => undefined,
    now: () => Date.now(),
    onTrouble,
  };
});
afterEach(() => own.drop());

async function take(): Promise<PartitionWorker> {
  const worker = await PartitionWorker.take(0, around);
  await worker.open();
  return worker;
}

let instant = Date.now() - 3_600_000;
function batchAt(offset: number, ...values: string[]): LogBatch {
  const records = values.map((value, i) => {
    const event = anEvent(value, { time: new Date((instant += 1_000)).toISOString() });
    return { offset: offset + i, key: event.key, value: Buffer.from(event.value), appendedAt: Date.now() };
  });
  return { partition: 0, records, endOffset: offset + values.length };
}
const alerts = (): Promise<{ n: number }[]> => own.database.query('select count(*) as n from alerts');

describe('a worker whose partition was taken by another', () => {
  it('can write nothing any more, though it does not know yet', async () => {
    const stale = await take();
    await take();
    await expect(stale.batch(batchAt(0, '50.00'), signal)).rejects.toBeInstanceOf(Fenced);
    await expect(alerts()).resolves.toEqual([{ n: 0 }]);
  });

  it('leaves the work to its successor, who does it once', async () => {
    const stale = await take();
    const batch = batchAt(0, '150.00', '50.00');
    const successor = await take();
    await Promise.allSettled([stale.batch(batch, signal), successor.batch(batch, signal)]);
    await expect(alerts()).resolves.toEqual([{ n: 1 }]);
  });
});

describe('a worker that takes over after a crash', () => {
  it('decides as its predecessor would have, though last values were not written for every event', async () => {
    const first = await take();
    const early = batchAt(0, '50.00', '60.00', '70.00');
    const late = batchAt(3, '55.00', '150.00', '40.00');
    await first.batch(early, signal); // fires, and is then gone without a word
    const second = await take();
    const again = {
      partition: 0,
      records: [...early.records, ...late.records].filter((record) => record.offset >= second.startOffset),
      endOffset: 6,
    };
    await second.batch(again, signal);
    const rows = await own.database.query<{ opened_value: number; resolved_value: number | null }>(
      'select opened_value, resolved_value from alerts order by seq',
    );
    expect(rows).toEqual([
      { opened_value: 5_000, resolved_value: 15_000 },
      { opened_value: 4_000, resolved_value: null },
    ]);
  });

  it('does not let an event older than the last one move a rule, even where that last one was not checkpointed', async () => {
    const first = await take();
    const newest = batchAt(0, '150.00');
    await first.batch(newest, signal);
    const second = await take();
    const older = anEvent('50.00', { time: new Date(instant - 60_000).toISOString() });
    const records = [
      ...newest.records,
      { offset: 1, key: older.key, value: Buffer.from(older.value), appendedAt: Date.now() },
    ];
    await second.batch(
      {
        partition: 0,
        records: records.filter((record) => record.offset >= second.startOffset),
        endOffset: 2,
      },
      signal,
    );
    await expect(alerts()).resolves.toEqual([{ n: 0 }]);
  });
});
