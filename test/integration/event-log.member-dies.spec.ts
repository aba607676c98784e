import { PostgresEventLog } from '@app/event-log';
import { Database, EventLogStore } from '@app/persistence';
import { LedgerReader, OffsetLedger } from '../../libs/event-log/src/testing/offset-ledger';
import { createTestDatabase } from '../harness/test-database';

describe('a reader of the Postgres log that dies', () => {
  it('is missed after some seconds, and another takes its partitions over where the store says', async () => {
    const { url, drop } = await createTestDatabase();
    const ledger = new OffsetLedger();
    const open = async (reader: LedgerReader) => {
      const database = await Database.open({ url, poolSize: 3, applicationName: reader.name });
      const log = new PostgresEventLog({ store: new EventLogStore(database), partitions: 4 });
      await log.open();
      await log.subscribe(reader);
      return { log, database };
    };
    const dying = new LedgerReader('dying', ledger);
    const heir = new LedgerReader('heir', ledger);
    const first = await open(dying);
    await ledger.until('it owns all', () => dying.partitions.length === 4);
    await first.log.append([{ key: 'a', value: '0' }]);
    await ledger.until('it has read', () => ledger.committed.length === 1);
    // Without its database it can neither renew a lease nor give one back: to the others that is death.
    await first.database.close();

    const second = await open(heir);
    await second.log.append([{ key: 'a', value: '1' }]);
    await ledger.until('the heir owns all', () => heir.partitions.length === 4);
    await ledger.until('the heir has read', () => ledger.committed.length === 2);
    expect(ledger.values()).toEqual(['0', '1']);
    await Promise.all([first.log.close(), second.log.close()]);
    await second.database.close();
    await drop();
  }, 40_000);
});
