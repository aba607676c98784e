import { MigrationExecutor } from 'typeorm';
import type { Database } from './database';

/** Any fixed number: processes that start together queue on it instead of migrating twice. */
const MIGRATION_LOCK = 7_108_421;

/**
 * Brings the schema up to date; safe to call from every process at every start.
 * @returns names of the migrations that ran
 */
export async function migrate(database: Database): Promise<string[]> {
  const runner = database.dataSource.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const executor = new MigrationExecutor(database.dataSource, runner);
      executor.transaction = 'each';
      const ran = await executor.executePendingMigrations();
      return ran.map((migration) => migration.name);
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await runner.release();
  }
}
