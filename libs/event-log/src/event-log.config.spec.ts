import { readEventLogConfig } from './event-log.config';

describe('the settings of the event log', () => {
  it('choose the Postgres log where nothing is said', () => {
    expect(readEventLogConfig({})).toEqual({ ok: true, config: { kind: 'postgres', partitions: 8 } });
  });

  it('choose Kafka where brokers are named, with names that need no setting', () => {
    expect(readEventLogConfig({ KAFKA_BROKERS: 'a:9092, b:9093' })).toMatchObject({
      config: {
        kind: 'kafka',
        brokers: ['a:9092', 'b:9093'],
        topic: 'tidings.events',
        groupId: 'tidings',
        partitions: 8,
        ssl: false,
        sasl: undefined,
      },
    });
  });

  it('carry TLS and SASL', () => {
    const read = readEventLogConfig({
      KAFKA_BROKERS: 'a:9092',
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
    });
    expect(read).toMatchObject({
      config: { ssl: true, sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' } },
    });
  });

  it('say all that is wrong at once', () => {
    const read = readEventLogConfig({
      KAFKA_BROKERS: 'nowhere',
      KAFKA_SASL_MECHANISM: 'gssapi',
      KAFKA_SASL_USERNAME: 'u',
      EVENT_LOG_PARTITIONS: '0',
    });
    expect(read.ok ? [] : read.problems).toHaveLength(4);
  });
});
