import { randomUUID } from 'node:crypto';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { defineMetrics } from './fixtures';

let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  await defineMetrics(api);
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

const anEvent = (fields: Record<string, unknown> = {}) => ({
  id: randomUUID(),
  source: 'bank',
  metric: 'account.balance',
  subject: 'account:42',
  value: '99.50',
  time: '2026-11-01T10:00:00Z',
  ...fields,
});

const send = (body: unknown, headers: Record<string, string> = {}) =>
  api.call(api.systemKey, { path: '/v1/events', body, headers });

async function onTheRoad(id: string): Promise<unknown[]> {
  const rows = await own.database.query<{ key: string; value: Buffer }>(
    `select key, value from event_log_records where convert_from(value, 'UTF8')::jsonb ->> 'id' = $1 order by "offset"`,
    [id],
  );
  return rows.map((row) => JSON.parse(String(row.value)) as unknown);
}

async function deadLetters(where: string, value: unknown) {
  return own.database.query<{ log: string; key: string; reason: string; detail: string; payload: string }>(
    `select log, key, reason, detail, payload from dead_letters where ${where} = $1`,
    [value],
  );
}

describe('the ingest', () => {
  it('puts an event on the road as it came, under its subject', async () => {
    const event = anEvent({ attributes: { branch: 'north', urgent: true } });
    expect(await send(event)).toMatchObject({ status: 202, body: { accepted: 1, refused: [] } });
    expect(await onTheRoad(event.id)).toEqual([event]);
  });

  it('takes a thousand at once, in their order', async () => {
    const subject = `account:${randomUUID()}`;
    const events = Array.from({ length: 1000 }, (_, n) => anEvent({ subject, value: n }));
    expect(await send({ events })).toMatchObject({ status: 202, body: { accepted: 1000 } });
    const rows = await own.database.query<{ value: Buffer }>(
      'select value from event_log_records where key = $1 order by "offset"',
      [subject],
    );
    expect(rows.map((row) => (JSON.parse(String(row.value)) as { id: string }).id)).toEqual(
      events.map((event) => event.id),
    );
  });

  it('lets no bad event keep a good one back, and says of each what would be right', async () => {
    const good = [anEvent(), anEvent()];
    const bad = [
      ['notAnEvent', 17],
      ['notAnEvent', null],
      ['notAnEvent', anEvent({ id: '' })],
      ['notAnEvent', anEvent({ time: 'yesterday' })],
      ['notAnEvent', anEvent({ time: '2026-02-30T10:00:00Z' })],
      ['unknownMetric', anEvent({ metric: 'no.such' })],
      ['valueNotNumeric', anEvent({ value: 'NaN' })],
      ['valueNotNumeric', anEvent({ value: 'Infinity' })],
      ['valueNotNumeric', anEvent({ value: true })],
      ['valueTooFine', anEvent({ value: '1.005' })],
      ['valueOutOfRange', anEvent({ value: '99999999999999999.99' })],
      ['timeInFuture', anEvent({ time: new Date(Date.now() + 6 * 60_000).toISOString() })],
      ['tooLarge', anEvent({ attributes: { note: 'x'.repeat(64 * 1024) } })],
    ] as const;
    const answer = await send({ events: [good[0], ...bad.map(([, event]) => event), good[1]] });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 2 } });
    const refused = answer.body.refused as { index: number; reason: string; detail: string }[];
    expect(refused.map(({ index, reason }) => [index, reason])).toEqual(
      bad.map(([reason], index) => [index + 1, reason]),
    );
    for (const { detail } of refused) expect(detail.length).toBeGreaterThan(5);
    for (const event of good) expect(await onTheRoad(event.id)).toEqual([event]);
  });

  it('keeps what it refused as dead letters, where an admin finds them newest first', async () => {
    const event = anEvent({ metric: 'no.such', subject: `account:${randomUUID()}` });
    await send({ events: [event, anEvent()] });
    expect(await deadLetters('key', event.subject)).toEqual([
      {
        log: 'http',
        key: event.subject,
        reason: 'unknownMetric',
        detail: expect.any(String),
        payload: JSON.stringify(event),
      },
    ]);
    const { body } = await api.call<{ items: { id: number; payload: string }[] }>(api.adminKey, {
      path: '/v1/dead-letters?limit=200',
    });
    expect(body.items[0]?.payload).toBe(JSON.stringify(event));
    expect(body.items.map((item) => item.id)).toEqual(
      body.items.map((item) => item.id).sort((a, b) => b - a),
    );
  });

  it('counts what it took and what it refused, by reason', async () => {
    const counter = async (line: string): Promise<number> => {
      const { body } = await api.call<string>(null, { path: '/metrics' });
      return Number(new RegExp(`^${line} (\\d+)$`, 'm').exec(body)?.[1] ?? 0);
    };
    const accepted = await counter('tidings_events_accepted_total');
    const refused = await counter('tidings_events_refused_total\\{reason="unknownMetric"\\}');
    await send({ events: [anEvent(), anEvent(), anEvent({ metric: 'no.such' })] });
    expect(await counter('tidings_events_accepted_total')).toBe(accepted + 2);
    expect(await counter('tidings_events_refused_total\\{reason="unknownMetric"\\}')).toBe(refused + 1);
  });

  it('answers 422 when nothing could be taken', async () => {
    expect(await send(anEvent({ value: 'much' }))).toMatchObject({
      status: 422,
      body: {
        type: '/problems/events-refused',
        accepted: 0,
        refused: [{ index: 0, reason: 'valueNotNumeric' }],
      },
    });
  });

  it('takes raw NaN for what it is, no JSON, and keeps the body as a dead letter', async () => {
    const raw = `{"id":"${randomUUID()}","value":NaN}`;
    expect(await send(raw)).toMatchObject({ status: 400, body: { type: '/problems/invalid-request' } });
    expect(await deadLetters('payload', raw)).toMatchObject([{ reason: 'notJson' }]);
  });

  it('survives bytes that are no text, nesting without end and nothing at all', async () => {
    const headers = { authorization: `Bearer ${api.systemKey}`, 'content-type': 'application/json' };
    const post = (body: string | Uint8Array<ArrayBuffer>) =>
      fetch(`${api.url}/v1/events`, { method: 'POST', headers, body });
    expect((await post(new Uint8Array([0xff, 0xfe, 0x00]))).status).toBe(400);
    expect((await post('')).status).toBe(400);
    expect((await post('['.repeat(100_000) + ']'.repeat(100_000))).status).toBe(422);
    expect((await post(`{"events":[${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}]}`)).status).toBe(422);
    expect((await post('{"events":[{"__proto__":{"id":"x"}}]}')).status).toBe(422);
    expect((await post('{"id":"\\u0000"}')).status).toBe(422);
    expect((await api.call(null, { path: '/health/live' })).status).toBe(200);
  });

  it('refuses an event over 64 KiB and a request over 8 MiB with 413', async () => {
    expect((await send(anEvent({ attributes: { note: 'x'.repeat(64 * 1024) } }))).status).toBe(413);
    expect(await send(`"${'x'.repeat(8 * 1024 * 1024)}"`)).toMatchObject({
      status: 413,
      body: { type: '/problems/too-large' },
    });
  });

  it('refuses batches that are empty, too long or no list, and types it does not know', async () => {
    expect((await send({ events: [] })).status).toBe(400);
    expect((await send({ events: Array.from({ length: 1001 }, () => anEvent()) })).status).toBe(400);
    expect((await send({ events: 'many' })).status).toBe(400);
    expect((await send('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
  });

  it('knows a metric as soon as it is defined', async () => {
    const name = `probe.m${Date.now()}`;
    const metric = { name, title: 'probe', unit: '', scale: 0, kind: 'gauge', visibility: 'public' };
    expect((await send(anEvent({ metric: name, value: 1 }))).status).toBe(422);
    await own.database.query(
      `insert into metrics (name, title, unit, scale, kind, visibility) values ($1, 'probe', '', 0, 'gauge', 'public')`,
      [name],
    );
    expect((await send(anEvent({ metric: name, value: 1 }))).status).toBe(202);
    expect((await api.call(api.systemKey, { path: '/v1/metrics', body: metric })).status).toBe(200);
  });
});

describe('CloudEvents 1.0', () => {
  const cloudEvent = (fields: Record<string, unknown> = {}) => ({
    specversion: '1.0',
    type: 'dev.tidings.metric-event',
    id: randomUUID(),
    source: 'bank',
    subject: 'account:42',
    time: '2026-11-01T10:00:00Z',
    datacontenttype: 'application/json',
    data: { metric: 'account.balance', value: '12.34' },
    ...fields,
  });
  const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
  const batched = { 'content-type': 'application/cloudevents-batch+json' };

  it('are taken structured, and lie on the road as plain events', async () => {
    const event = cloudEvent();
    expect((await send(event, structured)).status).toBe(202);
    expect(await onTheRoad(event.id)).toEqual([
      {
        id: event.id,
        source: 'bank',
        metric: 'account.balance',
        subject: 'account:42',
        value: '12.34',
        time: event.time,
      },
    ]);
  });

  it('are taken as a batch, each judged alone', async () => {
    const events = [
      cloudEvent(),
      cloudEvent({ type: 'com.example.other' }),
      cloudEvent({ specversion: '0.3' }),
      cloudEvent({ data: 1 }),
    ];
    const answer = await send(events, batched);
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(
      (answer.body.refused as { index: number; reason: string }[]).map(({ index, reason }) => [
        index,
        reason,
      ]),
    ).toEqual([
      [1, 'notAnEvent'],
      [2, 'notAnEvent'],
      [3, 'notAnEvent'],
    ]);
  });
});
