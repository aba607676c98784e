import type { KafkaMessage } from 'kafkajs';
import type { LogRecord } from '../event-log';
import { FetchedBatch } from './whole-batches';

/** What kafkajs has fetched of one partition: whole batches, or its own messages where those could not be taken. */
export function toRecords(messages: (KafkaMessage | FetchedBatch)[]): LogRecord[] {
  if (!messages.every((message) => message instanceof FetchedBatch))
    return fromMessages(messages as KafkaMessage[]);
  const records: LogRecord[] = [];
  for (const batch of messages) batch.readInto(records);
  return records;
}

function fromMessages(messages: KafkaMessage[]): LogRecord[] {
  const first = Number(messages[0].offset);
  // Without gaps, as nearly always, the offsets need not be parsed one by one.
  const gapless = Number(messages[messages.length - 1].offset) === first + messages.length - 1;
  return messages.map(({ offset, key, value, timestamp }, n) => ({
    offset: gapless ? first + n : Number(offset),
    key: key === null ? null : key.toString(),
    value: value ?? NOTHING,
    appendedAt: Number(timestamp),
  }));
}

/** A record without a value: it does not parse, and its reader says so. */
const NOTHING = Buffer.alloc(0);
