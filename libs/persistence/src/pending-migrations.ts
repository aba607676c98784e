import type { Database } from './database';

/** True if the schema is older than this program: it must not serve before `migrate` has run. */
export async function hasPendingMigrations(database: Database): Promise<boolean> {
  return database.dataSource.showMigrations();
}
