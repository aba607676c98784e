import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, migrate, startEmbeddedPostgres } from '@app/persistence';

export interface OwnPostgres {
  databaseUrl: string;
  database: Database;
  end(): Promise<void>;
}

/** A PostgreSQL that flushes its commits to disk, as `npm start` runs it. */
export async function ownPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
  const postgres = await startEmbeddedPostgres({ folder, throwaway: false });
  const database = await Database.open({ url: postgres.url, poolSize: 4, applicationName: 'bench' });
  await migrate(database);
  return {
    databaseUrl: postgres.url,
    database,
    end: async () => {
      await database.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
