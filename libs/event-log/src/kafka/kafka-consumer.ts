import type {
  Consumer,
  ConsumerCrashEvent,
  ConsumerGroupJoinEvent,
  EachBatchPayload,
  ISocketFactory,
  Kafka,
} from 'kafkajs';
import { backOffMs } from '../back-off';
import type { LogConsumer, Subscription } from '../event-log';
import { PartitionFeed } from '../partition-feed';
import type { Report } from '../report';
import { joinGate } from './join-gate';
import { ReadAhead } from './read-ahead';
import { toRecords } from './to-records';
import { fetchWholeBatches } from './whole-batches';

const HEARTBEAT_MS = 1_000;
/** A process that was killed is missed after this; a pause of ours that is longer costs us our partitions. */
const SESSION_MS = 10_000;
/** How long the group waits for our batches in flight before it goes on without us. */
const REBALANCE_MS = 60_000;
/** One fetch waits for records at most this long, and a partition that is resumed waits for the fetch before it. */
const FETCH_WAIT_MS = 100;
const COMMIT_EVERY_MS = 2_000;
/** Leaving must not hang on a broker that is away: the group will miss us by itself. */
const LEAVE_TIMEOUT_MS = 5_000;
/** So many answered heartbeats after a loss prove that the group does count the partition as ours. */
const HEARTBEATS_TO_TRY_AGAIN = 2;

export interface KafkaSubscriptionOptions {
  /** A client of its own, whose connections are made by this. */
  connect: (sockets: ISocketFactory) => Kafka;
  topic: string;
  groupId: string;
  partitions: number;
  consumer: LogConsumer;
  report: Report;
}

/**
 * Reads one topic as a member of a group, each partition from the offset that the consumer names. What the group
 * remembers as committed is for lag tools only and is never read.
 */
export class KafkaSubscription implements Subscription {
  private readonly kafka: Kafka;
  private readonly ahead = new Map<number, ReadAhead>();
  private readonly closing = new Map<number, Promise<void>>();
  private readonly heartbeatsSinceLoss = new Map<number, number>();
  private readonly finished = new Map<number, number>();
  private kafkaConsumer: Consumer | undefined;
  private commitOffsets: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  private commitTimer: NodeJS.Timeout | undefined;
  private restartTimer: NodeJS.Timeout | undefined;
  private restarts = 0;
  private memberId = '';
  private stopping = false;

  constructor(private readonly options: KafkaSubscriptionOptions) {
    this.kafka = options.connect(joinGate(() => this.endBatches()));
  }

  /** Joins the group; if the brokers do not answer it goes on trying until `stop`. */
  async start(): Promise<void> {
    fetchWholeBatches(this.options.topic);
    const consumer = this.newConsumer();
    this.kafkaConsumer = consumer;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [this.options.topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.options.partitions,
        eachBatch: (payload) => this.eachBatch(payload),
      });
    } catch (error) {
      await consumer.disconnect().catch(() => undefined);
      this.restart(error);
    }
  }

  private newConsumer(): Consumer {
    const consumer = this.kafka.consumer({
      groupId: this.options.groupId,
      heartbeatInterval: HEARTBEAT_MS,
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      minBytes: 1,
      allowAutoTopicCreation: false,
      // kafkajs restarts itself only after errors it calls retriable; we start anew after any, in one place.
      retry: { restartOnFailure: async () => false },
    });
    consumer.on(consumer.events.GROUP_JOIN, (event) => this.joined(event));
    consumer.on(consumer.events.HEARTBEAT, () => this.heartbeatAnswered());
    consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => this.restart(payload.error));
    return consumer;
  }

  private restart(error: unknown): void {
    if (this.stopping) return;
    this.restarts++;
    const retryInMs = Math.min(Math.round(backOffMs(this.restarts)), 1_000);
    this.options.report('the Kafka consumer stopped and starts anew', { retryInMs, error });
    clearTimeout(this.restartTimer);
    this.restartTimer = setTimeout(() => void this.start(), retryInMs);
  }

  /** Runs before the first fetch of the new assignment, as far as it is synchronous: see `steer`. */
  private joined({ payload }: ConsumerGroupJoinEvent): void {
    const assigned = payload.memberAssignment[this.options.topic] ?? [];
    // With a new member id we were out of the group in between, and somebody else may have had our partitions.
    const strangers = payload.memberId !== this.memberId;
    this.memberId = payload.memberId;
    this.restarts = 0;
    for (const { feed } of this.ahead.values()) {
      if (strangers || !assigned.includes(feed.partition)) this.giveUp(feed);
    }
    for (const partition of assigned) this.steer(this.ahead.get(partition)?.feed ?? this.take(partition));
  }

  /** Before the group is joined again: what waits is fetched again by whoever gets the partition. */
  private async endBatches(): Promise<void> {
    await Promise.all([...this.ahead.values()].map((ahead) => ahead.end()));
  }

  private take(partition: number): PartitionFeed {
    const { consumer, report } = this.options;
    const feed = new PartitionFeed(partition, consumer, report, (changed) => this.steer(changed));
    this.ahead.set(partition, new ReadAhead(feed, (committed) => this.commitLater(committed)));
    if (!this.stopping) feed.start(this.closing.get(partition));
    return feed;
  }

  private giveUp(feed: PartitionFeed): void {
    this.ahead.delete(feed.partition);
    this.heartbeatsSinceLoss.delete(feed.partition);
    this.finished.delete(feed.partition);
    const closed = feed.close();
    this.closing.set(feed.partition, closed);
    void closed.then(() => {
      if (this.closing.get(feed.partition) === closed) this.closing.delete(feed.partition);
    });
  }

  /**
   * Tells kafkajs what the feed wants. Records of a paused partition are dropped before they reach us, even those of a
   * fetch under way, so nothing arrives before the consumer has named its offset.
   */
  private steer(feed: PartitionFeed): void {
    const { topic } = this.options;
    const { partition } = feed;
    if (this.ahead.get(partition)?.feed !== feed) return;
    if (feed.isLost) this.heartbeatsSinceLoss.set(partition, 0);
    try {
      if (feed.open && !this.stopping) {
        this.kafkaConsumer?.seek({ topic, partition, offset: String(feed.offset) });
        this.kafkaConsumer?.resume([{ topic, partitions: [partition] }]);
      } else {
        this.kafkaConsumer?.pause([{ topic, partitions: [partition] }]);
      }
    } catch {
      // Between a crash and the next join there is nothing to steer; the join steers every feed.
    }
  }

  private heartbeatAnswered(): void {
    for (const [partition, heartbeats] of this.heartbeatsSinceLoss) {
      this.heartbeatsSinceLoss.set(partition, heartbeats + 1);
      const feed = this.ahead.get(partition)?.feed;
      if (heartbeats + 1 < HEARTBEATS_TO_TRY_AGAIN || !feed) continue;
      this.giveUp(feed);
      this.steer(this.take(partition));
    }
  }

  /** Given back to kafkajs as soon as there is room for more: what has not been committed is sought again. */
  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const ahead = this.ahead.get(batch.partition);
    if (!ahead?.feed.open || payload.isStale()) return;
    this.commitOffsets = payload.commitOffsetsIfNecessary;
    payload.resolveOffset(batch.messages[batch.messages.length - 1].offset);
    const records = toRecords(batch.messages);
    if (records.length === 0) return;
    const heart = setInterval(() => void payload.heartbeat().catch(() => ahead.feed.hurry()), HEARTBEAT_MS);
    try {
      await ahead.take({ partition: batch.partition, records, endOffset: Number(batch.highWatermark) });
    } finally {
      clearInterval(heart);
    }
  }

  private commitLater(feed: PartitionFeed): void {
    if (this.ahead.get(feed.partition)?.feed !== feed) return;
    this.finished.set(feed.partition, feed.offset);
    this.commitTimer ??= setTimeout(() => void this.commit(), COMMIT_EVERY_MS);
  }

  /** Best effort: the truth is in the consumer's own store. */
  private async commit(): Promise<void> {
    clearTimeout(this.commitTimer);
    this.commitTimer = undefined;
    const partitions = [...this.finished].map(([partition, offset]) => ({
      partition,
      offset: String(offset),
    }));
    this.finished.clear();
    if (partitions.length === 0) return;
    await this.commitOffsets?.({ topics: [{ topic: this.options.topic, partitions }] }).catch(
      () => undefined,
    );
  }

  pause(partition: number): void {
    this.ahead.get(partition)?.feed.pause();
  }

  resume(partition: number): void {
    this.ahead.get(partition)?.feed.resume();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restartTimer);
    await Promise.all([...this.ahead.values()].map(({ feed }) => feed.close()));
    await Promise.all(this.closing.values());
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, LEAVE_TIMEOUT_MS)));
    const leave = this.commit().then(() => this.kafkaConsumer?.disconnect());
    await Promise.race([leave.catch(() => undefined), patience]);
    clearTimeout(timer);
    this.ahead.clear();
  }
}
