import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import type { EventLog, LogConsumer, Subscription } from '../event-log';
import { partitionForKey } from '../murmur2';
import type { Report } from '../report';
import { kafkaClient, ONE_TRY, type KafkaConnectionOptions } from './kafka-connection';
import { KafkaSubscription } from './kafka-consumer';
import { KafkaPublisher } from './kafka-publisher';

export interface KafkaEventLogOptions extends KafkaConnectionOptions {
  /** Default `tidings.events`. Created by `open` if it is missing. */
  topic?: string;
  /** Default `tidings`. All members of one installation's dispatchers share it. */
  groupId?: string;
  /** Of a topic that has to be created; one that exists keeps its own. Default 8. */
  partitions?: number;
  /** How long an append goes on trying while no broker answers, before it is refused. Default 15 s. */
  appendPatienceMs?: number;
  report?: Report;
}

const DEFAULT_PARTITIONS = 8;
const DEFAULT_PATIENCE_MS = 15_000;
const NEW_TOPIC_PATIENCE_MS = 8_000;
const NEW_TOPIC_PAUSE_MS = 50;

/**
 * The road for an installation that outgrows one machine: one Kafka topic, keyed by the Java client's rule.
 * @see docs/ARCHITECTURE.md
 */
export class KafkaEventLog implements EventLog {
  readonly kind = 'kafka';
  private readonly kafka: Kafka;
  private readonly asking: Kafka;
  private readonly topic: string;
  private readonly report: Report;
  private readonly publisher: KafkaPublisher;
  private subscription: KafkaSubscription | undefined;
  private known = 0;

  constructor(private readonly options: KafkaEventLogOptions) {
    this.topic = options.topic ?? 'tidings.events';
    this.report = options.report ?? (() => undefined);
    this.kafka = kafkaClient(options, this.report);
    this.asking = kafkaClient(options, () => undefined, ONE_TRY);
    this.publisher = new KafkaPublisher(
      this.kafka,
      this.topic,
      (key) => this.partitionOf(key),
      options.appendPatienceMs ?? DEFAULT_PATIENCE_MS,
    );
  }

  get partitions(): number {
    return this.known;
  }

  partitionOf(key: string): number {
    return partitionForKey(key, this.known);
  }

  /** @throws Error if no broker answers within about 8 s, or if the topic is missing and may not be created */
  async open(): Promise<void> {
    if (this.known > 0) return;
    await this.withAdmin(this.kafka, async (admin) => {
      if (!(await admin.listTopics()).includes(this.topic)) await this.createTopic(admin);
      const { topics } = await onceKnown(() => admin.fetchTopicMetadata({ topics: [this.topic] }));
      this.known = topics[0].partitions.length;
    });
  }

  private async createTopic(admin: Admin): Promise<void> {
    await admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic: this.topic,
          numPartitions: this.options.partitions ?? DEFAULT_PARTITIONS,
          // Producers may send snappy or lz4, which kafkajs cannot read: the broker unpacks once for all of us.
          // Timers run on the time at which the broker took a record, not on its producer's clock.
          configEntries: [
            { name: 'compression.type', value: 'uncompressed' },
            { name: 'message.timestamp.type', value: 'LogAppendTime' },
          ],
        },
      ],
    });
  }

  append(records: readonly { key: string; value: string | Buffer }[]): Promise<void> {
    return this.publisher.append(records);
  }

  async subscribe(consumer: LogConsumer): Promise<Subscription> {
    if (this.subscription) throw new Error('this log is already subscribed to');
    this.subscription = new KafkaSubscription({
      connect: (socketFactory) => kafkaClient({ ...this.options, socketFactory }, this.report),
      topic: this.topic,
      groupId: this.options.groupId ?? 'tidings',
      partitions: this.known,
      consumer,
      report: this.report,
    });
    await this.subscription.start();
    return this.subscription;
  }

  async endOffsets(): Promise<ReadonlyMap<number, number>> {
    const offsets = await this.withAdmin(this.asking, (admin) =>
      onceKnown(() => admin.fetchTopicOffsets(this.topic)),
    );
    return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  }

  async healthy(): Promise<boolean> {
    try {
      await this.withAdmin(this.asking, (admin) => admin.fetchTopicMetadata({ topics: [this.topic] }));
      return true;
    } catch {
      return false;
    }
  }

  /** An idle connection costs kafkajs a timer that never rests, so this one is not kept. */
  private async withAdmin<T>(kafka: Kafka, ask: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = kafka.admin();
    try {
      await admin.connect();
      return await ask(admin);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.subscription?.stop();
    await this.publisher.close();
  }
}

/** A busy broker knows a topic, and who leads its partitions, only some time after it has created it. */
async function onceKnown<T>(ask: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + NEW_TOPIC_PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (failure) {
      if (!isNotYetKnown(failure) || Date.now() > giveUpAt) throw failure;
      await pause(NEW_TOPIC_PAUSE_MS);
    }
  }
}

const NOT_YET_KNOWN = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'];

function isNotYetKnown(failure: unknown): boolean {
  return NOT_YET_KNOWN.includes((failure as { type?: string }).type ?? '');
}
