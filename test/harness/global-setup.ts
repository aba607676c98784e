import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, migrate, startEmbeddedPostgres } from '../../libs/persistence/src';
import { startSharedKafka } from './kafka-broker';
import { running } from './running-servers';

/** Once per run: a real PostgreSQL with a migrated template database, from which each spec file clones its own. */
// eslint-disable-next-line no-restricted-syntax -- Jest calls the default export
export default async function globalSetup(): Promise<void> {
  const kafka = startSharedKafka();
  const folder = await mkdtemp(join(tmpdir(), 'tidings-test-'));
  const postgres = await startEmbeddedPostgres({ folder, throwaway: true });
  const database = await Database.open({ url: postgres.url, poolSize: 2, applicationName: 'template' });
  await migrate(database);
  await database.close();
  process.env.TIDINGS_TEST_PG = postgres.url;
  running.folder = folder;
  running.postgres = postgres;
  running.stopKafka = await kafka;
}
