import { readConfig } from './api.config';

const enough = { DATABASE_URL: 'postgres://localhost/tidings' };

describe('the API’s settings', () => {
  it('need nothing but a database', () => {
    expect(readConfig(enough)).toMatchObject({
      ok: true,
      config: {
        host: '127.0.0.1',
        port: 3000,
        logLevel: 'info',
        isEmbedded: false,
        eventLog: { kind: 'postgres' },
      },
    });
  });

  it('are refused all at once, each problem in words', () => {
    const read = readConfig({
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      JWT_SECRET: 'short',
      JWKS_URL: 'ftp://example.org',
      TIDINGS_BOOTSTRAP_KEY_ADMIN: 'admin',
      EVENT_LOG_PARTITIONS: '0',
      KAFKA_BROKERS: 'nowhere',
    });
    const problems = read.ok ? [] : read.problems;
    for (const name of [
      'DATABASE_URL',
      'PORT',
      'LOG_LEVEL',
      'JWT_SECRET',
      'JWKS_URL',
      'KEY_ADMIN',
      'PARTITIONS',
      'BROKERS',
    ]) {
      expect(problems.filter((problem) => problem.includes(name)).length).toBeGreaterThan(0);
    }
  });

  it('take an empty value for none, as compose files write it', () => {
    expect(readConfig({ ...enough, PORT: '', JWKS_URL: '', KAFKA_BROKERS: '' })).toMatchObject({ ok: true });
  });
});
