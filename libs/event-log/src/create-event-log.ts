import type { EventLogStore } from '@app/persistence';
import type { EventLog } from './event-log';
import type { EventLogConfig } from './event-log.config';
import { KafkaEventLog } from './kafka/kafka-event-log';
import { PostgresEventLog } from './postgres/postgres-event-log';
import type { Report } from './report';

/** The log that the settings name; not opened yet. */
export function createEventLog(config: EventLogConfig, store: EventLogStore, report: Report): EventLog {
  if (config.kind === 'kafka') return new KafkaEventLog({ ...config, clientId: 'tidings', report });
  return new PostgresEventLog({ store, partitions: config.partitions, report });
}
