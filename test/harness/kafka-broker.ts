import { startKafka } from '../../scripts/kafka/broker';
import { canStartKafka } from '../../scripts/kafka/broker-jars';

/**
 * One broker for all spec files of a run, named by TIDINGS_TEST_KAFKA: that of KAFKA_BROKERS, else our own, else none.
 * @returns what ends it; undefined if there is nothing of ours to end
 */
export async function startSharedKafka(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.KAFKA_BROKERS) {
    process.env.TIDINGS_TEST_KAFKA = process.env.KAFKA_BROKERS;
    return undefined;
  }
  if (!(await canStartKafka())) return undefined;
  const kafka = await startKafka((line) => console.log(line));
  process.env.TIDINGS_TEST_KAFKA = kafka.brokers;
  return () => kafka.stop();
}
