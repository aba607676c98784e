import { KafkaEventLog, type LogConsumer } from '@app/event-log';
import { Database, MetricStore } from '@app/persistence';
import { Kafka, logLevel } from 'kafkajs';
import { Intake } from '../apps/dispatcher/src/intake/intake';
import { StoredCatalogue } from '../apps/dispatcher/src/intake/stored-catalogue';
import { DispatcherMetrics } from '../apps/dispatcher/src/observability/dispatcher-metrics';
import { openStores } from '../apps/dispatcher/src/pipeline/open-stores';
import { install, type Installation } from './installation';
import { judged, median, type Report } from './report';
import { RULES_PER_SUBJECT, SUBJECTS, fillWorld, resetWorld, roadEvent } from './road-world';

const EVENTS = 1_000_000;
const PARTITIONS = 8;
const ROUNDS = 3;
const APPEND = 5_000;

/**
 * From Kafka through evaluation to committed state, against a bare consumer of the same topic that only parses the
 * JSON. Both in this process, in turns; planning and sending are other processes' work and do not run.
 */
export const road = {
  name: 'road',
  async run(report: Report): Promise<void> {
    const installation = await install();
    try {
      const topic = `road-${process.pid}`;
      await fill(installation, topic);
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        theirs.push(await bareConsumer(installation.brokers, topic, `bare-${round}`));
        ours.push(await throughIntake(installation, topic, `ours-${round}`));
        await expectTransitions(installation.database);
      }
      report(
        judged({
          bench: 'road',
          case: `rules=${SUBJECTS * RULES_PER_SUBJECT}, transitions=1%`,
          unit: 'events/s',
          ours: median(ours),
          against: 'bare kafkajs eachBatch and JSON.parse',
          theirs: median(theirs),
          goal: 0.5,
          better: 'higher',
        }),
      );
    } finally {
      await installation.end();
    }
  },
};

async function fill({ brokers, database }: Installation, topic: string): Promise<void> {
  const log = new KafkaEventLog({ brokers, clientId: 'bench', topic, partitions: PARTITIONS });
  await log.open();
  await fillWorld(database, log);
  for (let n = 0; n < EVENTS; n += APPEND) {
    await log.append(Array.from({ length: APPEND }, (_, i) => roadEvent(n + i)));
  }
  await log.close();
}

async function bareConsumer(brokers: string[], topic: string, groupId: string): Promise<number> {
  const consumer = new Kafka({ brokers, clientId: 'bare', logLevel: logLevel.NOTHING }).consumer({
    groupId,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let seen = 0;
  let began = 0;
  await new Promise<void>((done, fail) => {
    const eachBatch = async ({
      batch,
    }: {
      batch: { messages: { value: Buffer | null }[] };
    }): Promise<void> => {
      began ||= performance.now();
      for (const message of batch.messages) JSON.parse(message.value?.toString() ?? '');
      seen += batch.messages.length;
      if (seen >= EVENTS) done();
    };
    consumer.run({ autoCommit: false, partitionsConsumedConcurrently: 1, eachBatch }).catch(fail);
  });
  const seconds = (performance.now() - began) / 1000;
  await consumer.disconnect();
  return EVENTS / seconds;
}

/** The dispatcher's own intake, with a stopwatch around it. */
class TimedConsumer implements LogConsumer {
  private began = 0;
  private seen = 0;
  private finish: () => void = () => undefined;
  readonly done = new Promise<void>((resolve) => (this.finish = resolve));

  constructor(private readonly intake: Intake) {}

  get eventsPerSecond(): number {
    return (EVENTS / (performance.now() - this.began)) * 1000;
  }

  assigned(partition: number): Promise<number> {
    return this.intake.assigned(partition);
  }

  revoked(partition: number): Promise<void> {
    return this.intake.revoked(partition);
  }

  async batch(...[batch, signal]: Parameters<LogConsumer['batch']>): Promise<void> {
    this.began ||= performance.now();
    await this.intake.batch(batch, signal);
    this.seen += batch.records.length;
    if (this.seen >= EVENTS) this.finish();
  }
}

async function throughIntake(
  { brokers, databaseUrl, database }: Installation,
  topic: string,
  groupId: string,
): Promise<number> {
  await resetWorld(database);
  const own = await Database.open({ url: databaseUrl, poolSize: 10, applicationName: 'bench intake' });
  const log = new KafkaEventLog({ brokers, clientId: 'bench', topic, groupId, partitions: PARTITIONS });
  await log.open();
  const stores = openStores(own, 'bench');
  const catalogue = new StoredCatalogue(new MetricStore(own));
  await catalogue.open(own);
  const onTrouble = (message: string, error: unknown): void => console.error(message, error);
  const around = {
    stores,
    log,
    logName: groupId,
    owner: 'bench',
    catalogue,
    metrics: new DispatcherMetrics(),
    onRaised: () => undefined,
    now: () => Date.now(),
    onTrouble,
  };
  const consumer = new TimedConsumer(new Intake(log, own, around));
  const subscription = await log.subscribe(consumer);
  await consumer.done;
  const rate = consumer.eventsPerSecond;
  await subscription.stop();
  await log.close();
  await own.close();
  return rate;
}

/** A road that evaluated nothing would be the fastest: the work must be there, all of it. */
async function expectTransitions(database: Database): Promise<void> {
  const [row] = await database.query<{ alerts: number; events: number }>(
    `select (select count(*) from notifications) as alerts, (select sum(next_offset)::int from partition_offsets) as events`,
  );
  if (row?.events !== EVENTS || Math.abs(row.alerts / EVENTS - 0.01) > 0.002) {
    throw new Error(`the road did other work than meant: ${JSON.stringify(row)}`);
  }
}
