export type EventLogConfig =
  | { kind: 'postgres'; partitions: number }
  | {
      kind: 'kafka';
      brokers: string[];
      topic: string;
      groupId: string;
      partitions: number;
      ssl: boolean;
      sasl: SaslConfig | undefined;
    };

export interface SaslConfig {
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  username: string;
  password: string;
}

type Env = Readonly<Record<string, string | undefined>>;
type Read = { ok: true; config: EventLogConfig } | { ok: false; problems: string[] };

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const DEFAULT_PARTITIONS = 8;

/** Kafka where brokers are named, otherwise the log in Postgres; or all that is wrong with the settings. */
export function readEventLogConfig(env: Env): Read {
  const problems: string[] = [];
  const partitions = readPartitions(env, problems);
  const brokers = readBrokers(env, problems);
  const sasl = readSasl(env, problems);
  if (problems.length > 0) return { ok: false, problems };
  if (brokers.length === 0) return { ok: true, config: { kind: 'postgres', partitions } };
  const topic = env.KAFKA_TOPIC || 'tidings.events';
  const groupId = env.KAFKA_GROUP || 'tidings';
  const ssl = env.KAFKA_TLS === 'true';
  return { ok: true, config: { kind: 'kafka', brokers, topic, groupId, partitions, ssl, sasl } };
}

function readPartitions(env: Env, problems: string[]): number {
  const partitions = Number(env.EVENT_LOG_PARTITIONS || DEFAULT_PARTITIONS);
  if (Number.isInteger(partitions) && partitions >= 1 && partitions <= 1_000) return partitions;
  problems.push('EVENT_LOG_PARTITIONS must be a whole number from 1 to 1000');
  return DEFAULT_PARTITIONS;
}

function readBrokers(env: Env, problems: string[]): string[] {
  const brokers = (env.KAFKA_BROKERS ?? '').split(',').flatMap((broker) => broker.trim() || []);
  if (brokers.some((broker) => !/^[^\s:]+:\d+$/.test(broker)))
    problems.push('KAFKA_BROKERS must be host:port, separated by commas');
  return brokers;
}

function readSasl(env: Env, problems: string[]): SaslConfig | undefined {
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = env;
  if (!username && !password) return undefined;
  const wanted = (env.KAFKA_SASL_MECHANISM || 'plain').toLowerCase();
  const mechanism = MECHANISMS.find((known) => known === wanted);
  if (!mechanism) problems.push(`KAFKA_SASL_MECHANISM must be one of ${MECHANISMS.join(', ')}`);
  if (!username || !password) problems.push('KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go together');
  return mechanism && username && password ? { mechanism, username, password } : undefined;
}
