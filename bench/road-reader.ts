import { KafkaEventLog, type LogConsumer } from '@app/event-log';
import { Database, MetricStore } from '@app/persistence';
import { Intake } from '../apps/dispatcher/src/intake/intake';
import { StoredCatalogue } from '../apps/dispatcher/src/intake/stored-catalogue';
import { DispatcherMetrics } from '../apps/dispatcher/src/observability/dispatcher-metrics';
import { openStores } from '../apps/dispatcher/src/pipeline/open-stores';
import { Stopwatch, readingOf } from './reading';

/** The dispatcher's own intake, with a stopwatch around it that starts when all rules are loaded. */
class TimedConsumer implements LogConsumer {
  private loaded = 0;
  private allLoaded: () => void = () => undefined;
  private readonly loading = new Promise<void>((resolve) => (this.allLoaded = resolve));

  constructor(
    private readonly intake: Intake,
    private readonly watch: Stopwatch,
    private readonly partitions: number,
  ) {}

  async assigned(partition: number): Promise<number> {
    const offset = await this.intake.assigned(partition);
    this.loaded += 1;
    if (this.loaded === this.partitions) this.allLoaded();
    await this.loading;
    return offset;
  }

  revoked(partition: number): Promise<void> {
    return this.intake.revoked(partition);
  }

  async batch(...[batch, signal]: Parameters<LogConsumer['batch']>): Promise<void> {
    this.watch.start();
    await this.intake.batch(batch, signal);
    this.watch.count(batch.records.length);
  }
}

async function main(): Promise<void> {
  const { brokers, databaseUrl, topic, groupId, events } = readingOf(process.argv);
  const database = await Database.open({
    url: databaseUrl,
    poolSize: 10,
    forFewRows: 5,
    applicationName: 'bench intake',
  });
  const report = (message: string, detail: object): void => console.error(message, detail);
  const log = new KafkaEventLog({ brokers, clientId: 'bench', topic, groupId, report });
  await log.open();
  const catalogue = new StoredCatalogue(new MetricStore(database));
  await catalogue.open(database);
  const intake = new Intake(log, database, {
    stores: openStores(database, 'bench'),
    log,
    logName: groupId,
    owner: 'bench',
    catalogue,
    metrics: new DispatcherMetrics(),
    onRaised: () => undefined,
    now: () => Date.now(),
    onTrouble: (message, error) => console.error(message, error),
  });
  const watch = new Stopwatch(events);
  const subscription = await log.subscribe(new TimedConsumer(intake, watch, log.partitions));
  process.stdout.write(String(await watch.done));
  await subscription.stop();
  await log.close();
  await database.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
