import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

let own: TestDatabase;
beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

describe('the schema', () => {
  it('is what the entities say, so that nothing drifts', async () => {
    const log = await own.database.dataSource.driver.createSchemaBuilder().log();
    expect(log.upQueries.map((query) => query.query)).toEqual([]);
  });

  it('lists every migration file, in order', () => {
    const folder = join('libs', 'persistence', 'src', 'migrations');
    const files = readdirSync(folder).filter((file) => /^\d{13}-.*\.ts$/.test(file));
    const listed = own.database.dataSource.migrations.map((migration) => migration.name);
    expect(listed).toHaveLength(files.length);
    files.sort().forEach((file, index) => expect(listed[index]).toContain(file.slice(0, 13)));
  });

  it('is brought up to date once, however many processes start together', async () => {
    const ran = await Promise.all([migrate(own.database), migrate(own.database), migrate(own.database)]);
    expect(ran.flat()).toEqual([]);
  });
});
