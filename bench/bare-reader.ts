import { Kafka, logLevel, type EachBatchPayload } from 'kafkajs';
import { Stopwatch, readingOf } from './reading';

/** The least that a consumer written with kafkajs does: take each batch, parse each message, keep nothing. */
async function main(): Promise<void> {
  const { brokers, topic, groupId, events } = readingOf(process.argv);
  const consumer = new Kafka({ brokers, clientId: 'bare', logLevel: logLevel.NOTHING }).consumer({
    groupId,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const watch = new Stopwatch(events);
  const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
    watch.start();
    for (const message of batch.messages) JSON.parse(message.value?.toString() ?? '');
    watch.count(batch.messages.length);
  };
  await consumer.run({ autoCommit: false, partitionsConsumedConcurrently: 1, eachBatch });
  process.stdout.write(String(await watch.done));
  await consumer.disconnect();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
