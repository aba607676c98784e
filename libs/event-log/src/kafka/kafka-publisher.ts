import { setTimeout as pause } from 'node:timers/promises';
import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import { AppendQueue, MAX_RECORD_BYTES, type NewRecord } from '../append-queue';
import { backOffMs } from '../back-off';

/** Room for the record's own header in the batch. */
const OVERHEAD_BYTES = 64;

type Placed = { key: string; value: string | Buffer; partition: number };

/** Appends to one topic in order; connects when there is something to append. */
export class KafkaPublisher {
  private producer: Promise<Producer> | undefined;
  private readonly queue = new AppendQueue((records) => this.write(records));

  constructor(
    private readonly kafka: Kafka,
    private readonly topic: string,
    private readonly partitionOf: (key: string) => number,
    private readonly patienceMs: number,
  ) {}

  append(records: readonly NewRecord[]): Promise<void> {
    return this.queue.append(records);
  }

  private async write(records: readonly NewRecord[]): Promise<void> {
    const giveUpAt = Date.now() + this.patienceMs;
    try {
      for (const messages of this.inBatches(records)) await this.send(messages, giveUpAt);
    } catch (failure) {
      await this.renounce();
      throw failure;
    }
  }

  /**
   * kafkajs gives up at the first refused connection while it looks for brokers, so the patience is ours. The same
   * producer repeats the same batch with the same sequence numbers, so what had arrived is not taken twice. (Of several
   * brokers, one may have taken its part before another went away: such a part is doubled. Events carry ids for that.)
   */
  private async send(messages: Placed[], giveUpAt: number): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        this.producer ??= this.connect();
        await (await this.producer).send({ topic: this.topic, messages, acks: -1 });
        return;
      } catch (failure) {
        if (isFinal(failure) || Date.now() > giveUpAt) throw failure;
        await pause(Math.min(backOffMs(failures), 1_000));
      }
    }
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      // A retry after a lost acknowledgement is recognised by the broker, so nothing is appended twice.
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    try {
      await producer.connect();
    } catch (failure) {
      this.producer = undefined;
      throw failure;
    }
    return producer;
  }

  /**
   * After a failed send nobody knows whether the broker took the batch, and kafkajs would reuse its sequence numbers:
   * the broker could then mistake the next batch for a repetition and drop it. A new producer has a new identity.
   */
  private async renounce(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  /** A send carries one record batch per partition, and each must stay below the broker's limit. */
  private *inBatches(records: readonly NewRecord[]): Generator<Placed[]> {
    let messages: Placed[] = [];
    let bytes = new Map<number, number>();
    for (const { key, value } of records) {
      const partition = this.partitionOf(key);
      // Three bytes is the most that UTF-8 needs for one unit of a JavaScript string.
      const size =
        key.length * 3 + (typeof value === 'string' ? value.length * 3 : value.length) + OVERHEAD_BYTES;
      const total = (bytes.get(partition) ?? 0) + size;
      if (total > MAX_RECORD_BYTES && messages.length > 0) {
        yield messages;
        messages = [];
        bytes = new Map();
        bytes.set(partition, size);
      } else bytes.set(partition, total);
      messages.push({ key, value, partition });
    }
    if (messages.length > 0) yield messages;
  }

  async close(): Promise<void> {
    await this.queue.drained();
    await this.renounce();
  }
}

/** A broker has answered, and would answer the same again: too large, not allowed, out of sequence. */
function isFinal(failure: unknown): boolean {
  let root = failure as Error & { cause?: unknown; retriable?: boolean };
  while (root.cause instanceof Error) root = root.cause;
  return root.name === 'KafkaJSProtocolError' && root.retriable === false;
}
