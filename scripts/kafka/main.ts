import { startKafka } from './broker.ts';

/** `npm run kafka`: a broker until ctrl-C, or none where KAFKA_BROKERS already names one. */
async function main(): Promise<void> {
  const given = process.env.KAFKA_BROKERS;
  if (given) return console.log(`KAFKA_BROKERS is set, nothing to start: ${given}`);
  const startedAt = Date.now();
  const kafka = await startKafka((line) => console.log(line));
  console.log(`Kafka is ready after ${Date.now() - startedAt} ms. ctrl-C stops it and removes its data.`);
  console.log(`export KAFKA_BROKERS=${kafka.brokers}`);
  const stop = (): void => void kafka.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

void main().catch((failure: unknown) => {
  console.error(failure instanceof Error ? failure.message : failure);
  process.exitCode = 1;
});
