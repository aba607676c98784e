import type { LogRecord } from '../event-log';
import { RecordBatch } from './record-batch';

/**
 * What kafkajs takes for a message while it is a whole record batch: it asks for no more than these of it.
 * @see WholeBatches
 */
export class FetchedBatch {
  readonly isControlRecord = false;
  readonly offset: string;

  constructor(private readonly batch: RecordBatch) {
    this.offset = String(batch.lastOffset);
  }

  readInto(records: LogRecord[]): void {
    this.batch.readInto(records);
  }
}

/** As far as we use it; see kafkajs/src/protocol/decoder.js. */
interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readInt64(): bigint;
  readString(): string;
  readBytes(length: number): Buffer;
  readArray<T>(read: (decoder: Decoder) => T): T[];
  readArrayAsync<T>(read: (decoder: Decoder) => Promise<T>): Promise<T[]>;
  canReadBytes(length: number): boolean;
  offset: number;
}

type Decode = (raw: Buffer) => Promise<object>;

const response = require('kafkajs/src/protocol/requests/fetch/v11/response') as { decode: Decode };
const DecoderOf = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: Decoder,
) => Promise<object[]>;

const topics = new Set<string>();

/**
 * From now on a consumer of this topic in this process may get messages that are a `FetchedBatch`, one for each record
 * batch, where the batches are plain; otherwise kafkajs's own messages.
 *
 * kafkajs 2.2.4 spends 1.6 µs on a record, more than we do from its bytes to the committed state: a decoder, a copy of
 * the headers, three big integers and two texts for each. Its own decoder is replaced in one place, for the version of
 * the request that it sends to brokers since 2.3; for older ones and for other topics it stays what it was.
 */
export function fetchWholeBatches(topic: string): void {
  topics.add(topic);
  response.decode = decode;
}

/** Fetch response, version 11. */
async function decode(raw: Buffer): Promise<object> {
  const decoder = new DecoderOf(raw);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const responses = await decoder.readArrayAsync(decodeTopic);
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

async function decodeTopic(decoder: Decoder): Promise<object> {
  const topicName = decoder.readString();
  const decodeRecords = topics.has(topicName) ? decodeBatches : decodeMessages;
  const partitions = await decoder.readArrayAsync(async () => {
    const header = decodeHeader(decoder);
    return { ...header, messages: await decodeRecords(decoder, header.abortedTransactions.length > 0) };
  });
  return { topicName, partitions };
}

function decodeHeader(decoder: Decoder) {
  return {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: String(decoder.readInt64()),
    lastStableOffset: String(decoder.readInt64()),
    lastStartOffset: String(decoder.readInt64()),
    abortedTransactions: decoder.readArray((it) => ({
      producerId: String(it.readInt64()),
      firstOffset: String(it.readInt64()),
    })),
    preferredReadReplica: decoder.readInt32(),
  };
}

/** What was aborted, compressed or marks a transaction's end is for kafkajs to sort out. */
async function decodeBatches(decoder: Decoder, someAborted: boolean): Promise<object[]> {
  const start = decoder.offset;
  const length = decoder.readInt32();
  if (length <= 0 || !decoder.canReadBytes(length)) return [];
  const batches = someAborted ? null : RecordBatch.cut(decoder.readBytes(length));
  if (batches) return batches.map((batch) => new FetchedBatch(batch));
  decoder.offset = start;
  return decodeMessages(decoder);
}
