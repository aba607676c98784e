import { KafkaEventLog } from '@app/event-log';
import { LedgerReader, OffsetLedger } from '../../libs/event-log/src/testing/offset-ledger';
import { startKafka, type KafkaBroker } from '../../scripts/kafka/broker';
import { canStartKafka } from '../../scripts/kafka/broker-jars';
import { describeKafka } from '../harness/kafka';

// A broker of its own, since the one of the run must not be taken away from the other tests.
describeKafka('when the broker goes away', () => {
  let kafka: KafkaBroker;
  let log: KafkaEventLog;
  let hasty: KafkaEventLog;
  let heard: (message: string) => void = () => undefined;
  const ledger = new OffsetLedger();
  const reader = new LedgerReader('first', ledger);
  const append = (from: number, count: number): Promise<void> =>
    log.append(
      Array.from({ length: count }, (_, n) => ({ key: `account:${(from + n) % 10}`, value: `${from + n}` })),
    );

  beforeAll(async () => {
    if (!(await canStartKafka()))
      throw new Error('this needs Java 17 and Maven also where KAFKA_BROKERS is set');
    kafka = await startKafka();
    log = new KafkaEventLog({
      brokers: [kafka.brokers],
      clientId: 'test',
      appendPatienceMs: 60_000, // longer than a busy machine needs to bring a broker back
      report: (message) => heard(message),
    });
    hasty = new KafkaEventLog({ brokers: [kafka.brokers], clientId: 'hasty', appendPatienceMs: 500 });
    await log.open();
    await hasty.open();
    await log.subscribe(reader);
    await append(0, 100);
    await ledger.until('100 committed', () => ledger.committed.length === 100);
  }, 90_000);
  afterAll(async () => {
    await log.close();
    await hasty.close();
    await kafka.stop();
  }, 60_000);

  it('for some seconds, appends wait for it, and nothing is missing or doubled', async () => {
    await kafka.halt('at once');
    await expect(log.healthy()).resolves.toBe(false);
    const waiting = append(100, 100);
    await kafka.resume();
    await waiting;
    await append(200, 100);
    await ledger.until('300 committed', () => ledger.committed.length >= 300);
    expectEachOnce(300);
  }, 90_000);

  it('for longer than anybody waits, appends are refused, and reading goes on when it is back', async () => {
    const restarted = new Promise<void>((resolve) => {
      heard = (message) => void (message.includes('starts anew') && resolve());
    });
    await kafka.halt('cleanly');
    await expect(hasty.append([{ key: 'account:1', value: '-1' }])).rejects.toThrow();
    await restarted;
    await kafka.resume();
    await append(300, 99);
    await hasty.append([{ key: 'account:1', value: '399' }]);
    await ledger.until('400 committed', () => ledger.committed.length >= 400);
    expectEachOnce(400);
    await expect(log.healthy()).resolves.toBe(true);
  }, 90_000);

  function expectEachOnce(count: number): void {
    const values = ledger.values().map(Number);
    expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
  }
});
