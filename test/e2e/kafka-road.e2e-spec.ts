import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { startApi, type TestApi } from '../harness/api-app';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { describeKafka } from '../harness/kafka';
import { FakeSendGrid } from '../harness/providers/sendgrid-server';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

describeKafka('with Kafka, Twilio and SendGrid instead of what is built in', (brokers) => {
  let own: TestDatabase;
  let api: TestApi;
  let dispatcher: Dispatcher;
  let twilio: FakeTwilio;
  let sendgrid: FakeSendGrid;
  const topic = `road-${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    own = await createTestDatabase();
    twilio = await new FakeTwilio().start();
    sendgrid = await new FakeSendGrid().start();
    const env = {
      KAFKA_BROKERS: brokers.join(','),
      KAFKA_TOPIC: topic,
      KAFKA_GROUP: topic,
      EVENT_LOG_PARTITIONS: '3',
      TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
      TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
      TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
      TWILIO_BASE_URL: twilio.url,
      SENDGRID_API_KEY: sendgrid.account.apiKey,
      SENDGRID_FROM: sendgrid.account.senders[0] ?? '',
      SENDGRID_BASE_URL: sendgrid.url,
    };
    dispatcher = await startDispatcher(own.url, env);
    api = await startApi(own.url, env);
  }, 60_000);

  afterAll(async () => {
    await api.close();
    await dispatcher.stop();
    await twilio.stop();
    await sendgrid.stop();
    await own.drop();
  });

  const post = (credential: string, path: string, body: unknown) => api.call(credential, { path, body });
  const textsTo = (number: string): string[] =>
    twilio.accepted.filter((one) => one.fields?.To === number).map((one) => one.fields?.Body ?? '');

  it('a customer signs up, proves a number and an address, defines a rule, and hears of an event from any producer', async () => {
    const metric = {
      name: 'account.balance',
      title: 'balance',
      unit: 'EUR',
      scale: 2,
      kind: 'gauge',
      visibility: 'owned',
    };
    await post(api.systemKey, '/v1/metrics', metric);
    const ana = {
      id: 'ana',
      name: 'Ana',
      timeZone: 'Europe/Berlin',
      language: 'en',
      owns: ['account:42'],
      follows: [],
    };
    await post(api.systemKey, '/v1/customers', ana);
    const token = await api.tokenOf('ana');
    for (const [channel, address] of [
      ['sms', '+15005550010'],
      ['email', 'ana@example.org'],
    ] as const) {
      const added = await post(token, '/v1/me/contact-points', { channel, address });
      const said = await eventually(
        () =>
          Promise.resolve(
            channel === 'sms'
              ? (textsTo(address)[0] ?? '')
              : JSON.stringify(sendgrid.accepted[0]?.fields ?? ''),
          ),
        (text) => /\b\d{6}\b/.test(text),
      );
      const code = /\b\d{6}\b/.exec(said)?.[0];
      const verified = await post(
        token,
        `/v1/me/contact-points/${String(added.body.contactPointId)}/verification`,
        { code },
      );
      expect(verified.status).toBe(200);
    }
    const rule = { metric: 'account.balance', subjects: 'owned', operator: 'below', threshold: '100.00' };
    expect((await post(token, '/v1/me/rules', rule)).status).toBe(201);

    const producer = new Kafka({ brokers, clientId: 'a bank', logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    const event = {
      id: 'b1',
      source: 'bank',
      metric: 'account.balance',
      subject: 'account:42',
      value: '92.10',
      time: new Date().toISOString(),
    };
    // No key, and every partition once over: wherever a foreign producer puts it, it is found, and told once.
    const messages = [0, 1, 2].map((partition) => ({ partition, value: JSON.stringify(event) }));
    await producer.send({ topic, messages });
    await producer.disconnect();

    await eventually(
      () => Promise.resolve(textsTo('+15005550010').length),
      (count) => count === 2,
    );
    expect(textsTo('+15005550010')[1]).toContain('92.10');
    await eventually(
      () => Promise.resolve(sendgrid.accepted.length),
      (count) => count === 2,
    );
    const alerts = await api.call<{ items: unknown[] }>(token, { path: '/v1/me/alerts' });
    expect(alerts.body.items).toHaveLength(1);
    const back = { ...event, id: 'b2', value: '150.00', time: new Date().toISOString() };
    expect((await post(api.systemKey, '/v1/events', back)).status).toBe(202);
    await eventually(
      () => Promise.resolve(textsTo('+15005550010').length),
      (count) => count === 3,
    );
  }, 60_000);
});
