import { KafkaEventLog, PostgresEventLog, type EventLog } from '@app/event-log';
import { EventLogStore, type Database } from '@app/persistence';
import { Kafka, logLevel } from 'kafkajs';
import { startKafka } from '../../scripts/kafka/broker';
import type { OracleRecord } from '../oracle/history';

const PARTITIONS = 2;

/** An event log of the run's own, and how to read back everything that it took. */
export interface Road {
  log: EventLog;
  /** Settings of a dispatcher that reads it. A new generation is a new consumer group, which waits for no dead member. */
  settings(generation: number): Record<string, string>;
  /** All records by partition, in the order of the log. */
  records(): Promise<Map<number, OracleRecord[]>>;
  close(): Promise<void>;
}

export async function postgresRoad(database: Database): Promise<Road> {
  const log = new PostgresEventLog({ store: new EventLogStore(database), partitions: PARTITIONS });
  await log.open();
  return {
    log,
    settings: () => ({ EVENT_LOG_PARTITIONS: String(PARTITIONS) }),
    records: async () => {
      const rows = await database.query<{ partition: number; value: Buffer; appended_at: Date }>(
        'select partition, value, appended_at from event_log_records order by partition, "offset"',
      );
      const records = new Map<number, OracleRecord[]>();
      for (const { partition, value, appended_at } of rows)
        put(records, partition, toRecord(value, appended_at.getTime()));
      return records;
    },
    close: () => log.close(),
  };
}

export async function kafkaRoad(): Promise<Road> {
  const broker = await startKafka();
  const topic = 'tidings.faults';
  const log = new KafkaEventLog({
    brokers: [broker.brokers],
    clientId: 'faults',
    topic,
    partitions: PARTITIONS,
  });
  await log.open();
  return {
    log,
    settings: (generation) => ({
      KAFKA_BROKERS: broker.brokers,
      KAFKA_TOPIC: topic,
      KAFKA_GROUP: `faults-${generation}`,
    }),
    records: () => readTopic(new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING }), topic),
    close: async () => {
      await log.close();
      await broker.stop();
    },
  };
}

async function readTopic(kafka: Kafka, topic: string): Promise<Map<number, OracleRecord[]>> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const missing = new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
  const records = new Map<number, OracleRecord[]>();
  const consumer = kafka.consumer({ groupId: `reader-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((done, fail) => {
    const check = (): void => {
      if ([...missing].every(([partition, end]) => (records.get(partition)?.length ?? 0) >= end)) done();
    };
    check();
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          put(records, partition, toRecord(message.value ?? Buffer.of(), Number(message.timestamp)));
          check();
        },
      })
      .catch(fail);
  });
  await consumer.disconnect();
  return records;
}

function put(records: Map<number, OracleRecord[]>, partition: number, record: OracleRecord): void {
  const known = records.get(partition);
  if (known) known.push(record);
  else records.set(partition, [record]);
}

/** Read by hand and not by the event's guard: two decimals, written out. */
function toRecord(value: Buffer, appendedAt: number): OracleRecord {
  const event = JSON.parse(value.toString()) as Record<
    'id' | 'source' | 'metric' | 'subject' | 'value' | 'time',
    string
  >;
  const { id, source, metric, subject, time } = event;
  return {
    id,
    source,
    metric,
    subject,
    value: Number(event.value.replace('.', '')),
    at: Date.parse(time),
    appendedAt,
  };
}
