/** Where the run's broker listens, as started by global-setup; undefined if this machine can have none. */
export function kafkaBrokers(): string[] | undefined {
  return process.env.TIDINGS_TEST_KAFKA?.split(',');
}

/**
 * A `describe` whose tests need a real broker. Where there can be none they say so in one line and are skipped,
 * except under CI=true, where a proof that did not run is a failure.
 */
export function describeKafka(title: string, tests: (brokers: string[]) => void): void {
  const brokers = kafkaBrokers();
  if (brokers) return describe(title, () => tests(brokers));
  const why = 'no Kafka here: set KAFKA_BROKERS, or install Java 17 and Maven';
  if (process.env.CI === 'true') return describe(title, () => it('has a broker to run on', () => fail(why)));
  process.stderr.write(`${title}: skipped, ${why}\n`);
  describe.skip(title, () => tests([]));
}

function fail(why: string): never {
  throw new Error(why);
}
