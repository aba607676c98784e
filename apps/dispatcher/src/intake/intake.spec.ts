import type { EventLog } from '@app/event-log';
import { RowsAhead, type Database } from '@app/persistence';
import { Intake } from './intake';
import type { WorkerSurroundings } from './worker-surroundings';

const NEW = { epoch: 1, nextOffset: 0, checkpointOffset: 0, commits: 0, clock: null, resumedAt: null };

async function* nothing<Row>(): AsyncGenerator<Row[]> {}

describe('what is due to be told', () => {
  it('is asked for of partitions that can tell it, so that one that loads keeps out no other', async () => {
    const asked: (readonly number[])[] = [];
    const isLoading = Promise.withResolvers<void>();
    const loaded = Promise.withResolvers<void>();
    const load = (partition: number): RowsAhead<never> =>
      new RowsAhead(partition === 7 ? nothing() : waiting(isLoading.resolve, loaded.promise), false);
    const withNoticeDue = (partitions: readonly number[]): Promise<[]> => {
      asked.push(partitions);
      return Promise.resolve([]);
    };
    const stores = {
      partitions: { take: () => Promise.resolve({ ...NEW }) },
      deadLetters: { offsetsFrom: () => Promise.resolve(new Set()) },
      ...{ series: { load: () => nothing() }, measures: { load: () => nothing() } },
      instances: { load, withNoticeDue },
    };
    const around = {
      ...{ stores, logName: '', owner: '', now: () => 0, onTrouble: () => undefined },
      metrics: { lag: { remove: () => 0 }, instances: { set: () => 0, remove: () => 0 } },
    };
    const log = {
      subscribe: () => Promise.resolve({ stop: () => Promise.resolve() }),
      endOffsets: () => Promise.resolve(new Map()),
    };
    const database = {
      query: () => Promise.resolve([]),
      listen: () => Promise.resolve(async () => undefined),
    };
    const intake = new Intake(
      log as unknown as EventLog,
      database as unknown as Database,
      around as unknown as WorkerSurroundings,
    );
    await intake.assigned(7);
    const opening = intake.assigned(8);
    await isLoading.promise;
    await intake.start();
    expect(intake.partitions).toEqual([7, 8]);
    expect(asked).toEqual([[7]]);
    loaded.resolve();
    await opening;
    await intake.stop();
  });
});

async function* waiting(reached: () => void, end: Promise<void>): AsyncGenerator<never[]> {
  reached();
  await end;
}
