import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, startEmbeddedPostgres, type EmbeddedPostgres } from '@app/persistence';
import type { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { World, anEvent } from '../harness/world';

let folder: string;
let postgres: EmbeddedPostgres;
let database: Database;
let dispatcher: Dispatcher;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidings-restart-'));
  postgres = await startEmbeddedPostgres({ folder, throwaway: false });
  dispatcher = await startDispatcher(postgres.url);
  database = await Database.open({ url: postgres.url, poolSize: 2, applicationName: 'test' });
}, 60_000);

afterAll(async () => {
  await dispatcher.stop();
  await database.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A publisher that insists, as the API's callers do. */
async function publish(value: string): Promise<void> {
  await eventually(
    () =>
      dispatcher.log.append([anEvent(value)]).then(
        () => true,
        () => false,
      ),
    (done) => done,
  );
}

describe('a Postgres that is stopped and started', () => {
  it('under a running dispatcher costs time and nothing else', async () => {
    const world = new World(database, dispatcher.log);
    await world.metric();
    await world.customer('ana', { sms: '+15550100001' });
    await world.rule({ channels: ['sms'], notifyRecovery: false });
    const rounds = 6;
    for (let round = 0; round < rounds; round += 1) {
      const restarting = round % 2 === 1 ? postgres.restart() : Promise.resolve();
      await publish('150.00');
      await publish('50.00');
      await restarting;
    }
    const count = (table: string): Promise<number> =>
      database.query<{ n: number }>(`select count(*) as n from ${table}`).then(
        ([row]) => row?.n ?? 0,
        () => -1,
      );
    await eventually(
      () => count('outbox_messages'),
      (kept) => kept >= rounds,
      20_000,
    );
    await expect(count('alerts')).resolves.toBe(rounds);
    await expect(count('outbox_messages')).resolves.toBe(rounds);
  }, 60_000);
});
