import { PostgresEventLog, type LogBatch } from '@app/event-log';
import { DeliveryStore, EventLogStore, InstanceStore, MetricStore, RowsAhead } from '@app/persistence';
import { Intake } from '../../apps/dispatcher/src/intake/intake';
import { StoredCatalogue } from '../../apps/dispatcher/src/intake/stored-catalogue';
import { DispatcherMetrics } from '../../apps/dispatcher/src/observability/dispatcher-metrics';
import { openStores } from '../../apps/dispatcher/src/pipeline/open-stores';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { World, anEvent } from '../harness/world';

let own: TestDatabase;
let world: World;
let log: PostgresEventLog;
let around: ConstructorParameters<typeof Intake>[2];
let intake: Intake;
const signal = new AbortController().signal;

/** Lets a test stretch the moment in which a partition's rules are being read. */
class SlowInstanceStore extends InstanceStore {
  whileLoading: () => Promise<void> = () => Promise.resolve();

  override load(partition: number): ReturnType<InstanceStore['load']> {
    return new RowsAhead(this.slowly(super.load(partition)), false);
  }

  private async *slowly<Row>(pages: AsyncIterable<Row[]>): AsyncGenerator<Row[], void, undefined> {
    yield* pages;
    await this.whileLoading();
  }
}

let instances: SlowInstanceStore;

beforeEach(async () => {
  own = await createTestDatabase();
  const { database } = own;
  log = new PostgresEventLog({ store: new EventLogStore(database), partitions: 1 });
  await log.open();
  world = new World(database, log);
  await world.metric();
  await world.customer('ana', { sms: '+15550100001' });
  const catalogue = new StoredCatalogue(new MetricStore(database));
  await catalogue.refresh();
  instances = new SlowInstanceStore(database);
  const stores = { ...openStores(database, 'test'), instances };
  const metrics = new DispatcherMetrics();
  around = {
    stores,
    log,
    logName: 'test',
    owner: 'test',
    catalogue,
    metrics,
    onRaised: () => undefined,
    now: () => Date.now(),
    onTrouble: () => undefined,
  };
  intake = new Intake(log, database, around);
});
afterEach(async () => {
  await intake.stop();
  await log.close();
  await own.drop();
});

const waiting = (ruleId: string): Promise<unknown[]> =>
  own.database.query('select 1 from rule_instances where rule_id = $1 and condition_version is null', [
    ruleId,
  ]);

function batchOf(offset: number, ...events: { key: string; value: string }[]): LogBatch {
  const records = events.map(({ key, value }, i) => ({
    offset: offset + i,
    key,
    value: Buffer.from(value),
    appendedAt: Date.now(),
  }));
  return { partition: 0, records, endOffset: offset + events.length };
}

describe('in a rare moment', () => {
  it('a rule made while its partition is being loaded is armed all the same', async () => {
    let ruleId = '';
    instances.whileLoading = async () => {
      instances.whileLoading = () => Promise.resolve();
      ruleId = await world.rule();
      await own.database.query('select pg_sleep(0.1)'); // its wake-up comes before the loading ends
    };
    await intake.start();
    await eventually(
      () => Promise.resolve(ruleId),
      (id) => id !== '',
    );
    await eventually(
      () => waiting(ruleId),
      (rows) => rows.length === 0,
    );
  });

  it('a subject that is no well-formed text is set aside, and blocks nothing', async () => {
    await world.rule();
    await intake.assigned(0);
    const broken = ['\\ud800', '\\ud801'].map((half) =>
      anEvent('1.00', { subject: 'x' }).value.replace('"subject":"x"', `"subject":"x:${half}"`),
    );
    await intake.batch(batchOf(0, ...broken.map((value) => ({ key: 'x', value })), anEvent('50.00')), signal);
    await intake.revoked(0);
    await expect(own.database.query('select reason from dead_letters')).resolves.toEqual([
      { reason: 'notAnEvent' },
      { reason: 'notAnEvent' },
    ]);
    await expect(own.database.query('select 1 from alerts')).resolves.toHaveLength(1);
  });

  it('a firing rule is not said to be over because the checkpoint was older than it', async () => {
    await world.rule();
    await intake.assigned(0);
    const time = (n: number): string => new Date(Date.now() - 60_000 + n * 1_000).toISOString();
    await intake.batch(batchOf(0, anEvent('150.00', { time: time(0) })), signal);
    await intake.revoked(0); // writes 150.00 as the last value
    await intake.assigned(0);
    await intake.batch(batchOf(1, anEvent('50.00', { time: time(1) })), signal);
    // A crash: what was walked since the checkpoint is only in the log, and this log has lost it.
    await own.database.query(`update series set value = 15000`);
    await own.database.query(`update partition_offsets set checkpoint_offset = 1`);
    const after = new Intake(log, own.database, around);
    await after.assigned(0);
    await after.batch(batchOf(2, anEvent('45.00', { time: time(2) })), signal);
    await expect(own.database.query('select resolved_at from alerts')).resolves.toEqual([
      { resolved_at: null },
    ]);
    await after.revoked(0);
  });

  it('an erased customer leaves no instance behind that goes on costing commits', async () => {
    await world.rule();
    await intake.assigned(0);
    await own.database.query(`delete from customers where id = 'ana'`);
    await intake.batch(batchOf(0, anEvent('50.00')), signal);
    await intake.batch(batchOf(1, anEvent('150.00')), signal);
    await expect(own.database.query('select 1 from alerts')).resolves.toEqual([]);
    const held = await around.metrics.registry.getSingleMetricAsString('tidings_transitions_total');
    expect(held).toContain('transition="fired"} 1');
    expect(held).not.toContain('recovered');
  });

  it('an acceptance that the store could not take at once is recorded when it can, and nothing is sent twice', async () => {
    const twilio = await new FakeTwilio().start();
    const record = jest
      .spyOn(DeliveryStore.prototype, 'record')
      .mockRejectedValueOnce(new Error('the store is away'));
    const dispatcher = await startDispatcher(own.url, {
      EVENT_LOG_PARTITIONS: '1',
      TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
      TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
      TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
      TWILIO_BASE_URL: twilio.url,
    });
    try {
      await world.rule({ channels: ['sms'] });
      await dispatcher.log.append([anEvent('50.00')]);
      const [delivery] = await eventually(
        () => own.database.query<{ state: string }>('select state, duplicate_possible from deliveries'),
        ([row]) => row?.state === 'accepted',
      );
      expect(delivery).toMatchObject({ duplicate_possible: false });
      expect(record).toHaveBeenCalledTimes(2);
      expect(twilio.received).toHaveLength(1);
    } finally {
      record.mockRestore();
      await dispatcher.stop();
      await twilio.stop();
    }
  });
});
