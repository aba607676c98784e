import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KafkaEventLog, type LogRecord } from '@app/event-log';
import { brokerJars } from '../../scripts/kafka/broker-jars';
import { describeKafka } from '../harness/kafka';

const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

describeKafka('events that a Java program publishes', (brokers) => {
  it('arrive whatever their compression, each in the partition that we would have chosen', async () => {
    const topic = randomUUID();
    const log = new KafkaEventLog({ brokers, clientId: 'test', topic, groupId: topic, partitions: 7 });
    await log.open();
    try {
      const placed = await publishByJava(brokers, topic);
      expect(placed).toHaveLength(250);
      for (const { key, partition } of placed) expect([key, partition]).toEqual([key, log.partitionOf(key)]);
      const values = (await readAll(log, 250)).map(({ value }) => value.toString().split(' ')[0]);
      for (const compression of COMPRESSIONS) {
        expect(values.filter((it) => it === compression)).toHaveLength(50);
      }
    } finally {
      await log.close();
    }
  }, 60_000);
});

async function publishByJava(
  brokers: string[],
  topic: string,
): Promise<{ key: string; partition: number }[]> {
  const classPath = join(await brokerJars((line) => console.log(line)), '*');
  const program = join(__dirname, '..', 'harness', 'JavaProducer.java');
  const scratch = await mkdtemp(join(tmpdir(), 'tidings-java-'));
  const java = [
    '-Dfile.encoding=UTF-8',
    '-Dstdout.encoding=UTF-8',
    `-Djava.io.tmpdir=${scratch}`,
    '-XX:-UsePerfData',
  ];
  const words = [...java, '-cp', classPath, program, brokers.join(','), topic];
  const { stdout } = await promisify(execFile)('java', words);
  await rm(scratch, { recursive: true, force: true });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([partition, key]) => ({ key, partition: Number(partition) }));
}

async function readAll(log: KafkaEventLog, count: number): Promise<LogRecord[]> {
  const seen: LogRecord[] = [];
  await new Promise<void>((resolve, reject) => {
    const consumer = {
      assigned: async () => 0,
      batch: async ({ records }: { records: LogRecord[] }) => {
        seen.push(...records);
        if (seen.length >= count) resolve();
      },
      revoked: async () => undefined,
    };
    log.subscribe(consumer).catch(reject);
  });
  return seen;
}
