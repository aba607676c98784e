import { randomUUID } from 'node:crypto';
import type { Dispatcher } from '../../../apps/dispatcher/src/dispatcher';
import { startApi, type TestApi } from '../../harness/api-app';
import { startDispatcher } from '../../harness/dispatcher-app';
import { eventually } from '../../harness/eventually';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register } from './fixtures';

let own: TestDatabase;
let api: TestApi;
let dispatcher: Dispatcher;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  dispatcher = await startDispatcher(own.url);
  await register(api, 'ada');
  await own.database.query(`update customers set language = 'de-AT' where id = 'ada'`);
});
afterAll(async () => {
  await dispatcher.stop();
  await api.close();
  await own.drop();
});

const PATH = '/v1/templates';
const put = (path: string, body: object) =>
  api.call<Record<string, unknown>>(api.adminKey, { method: 'PUT', path: `${PATH}/${path}`, body });
const preview = (body: object) =>
  api.call<Record<string, unknown>>(api.adminKey, { path: `${PATH}/preview`, body });

/** Tells Ada by her inbox, and gives what it said. */
async function tell(kind: string, facts: object): Promise<{ subject: string; text: string }> {
  const id = randomUUID();
  await own.database.query(
    `insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
     values ($1, 'ada', 'service', 'normal', '{inbox}', $2, $3, now())`,
    [id, kind, JSON.stringify(facts)],
  );
  await own.database.query(`select pg_notify('notifications', '')`);
  const [message] = await eventually(
    () =>
      own.database.query<{ subject: string; text: string }>(
        `select i.subject, i.body as text from inbox_messages i
         join deliveries d on d.id = i.delivery_id where d.notification_id = $1`,
        [id],
      ),
    (rows) => rows.length === 1,
  );
  return message as { subject: string; text: string };
}
const cards = { serviceAlertId: 's1', title: 'Cards', text: 'Cards work again.', severity: 'info' };

describe('a template', () => {
  it('is kept, read, changed and taken away', async () => {
    const first = await put('digest/email/DE', { text: '{{ count }} Nachrichten' });
    expect(first).toMatchObject({ status: 200, body: { language: 'de', version: 1, subject: '', html: '' } });
    const second = await put('digest/email/de', { subject: 'Neues', text: '{{ count }} Meldungen' });
    expect(second.body).toMatchObject({ version: 2, subject: 'Neues' });
    const found = await api.call(api.adminKey, { path: `${PATH}/digest/email/de` });
    expect(found.body).toEqual(second.body);
    const { body } = await api.call<{ items: object[] }>(api.adminKey, { path: PATH });
    expect(body.items).toEqual([second.body]);
    const remove = () => api.call(api.adminKey, { method: 'DELETE', path: `${PATH}/digest/email/de` });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
  });

  it.each([
    ['digest/email/de', { text: 'a\n{{ nobody }}' }, 'text', /^line 2: undefined variable: nobody/],
    ['digest/sms/de', { text: 'x', html: '<b>x</b>' }, 'html', /^is for mail only/],
    ['verificationCode/sms/de', { text: 'Hallo' }, 'text', /does not say the code/],
    ['alertFired/email/de', { text: '{% render "x" %}' }, 'text', /^line 1: tag "render" not found/],
  ])(
    'that could fail is refused before it is kept, with the reason (%s %o)',
    async (path, body, field, problem) => {
      const answer = await put(path, body);
      expect(answer).toMatchObject({
        status: 422,
        body: { errors: [{ field, problem: expect.stringMatching(problem) }] },
      });
      expect((await api.call(api.adminKey, { path: `${PATH}/${path}` })).status).toBe(404);
    },
  );

  it.each(['digest/webhook/de', 'nothing/email/de', 'digest/email/not-a-language-tag-at-all'])(
    'has no place at %s',
    async (path) => {
      expect((await put(path, { text: 'x' })).status).toBe(404);
    },
  );

  it('speaks to its readers within moments, in the nearest language, until it is taken away', async () => {
    await put('serviceAlert/inbox/de', {
      subject: 'Neu: {{ title }}',
      text: 'Servus {{ name }}: {{ paragraphs[0] }}',
    });
    await eventually(
      () => tell('serviceAlert', cards),
      ({ subject }) => subject === 'Neu: Cards',
    );
    expect(await tell('serviceAlert', cards)).toEqual({
      subject: 'Neu: Cards',
      text: 'Servus Customer ada: Cards work again.',
    });
    await api.call(api.adminKey, { method: 'DELETE', path: `${PATH}/serviceAlert/inbox/de` });
    const said = await eventually(
      () => tell('serviceAlert', cards),
      ({ subject }) => subject === 'Cards',
    );
    expect(said.text).toBe('Cards work again.');
  });

  it('that fails all the same is replaced by the built-in words, and the admin is told what and how often', async () => {
    // As a template of an earlier version would be, whose names no longer exist.
    await own.database.query(
      `insert into templates (kind, channel, language, subject, text, html, updated_by)
       values ('serviceAlert', 'inbox', 'de', '', '{{ gone }}', '', 'test')`,
    );
    await dispatcher.sweep();
    expect((await tell('serviceAlert', cards)).text).toBe('Cards work again.');
    await tell('serviceAlert', cards);
    await dispatcher.sweep();
    const { body } = await api.call<{ items: object[] }>(api.adminKey, { path: `${PATH}/faults` });
    expect(body.items).toEqual([
      expect.objectContaining({
        kind: 'serviceAlert',
        channel: 'inbox',
        language: 'de',
        fault: 'text, line 1: undefined variable: gone',
        count: 2,
      }),
    ]);
    expect(
      await dispatcher.metrics.registry.getSingleMetricAsString('tidings_template_faults_total'),
    ).toMatch(/\{kind="serviceAlert",channel="inbox"\} 2/);
    await put('serviceAlert/inbox/de', { text: '{{ paragraphs[0] }}' });
    expect((await api.call(api.adminKey, { path: `${PATH}/faults` })).body).toEqual({ items: [] });
  });
});

describe('a preview of words', () => {
  it('shows a sample in words that are not kept, and what a text message of them costs', async () => {
    const text = 'Ihr Saldo {{ subject }}: {{ value }} — {{ timeShort }}';
    const { status, body } = await preview({ kind: 'alertFired', channel: 'sms', language: 'de', text });
    expect(status).toBe(200);
    expect(body).toMatchObject({ words: 'given', language: 'de', fault: null, html: '' });
    expect(body.text).toBe('Ihr Saldo account 42: 92.10 EUR - 2 May, 14:05 (Europe/Berlin)');
    expect(body.sms).toEqual({ encoding: 'GSM-7', segments: 1, lettersLeft: 98, outsideGsm: [] });
  });

  it('says which letters made a text message dear', async () => {
    const { body } = await preview({ kind: 'alertFired', channel: 'sms', text: 'Ő {{ value }} ✓ ő' });
    expect(body.sms).toMatchObject({ encoding: 'UCS-2', segments: 1, outsideGsm: ['Ő', '✓', 'ő'] });
  });

  it('shows the reason and the built-in words where the template fails', async () => {
    const { body } = await preview({ kind: 'alertFired', channel: 'email', text: '{{ nobody }}' });
    expect(body).toMatchObject({ words: 'builtIn', fault: 'text, line 1: undefined variable: nobody' });
    expect(body.text).toContain('Your balance on account 42 is now 92.10 EUR');
  });

  it('shows real facts to their reader, but never a customer’s code', async () => {
    const insert = async (kind: string, facts: object) => {
      const id = randomUUID();
      await own.database.query(
        `insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at, planned_at)
         values ($1, 'ada', 'service', 'normal', $2, $3, now(), now())`,
        [id, kind, JSON.stringify(facts)],
      );
      return id;
    };
    const notificationId = await insert('serviceAlert', cards);
    const { body } = await preview({ notificationId, channel: 'email', text: '{{ name }}: {{ title }}' });
    expect(body).toMatchObject({ kind: 'serviceAlert', language: 'de-AT' });
    expect(body.text).toMatch(/^Customer ada: Cards\n/);
    const facts = { contactPointId: randomUUID(), code: '731731', expiresAt: Date.now() };
    const code = await preview({ notificationId: await insert('verificationCode', facts), channel: 'sms' });
    expect(code.body.text).toContain('482915');
    expect(JSON.stringify(code.body)).not.toContain('731731');
    expect((await preview({ notificationId: randomUUID(), channel: 'sms' })).status).toBe(404);
    expect((await preview({ channel: 'sms' })).status).toBe(400);
  });
});
