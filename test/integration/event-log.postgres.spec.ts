import { PostgresEventLog, type EventLog } from '@app/event-log';
import { Database, EventLogStore } from '@app/persistence';
import { exerciseEventLog } from '../../libs/event-log/src/testing/exercise-event-log';
import { createTestDatabase } from '../harness/test-database';

describe('the Postgres event log', () => {
  exerciseEventLog(async (partitions) => {
    const { url, drop } = await createTestDatabase();
    const opened: { log: EventLog; database: Database }[] = [];
    return {
      open: async () => {
        const database = await Database.open({ url, poolSize: 5, applicationName: 'event log' });
        const log = new PostgresEventLog({ store: new EventLogStore(database), partitions });
        await log.open();
        opened.push({ log, database });
        return log;
      },
      dispose: async () => {
        await Promise.all(opened.map(({ log }) => log.close()));
        await Promise.all(opened.map(({ database }) => database.close()));
        await drop();
      },
    };
  });
});
