import {
  MessageWriter,
  nameForMany,
  renderForMany,
  SendGridAdapter,
  TemplateSet,
  type BulkMessage,
  type BulkRecipient,
  type OrderForMany,
  type TextForMany,
} from '@app/channels';
import { personalMails } from '../../harness/providers/sendgrid-personalizations';
import { FakeSendGrid, SENDGRID_ACCOUNT } from '../../harness/providers/sendgrid-server';

const signal = new AbortController().signal;
const server = new FakeSendGrid();
let adapter: SendGridAdapter;
beforeAll(async () => {
  await server.start();
  adapter = new SendGridAdapter({
    apiKey: SENDGRID_ACCOUNT.apiKey,
    from: { email: 'alerts@tidings.example', name: 'Tidings' },
    baseUrl: server.url,
    timeoutMs: 1_000,
  });
});
afterAll(async () => {
  await adapter.close();
  await server.stop();
});

const order: OrderForMany = {
  body: {
    kind: 'serviceAlert',
    facts: { serviceAlertId: 's1', title: 'Fog & rain', text: 'Flights are late.', severity: 'warning' },
  },
  ...{ language: 'en', topic: 'service', mark: 'x1f', hasLinks: true },
};
const writerWith = (text: string | null) =>
  new MessageWriter(() => {
    const template = {
      kind: 'serviceAlert',
      channel: 'email',
      language: 'en',
      subject: '',
      html: '',
    } as const;
    return { templates: new TemplateSet(text === null ? [] : [{ ...template, text }]), signedBy: new Map() };
  });
const written = renderForMany(writerWith(null), order) as TextForMany;

const person = (n: number, more: Partial<BulkRecipient> = {}): BulkRecipient => ({
  to: `person-${n}@customers.example`,
  ...nameForMany(`Person ${n}`),
  links: { unsubscribe: `https://tidings.example/u/${n}`, preferences: `https://tidings.example/p/${n}` },
  deliveryId: `d${n}`,
  attemptId: `a${n}`,
  ...more,
});
const message = (recipients: BulkRecipient[]): BulkMessage => ({
  ...written,
  expiresAt: Date.now() + 60_000,
  recipients,
});
const people = (count: number) => Array.from({ length: count }, (_, n) => person(n));

describe('a mail to many through SendGrid', () => {
  it('reads for each as if it were written to them alone, with their own name, links and ids', async () => {
    const many = [...people(2), person(2, nameForMany('Eve <eve> & sons'))];
    expect(await adapter.sendMany(message(many), signal)).toMatchObject({ kind: 'accepted' });
    const [ada, , eve] = personalMails(server.received.at(-1)?.fields ?? {});
    expect(ada).toMatchObject({
      to: 'person-0@customers.example',
      subject: 'Please note: Fog & rain',
      text: expect.stringMatching(
        /^Hello Person 0,\n\nPlease note: Fog & rain\n\nFlights are late\.\n\n--\n.*https:\/\/tidings\.example\/p\/0$/s,
      ),
      headers: {
        'List-Unsubscribe': '<https://tidings.example/u/0>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
      customArgs: { delivery_id: 'd0', attempt_id: 'a0' },
    });
    expect(ada?.html).toContain('href="https://tidings.example/p/0"');
    expect(eve?.text).toContain('Hello Eve <eve> & sons,');
    expect(eve?.html).toContain('Hello Eve &lt;eve&gt; &amp; sons,');
    expect(JSON.stringify([ada, eve])).not.toContain('x1f');
  });

  it('takes a thousand people in one call, and its server no more', async () => {
    expect(await adapter.sendMany(message(people(adapter.manyAtMost)), signal)).toMatchObject({
      kind: 'accepted',
    });
    expect(await adapter.sendMany(message(people(1_001)), signal)).toEqual({
      kind: 'refused',
      reason: 'invalidAddress',
      indexes: [],
    });
  });

  it('that is refused for some names them, and nobody was sent anything', async () => {
    const before = server.accepted.length;
    const many = people(5).map((one, n) => (n === 1 || n === 3 ? { ...one, to: 'no address' } : one));
    expect(await adapter.sendMany(message(many), signal)).toEqual({
      kind: 'refused',
      reason: 'invalidAddress',
      indexes: [1, 3],
    });
    expect(server.accepted.length).toBe(before);
  });

  it('that is too large is refused without naming anybody, so that it can go in halves', async () => {
    server.failNext({ status: 413 });
    expect(await adapter.sendMany(message(people(2)), signal)).toMatchObject({
      kind: 'refused',
      indexes: [],
    });
  });

  it.each([
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'retryable', reason: 'throttled', retryAfterMs: 7_000 },
    ],
    [{ status: 401 }, { kind: 'rejected', reason: 'unauthorized' }],
    [{ status: 500 }, { kind: 'ambiguous', reason: 'providerError' }],
    [{ hangAfterAccept: true }, { kind: 'ambiguous', reason: 'timeout' }],
    [{ resetAfterAccept: true }, { kind: 'ambiguous', reason: 'connectionReset' }],
  ])('that meets %j ends for all of them as %j', async (failure, outcome) => {
    server.failNext(failure);
    expect(await adapter.sendMany(message(people(2)), signal)).toEqual(outcome);
  });

  it('to one address twice would be refused as a whole', async () => {
    const twice = [person(1), person(2, { to: 'Person-1@customers.example' })];
    expect(await adapter.sendMany(message(twice), signal)).toMatchObject({ kind: 'refused', indexes: [] });
  });

  it('is written by the admin’s template where that says the same to all but for their names and links', () => {
    const text = renderForMany(writerWith('Dear {{ name }}: {{ title }}.'), order)?.text;
    expect(text).toMatch(/^Dear -x1f-name-: Fog & rain\.\n\n--\n.*-x1f-preferences-$/s);
  });

  it.each(['Dear {{ name | upcase }}!', 'Dear {{ name | slice: 0, 3 }}!', 'You are in {{ timeZone }}.'])(
    'is not written for many where each reader gets words of their own: %s',
    (text) => {
      expect(renderForMany(writerWith(text), order)).toBeNull();
    },
  );
});
