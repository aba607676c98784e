import { randomUUID } from 'node:crypto';
import { KafkaEventLog, type EventLog } from '@app/event-log';
import { exerciseEventLog } from '../../libs/event-log/src/testing/exercise-event-log';
import { describeKafka } from '../harness/kafka';

describeKafka('the Kafka event log', (brokers) => {
  exerciseEventLog(async (partitions) => {
    const name = randomUUID();
    const opened: EventLog[] = [];
    return {
      open: async () => {
        const log = new KafkaEventLog({ brokers, clientId: 'test', topic: name, groupId: name, partitions });
        await log.open();
        opened.push(log);
        return log;
      },
      dispose: async () => {
        await Promise.all(opened.map((log) => log.close()));
      },
    };
  });
});
