import { randomUUID } from 'node:crypto';
import { ReceiptStore } from '@app/persistence';
import { RECEIPT_POLICY } from '../../../apps/dispatcher/src/receipts/receipt-desk';
import { startApi, type TestApi } from '../../harness/api-app';
import {
  postCallback,
  SendGridSigner,
  type SignedCallback,
  twilioCallback,
} from '../../harness/providers/signed-callbacks';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

const PUBLIC_URL = 'https://alerts.bank.example/tidings';
const TOKEN = 'the-token-of-the-account';
const NEXT_TOKEN = 'the-token-that-comes-next';
const signer = new SendGridSigner();

let own: TestDatabase;
let api: TestApi;
let receipts: ReceiptStore;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url, {
    PUBLIC_URL,
    LINK_SECRET: 'a secret that is long enough for the links',
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_AUTH_TOKEN_SECONDARY: NEXT_TOKEN,
    SENDGRID_WEBHOOK_KEYS: `${new SendGridSigner().publicKey}, ${signer.publicKey}`,
  });
  receipts = new ReceiptStore(own.database, RECEIPT_POLICY);
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

const post = (callback: SignedCallback): Promise<number> => postCallback(api.url, callback);
/** Sends it, and applies what was kept as the dispatcher does when it is woken. */
async function tell(callback: SignedCallback): Promise<number> {
  const status = await post(callback);
  await receipts.applyWaiting(1_000);
  return status;
}

interface Sent {
  customerId: string;
  contactPointId: string;
  address: string;
  deliveryId: string;
  attemptId: string;
  messageId: string;
}
interface Over {
  lane?: string;
  outcome?: string;
  state?: string;
  to?: Sent;
}
let people = 0;

async function person(
  channel: 'sms' | 'email',
): Promise<Pick<Sent, 'customerId' | 'contactPointId' | 'address'>> {
  people += 1;
  const customerId = `person-${people}`;
  const address = channel === 'sms' ? `+4915100000${100 + people}` : `person-${people}@example.org`;
  const contactPointId = randomUUID();
  await own.database.query(
    `insert into customers (id, name, time_zone, language) values ($1, 'P', 'UTC', 'en')`,
    [customerId],
  );
  await own.database.query(
    `insert into contact_points (id, customer_id, channel, address, verified_at) values ($1, $2, $3, $4, now())`,
    [contactPointId, customerId, channel, address],
  );
  return { customerId, contactPointId, address };
}

/** A delivery that its carrier has accepted, to a proven address. */
async function sent(channel: 'sms' | 'email', over: Over = {}): Promise<Sent> {
  const { customerId, contactPointId, address } = over.to ?? (await person(channel));
  const messageId = `SM${randomUUID().replaceAll('-', '')}`;
  const one = {
    customerId,
    contactPointId,
    address,
    deliveryId: randomUUID(),
    attemptId: randomUUID(),
    messageId,
  };
  const { lane = 'normal', state = 'accepted' } = over;
  await own.database.query(
    `with n as (insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at, planned_at)
       values (gen_random_uuid(), $1, 'alerts', 'normal', 'alertFired', '{}', now(), now()) returning id)
     insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, state, attempt_no,
       lease_epoch, provider, expires_at, finished_at)
     select $2, id, $1, $3, $4, $5, $6, 1, 1, case $4 when 'sms' then 'twilio' else 'sendgrid' end,
       now() + interval '1 day', now() from n`,
    [customerId, one.deliveryId, contactPointId, channel, lane, state],
  );
  await attempt(one, { channel, epoch: 1, outcome: over.outcome });
  return one;
}

async function attempt(
  { attemptId, deliveryId, messageId }: Sent,
  { channel, epoch, outcome = 'accepted' }: { channel: string; epoch: number; outcome?: string },
): Promise<void> {
  await own.database.query(
    `insert into attempts (id, delivery_id, attempt_no, lease_epoch, provider, ended_at, outcome, provider_message_id)
     values ($1, $2, $3, $3, $4, now(), $5, case when $5 = 'accepted' then $6 end)`,
    [attemptId, deliveryId, epoch, channel === 'sms' ? 'twilio' : 'sendgrid', outcome, messageId],
  );
}

const status = (one: Sent, MessageStatus: string, more: Record<string, string> = {}): SignedCallback =>
  twilioCallback(
    { publicUrl: PUBLIC_URL, token: TOKEN },
    `/v1/callbacks/twilio/status?attempt=${one.attemptId}`,
    {
      AccountSid: 'AC1',
      MessageSid: one.messageId,
      MessageStatus,
      To: one.address,
      SomethingNew: 'that came without notice',
      ...more,
    },
  );
const mail = (one: Sent, event: string, more: Record<string, unknown> = {}): object => ({
  email: one.address,
  timestamp: Math.floor(Date.now() / 1000),
  event,
  sg_event_id: randomUUID(),
  sg_message_id: `${one.messageId}.filter001.1.0`,
  attempt_id: one.attemptId,
  delivery_id: one.deliveryId,
  ...more,
});

async function deliveryOf({ deliveryId }: Sent) {
  const [row] = await own.database.query<{ state: string; receipt: string | null; reason: string }>(
    `select state, receipt, reason, avoid_provider as avoid, not_before > now() + interval '20 seconds' as waits,
       duplicate_possible as doubled from deliveries where id = $1`,
    [deliveryId],
  );
  return row;
}
const suppressionsOf = ({ address }: Sent) =>
  own.database.query<{ reason: string; source: string }>(
    `select channel, reason, source, customer_id from suppressions where address = $1 and lifted_at is null`,
    [address],
  );
const toldTo = ({ customerId }: Sent) =>
  own.database.query<{ facts: Record<string, string> }>(
    `select facts from notifications where customer_id = $1 and kind = 'contactPointLost'`,
    [customerId],
  );
const kept = async (eventId: string) =>
  (await own.database.query(`select * from receipts where event_id = $1`, [eventId]))[0] as
    Record<string, unknown> | undefined;

describe('a receipt of Twilio', () => {
  it('moves a delivery up in rank and never down, in whatever order and however often it comes', async () => {
    const one = await sent('sms');
    for (const [word, receipt] of [
      ['queued', null],
      ['sent', 'sent'],
      ['delivered', 'delivered'],
      ['sent', 'delivered'],
      ['delivered', 'delivered'],
      ['read', 'seen'],
      ['delivered', 'seen'],
    ] as const) {
      expect(await tell(status(one, word))).toBe(204);
      expect(await deliveryOf(one)).toMatchObject({ state: 'accepted', receipt });
    }
    const rows = await own.database.query(`select 1 from receipts where attempt_id = $1`, [one.attemptId]);
    expect(rows).toHaveLength(4);
  });

  it('that says it came late after all takes the news back that it did not', async () => {
    const one = await sent('sms');
    await tell(status(one, 'undelivered', { ErrorCode: '30003' }));
    expect(await deliveryOf(one)).toMatchObject({ state: 'retry', receipt: 'undelivered' });
    await tell(status(one, 'delivered'));
    expect(await deliveryOf(one)).toMatchObject({ state: 'accepted', receipt: 'delivered' });
  });

  it.each([
    ['30003', 'unreachableHandset'],
    ['30008', 'providerError'],
    ['', 'refused'],
    ['39999', 'refused'],
  ])(
    'of failure %s sends again through another carrier, twice and not a third time',
    async (ErrorCode, reason) => {
      const one = await sent('sms');
      for (const epoch of [1, 2]) {
        await tell(status(one, 'undelivered', { ErrorCode }));
        expect(await deliveryOf(one)).toMatchObject({ state: 'retry', reason, avoid: 'twilio', waits: true });
        Object.assign(one, { attemptId: randomUUID(), messageId: randomUUID() });
        await attempt(one, { channel: 'sms', epoch: epoch + 1 });
        await own.database.query(`update deliveries set state = 'accepted', lease_epoch = $2 where id = $1`, [
          one.deliveryId,
          epoch + 1,
        ]);
      }
      await tell(status(one, 'undelivered', { ErrorCode }));
      expect(await deliveryOf(one)).toMatchObject({ state: 'failed', reason });
      expect(await suppressionsOf(one)).toEqual([]);
    },
  );

  it('of an urgent message that failed does not let it wait', async () => {
    const one = await sent('sms', { lane: 'urgent' });
    await tell(status(one, 'failed', { ErrorCode: '30008' }));
    expect(await deliveryOf(one)).toMatchObject({ state: 'retry', waits: false });
  });

  it('of an attempt that another has followed changes nothing unless the message arrived', async () => {
    const one = await sent('sms');
    const first = { ...one };
    Object.assign(one, { attemptId: randomUUID(), messageId: randomUUID() });
    await attempt(one, { channel: 'sms', epoch: 2 });
    await own.database.query(`update deliveries set lease_epoch = 2, state = 'sending' where id = $1`, [
      one.deliveryId,
    ]);
    await tell(status(first, 'undelivered', { ErrorCode: '30008' }));
    expect(await deliveryOf(one)).toMatchObject({ state: 'sending', receipt: null });
    await tell(status(first, 'delivered'));
    expect(await deliveryOf(one)).toMatchObject({ state: 'sending', receipt: 'delivered' });
  });

  it('of a filtered text gives it up without a word against the number', async () => {
    const one = await sent('sms');
    await tell(status(one, 'undelivered', { ErrorCode: '30007' }));
    expect(await deliveryOf(one)).toMatchObject({ state: 'failed', reason: 'content' });
    expect(await suppressionsOf(one)).toEqual([]);
  });

  it.each([
    ['30005', 'deadNumber', 'invalidAddress'],
    ['30006', 'deadNumber', 'invalidAddress'],
    ['21610', 'optedOut', 'optedOut'],
  ])(
    'of %s suppresses the number, and tells its owner on what else they have',
    async (ErrorCode, reason, word) => {
      const one = await sent('sms');
      const started = performance.now();
      await tell(status(one, 'undelivered', { ErrorCode }));
      expect(performance.now() - started).toBeLessThan(1_000);
      expect(await deliveryOf(one)).toMatchObject({ state: 'failed', receipt: 'undelivered', reason: word });
      expect(await suppressionsOf(one)).toEqual([
        { channel: 'sms', reason, source: 'provider:twilio', customer_id: null },
      ]);
      const told = await toldTo(one);
      expect(told).toEqual([
        {
          facts: {
            contactPointId: one.contactPointId,
            channel: 'sms',
            reason,
            addressHint: expect.any(String),
          },
        },
      ]);
      expect(JSON.stringify(told)).not.toContain(one.address);
      await tell(status(one, 'failed', { ErrorCode }));
      expect(await suppressionsOf(one)).toHaveLength(1);
      expect(await toldTo(one)).toHaveLength(1);
    },
  );

  it('proves that an attempt nobody knew the end of had arrived, even if its answer was lost', async () => {
    for (const state of ['retry', 'ambiguous', 'failed']) {
      const one = await sent('sms', { outcome: 'ambiguous', state });
      await tell(status(one, 'sent'));
      expect(await deliveryOf(one)).toMatchObject({ state: 'accepted', receipt: 'sent' });
      const [row] = await own.database.query(
        `select outcome, provider_message_id from attempts where id = $1`,
        [one.attemptId],
      );
      expect(row).toEqual({ outcome: 'accepted', provider_message_id: one.messageId });
    }
  });

  it('is recognised by the message alone where the attempt did not come back with it', async () => {
    const one = await sent('sms');
    const callback = twilioCallback({ publicUrl: PUBLIC_URL, token: TOKEN }, '/v1/callbacks/twilio/status', {
      MessageSid: one.messageId,
      MessageStatus: 'delivered',
    });
    expect(await tell(callback)).toBe(204);
    expect(await deliveryOf(one)).toMatchObject({ receipt: 'delivered' });
  });

  it('for a message that is not known yet is kept, and applied once it is', async () => {
    const one = await sent('sms');
    const early = { ...one, messageId: `SM${randomUUID()}`, attemptId: randomUUID() };
    expect(await tell(status(early, 'delivered'))).toBe(204);
    expect(await kept(`${early.messageId}:delivered`)).toMatchObject({ applied_at: null, looks: 1 });
    await own.database.query(`update attempts set provider_message_id = $2 where id = $1`, [
      one.attemptId,
      early.messageId,
    ]);
    await own.database.query(`update receipts set look_at = now() where provider_message_id = $1`, [
      early.messageId,
    ]);
    await receipts.applyWaiting(1_000);
    expect(await deliveryOf(one)).toMatchObject({ receipt: 'delivered' });
    expect(await kept(`${early.messageId}:delivered`)).toMatchObject({
      attempt_id: one.attemptId,
      detail: null,
    });
  });

  it('of a call says whether it was answered', async () => {
    const one = await sent('sms');
    await own.database.query(`update attempts set provider = 'twilio-voice' where id = $1`, [one.attemptId]);
    const call = (CallStatus: string) =>
      twilioCallback(
        { publicUrl: PUBLIC_URL, token: TOKEN },
        `/v1/callbacks/twilio/voice?attempt=${one.attemptId}`,
        {
          CallSid: one.messageId,
          CallStatus,
          To: one.address,
        },
      );
    await tell(call('ringing'));
    expect(await deliveryOf(one)).toMatchObject({ receipt: null });
    await tell(call('completed'));
    expect(await deliveryOf(one)).toMatchObject({ receipt: 'delivered' });
  });

  it('signed with the token that comes next counts too', async () => {
    const one = await sent('sms');
    const fields = { MessageSid: one.messageId, MessageStatus: 'delivered' };
    const next = { publicUrl: PUBLIC_URL, token: NEXT_TOKEN };
    expect(await tell(twilioCallback(next, '/v1/callbacks/twilio/status', fields))).toBe(204);
    expect(await deliveryOf(one)).toMatchObject({ receipt: 'delivered' });
  });

  it('that was forged, changed, unsigned or meant for another address is refused, and nothing is kept', async () => {
    const one = await sent('sms');
    const right = status(one, 'delivered');
    const { body } = status(one, 'undelivered', { ErrorCode: '30005' });
    const forged: SignedCallback[] = [
      { ...right, headers: { ...right.headers, 'x-twilio-signature': 'c2lnbmVk' } },
      { ...right, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      { ...right, body },
      { ...right, body: `${right.body}&ErrorCode=30005` },
      { ...right, path: `/v1/callbacks/twilio/status?attempt=${randomUUID()}` },
      { ...right, path: right.path.replace('status', 'inbound') },
      twilioCallback({ publicUrl: api.url, token: TOKEN }, right.path, { MessageSid: one.messageId }),
      twilioCallback({ publicUrl: PUBLIC_URL, token: 'somebody else' }, right.path, {
        MessageSid: one.messageId,
      }),
    ];
    for (const callback of forged) expect(await tell(callback)).toBe(403);
    expect(await deliveryOf(one)).toMatchObject({ receipt: null });
    expect(await kept(`${one.messageId}:delivered`)).toBeUndefined();
  });
});

describe('the events of SendGrid', () => {
  it('are taken by the page, each once, and move their deliveries', async () => {
    const [a, b, c] = [await sent('email'), await sent('email'), await sent('email')];
    const events = [mail(a, 'processed'), mail(a, 'delivered'), mail(b, 'deferred'), mail(c, 'open')];
    expect(await tell(signer.callback(events))).toBe(204);
    expect(await tell(signer.callback([...events].reverse()))).toBe(204);
    expect(await deliveryOf(a)).toMatchObject({ receipt: 'delivered' });
    expect(await deliveryOf(b)).toMatchObject({ receipt: null, state: 'accepted' });
    expect(await deliveryOf(c)).toMatchObject({ receipt: 'seen' });
  });

  it('of a bounce give the address up at once', async () => {
    const one = await sent('email');
    await tell(signer.callback([mail(one, 'bounce', { type: 'bounce', status: '5.1.1' })]));
    expect(await deliveryOf(one)).toMatchObject({ state: 'failed', receipt: 'bounced', reason: 'bounced' });
    expect(await suppressionsOf(one)).toMatchObject([{ reason: 'bounced' }]);
    expect(await toldTo(one)).toHaveLength(1);
  });

  it('of a bounce that follows the delivery count as well', async () => {
    const one = await sent('email');
    await tell(signer.callback([mail(one, 'delivered'), mail(one, 'bounce', { type: 'bounce' })]));
    expect(await deliveryOf(one)).toMatchObject({ receipt: 'bounced' });
    expect(await suppressionsOf(one)).toMatchObject([{ reason: 'bounced' }]);
  });

  it('of a complaint suppress the address for good, though the mail arrived', async () => {
    const one = await sent('email');
    await tell(signer.callback([mail(one, 'delivered'), mail(one, 'spamreport')]));
    expect(await deliveryOf(one)).toMatchObject({ state: 'accepted', receipt: 'complained' });
    expect(await suppressionsOf(one)).toMatchObject([{ reason: 'complained' }]);
  });

  it.each([
    ['Bounced Address', 'bounced'],
    ['Spam Reporting Address', 'complained'],
    ['Unsubscribed Address', 'optedOut'],
  ])('of a mail dropped for %s say what SendGrid remembers of the address', async (reason, suppressed) => {
    const one = await sent('email');
    await tell(signer.callback([mail(one, 'dropped', { reason })]));
    expect(await deliveryOf(one)).toMatchObject({ state: 'failed', receipt: 'undelivered' });
    expect(await suppressionsOf(one)).toMatchObject([{ reason: suppressed }]);
  });

  it('of a full mail box try again, and give the address up after five in a row', async () => {
    const first = await sent('email');
    for (let nth = 1; nth <= 5; nth += 1) {
      const one = nth === 1 ? first : await sent('email', { to: first });
      await tell(signer.callback([mail(one, 'bounce', { type: 'blocked' })]));
      expect(await deliveryOf(one)).toMatchObject({ state: 'retry', reason: 'softBounce' });
      expect(await suppressionsOf(first)).toHaveLength(nth < 5 ? 0 : 1);
    }
    expect(await suppressionsOf(first)).toMatchObject([{ reason: 'softBounces' }]);
  });

  it('of a full mail box count from the last mail that arrived', async () => {
    const first = await sent('email');
    for (const event of ['bounce', 'bounce', 'bounce', 'delivered', 'bounce', 'bounce', 'bounce']) {
      const one = await sent('email', { to: first });
      await tell(signer.callback([mail(one, event, { type: 'blocked' })]));
    }
    expect(await suppressionsOf(first)).toEqual([]);
  });

  it('about mails of nobody are kept, and an address they complain of is suppressed all the same', async () => {
    const one = await sent('email');
    const stray = mail({ ...one, attemptId: randomUUID(), messageId: 'elsewhere' }, 'spamreport');
    expect(await tell(signer.callback([stray]))).toBe(204);
    expect(await suppressionsOf(one)).toMatchObject([{ reason: 'complained' }]);
    const row = await kept((stray as { sg_event_id: string }).sg_event_id);
    expect(row).toMatchObject({ applied_at: null });
    expect(JSON.stringify(row)).not.toContain(one.address);
  });

  it('that were forged, changed by a byte, recorded and played again, or come from the future are refused', async () => {
    const one = await sent('email');
    const events = [mail(one, 'bounce', { type: 'bounce' })];
    const right = signer.callback(events);
    const header = 'x-twilio-email-event-webhook-timestamp';
    const forged: SignedCallback[] = [
      signer.callback(events, Date.now() + 302_000), // first: in two seconds it lies no longer in the future
      new SendGridSigner().callback(events),
      { ...right, body: right.body.replace('bounce', 'Bounce') },
      { ...right, body: `${right.body} ` },
      { ...right, headers: { ...right.headers, [header]: String(Number(right.headers[header]) + 1) } },
      { ...right, headers: { ...right.headers, [header]: 'now' } },
      { ...right, headers: { 'content-type': 'application/json' } },
      signer.callback(events, Date.now() - 301_000),
    ];
    for (const callback of forged) expect(await tell(callback)).toBe(403);
    expect(await deliveryOf(one)).toMatchObject({ receipt: null });
    expect(await tell(signer.callback(events, Date.now() - 290_000))).toBe(204);
    expect(await deliveryOf(one)).toMatchObject({ receipt: 'bounced' });
  });

  it('that cannot be read are said to be so, and what is no event is left out', async () => {
    const one = await sent('email');
    expect(await tell(signer.callback([{}, { event: 'delivered' }, mail(one, 'something new')]))).toBe(204);
    expect(await deliveryOf(one)).toMatchObject({ state: 'accepted', receipt: null });
  });
});

describe('an API without providers', () => {
  it('takes no callback at all', async () => {
    const bare = await startApi(own.url);
    for (const path of ['twilio/status', 'twilio/voice', 'twilio/inbound', 'sendgrid/events']) {
      const { status: answered } = await fetch(`${bare.url}/v1/callbacks/${path}`, { method: 'POST' });
      expect(answered).toBe(404);
    }
    await bare.close();
  });
});
