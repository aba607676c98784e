import { randomBytes } from 'node:crypto';
import { Database } from '@app/persistence';
import { Client } from 'pg';

export interface TestDatabase {
  url: string;
  database: Database;
  /** Closes and drops; fails if somebody still holds a connection, since that is a leak. */
  drop(): Promise<void>;
}

/** A migrated database of one's own, cloned from the template that global-setup made. */
export async function createTestDatabase(poolSize = 10): Promise<TestDatabase> {
  const template = process.env.TIDINGS_TEST_PG;
  if (!template) throw new Error('global-setup has not started PostgreSQL');
  const name = `t_${randomBytes(8).toString('hex')}`;
  await administer(template, `create database "${name}" template tidings`);
  const url = template.replace(/\/tidings$/, `/${name}`);
  const database = await Database.open({ url, poolSize, applicationName: 'test' });
  return {
    url,
    database,
    drop: async () => {
      await database.close();
      await administer(template, `drop database "${name}"`);
    },
  };
}

async function administer(template: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: template.replace(/\/tidings$/, '/postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
