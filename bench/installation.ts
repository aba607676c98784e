import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, migrate, startEmbeddedPostgres } from '@app/persistence';
import { startKafka } from '../scripts/kafka/broker';

/** Real servers for a measurement: a broker, and a PostgreSQL that flushes its commits to disk. */
export interface Installation {
  brokers: string[];
  databaseUrl: string;
  database: Database;
  end(): Promise<void>;
}

export async function install(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
  const kafka = await startKafka(() => undefined);
  const postgres = await startEmbeddedPostgres({ folder, throwaway: false });
  const database = await Database.open({ url: postgres.url, poolSize: 4, applicationName: 'bench' });
  await migrate(database);
  return {
    brokers: kafka.brokers.split(','),
    databaseUrl: postgres.url,
    database,
    end: async () => {
      await database.close();
      await postgres.stop();
      await kafka.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
