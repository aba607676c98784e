import { randomUUID } from 'node:crypto';
import { ReceiptStore } from '@app/persistence';
import { RECEIPT_POLICY } from '../../../apps/dispatcher/src/receipts/receipt-desk';
import { startApi, type TestApi } from '../../harness/api-app';
import { postCallback, type SignedCallback, TelnyxSigner } from '../../harness/providers/signed-callbacks';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register, verifiedContactPoint } from '../api/fixtures';

const signer = new TelnyxSigner();
const OURS = 'https://alerts.bank.example/v1/callbacks/telnyx/events';
const MINUTE = 60_000;

let own: TestDatabase;
let api: TestApi;
let receipts: ReceiptStore;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url, {
    TELNYX_PUBLIC_KEYS: `${new TelnyxSigner().publicKey}, ${signer.publicKey}`,
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
  number: string;
  deliveryId: string;
  attemptId: string;
  messageId: string;
}
let people = 0;

async function person(): Promise<Pick<Sent, 'customerId' | 'number'> & { contactPointId: string }> {
  people += 1;
  const customerId = `reader-${people}`;
  const token = await register(api, customerId);
  const number = `+491517800${1_000 + people}`;
  const contactPointId = await verifiedContactPoint(api, own, token, { channel: 'sms', address: number });
  return { customerId, number, contactPointId };
}

/** A text that Telnyx has accepted, or that ended without an answer. */
async function sent(outcome = 'accepted'): Promise<Sent> {
  const { customerId, number, contactPointId } = await person();
  const [deliveryId, attemptId, messageId] = [randomUUID(), randomUUID(), randomUUID()];
  await own.database.query(
    `with n as (insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at, planned_at)
       values (gen_random_uuid(), $1, 'alerts', 'normal', 'alertFired', '{}', now(), now()) returning id),
     d as (insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, state, attempt_no,
       lease_epoch, provider, expires_at, finished_at)
       select $2, id, $1, $3, 'sms', 'normal', case $6 when 'accepted' then 'accepted' else 'retry' end, 1, 1, 'telnyx',
         now() + interval '1 day', now() from n returning id)
     insert into attempts (id, delivery_id, attempt_no, lease_epoch, provider, ended_at, outcome, provider_message_id)
     select $4, id, 1, 1, 'telnyx', now(), $6, case $6 when 'accepted' then $5 end from d`,
    [customerId, deliveryId, contactPointId, attemptId, messageId, outcome],
  );
  return { customerId, number, deliveryId, attemptId, messageId };
}

interface Said {
  status: string;
  errors?: object[];
  webhook?: string;
}
function payloadOf(one: Sent, { status, errors = [], webhook }: Said): object {
  return {
    ...{ id: one.messageId, record_type: 'message', direction: 'outbound', type: 'SMS', errors },
    ...{ from: { phone_number: '+15005550111' }, to: [{ phone_number: one.number, status }] },
    ...{
      webhook_url: webhook ?? `${OURS}?attempt=${one.attemptId}`,
      something_new: 'that came without notice',
    },
  };
}
function status(one: Sent, said: Said, over: Parameters<TelnyxSigner['callback']>[2] = {}): SignedCallback {
  const kind = said.status === 'sent' ? 'message.sent' : 'message.finalized';
  return signer.callback(kind, payloadOf(one, said), over);
}
async function deliveryOf({ deliveryId }: Sent): Promise<Record<string, unknown> | undefined> {
  const [row] = await own.database.query<Record<string, unknown>>(
    `select state, receipt, reason, avoid_provider as avoid from deliveries where id = $1`,
    [deliveryId],
  );
  return row;
}
const suppressionsOf = ({ number }: Pick<Sent, 'number'>) =>
  own.database.query(`select reason, source from suppressions where address = $1 and lifted_at is null`, [
    number,
  ]);
const receiptsOf = ({ messageId }: Sent) =>
  own.database.query(`select event_id from receipts where provider_message_id = $1`, [messageId]);

describe('a receipt of Telnyx', () => {
  it('moves a delivery up in rank and never down, in whatever order and however often it comes', async () => {
    const one = await sent();
    const delivered = status(one, { status: 'delivered' });
    for (const [callback, receipt] of [
      [status(one, { status: 'sent' }), 'sent'],
      [delivered, 'delivered'],
      [status(one, { status: 'sent' }), 'delivered'],
      [delivered, 'delivered'],
      [status(one, { status: 'delivery_unconfirmed' }), 'delivered'],
    ] as const) {
      expect(await tell(callback)).toBe(204);
      expect(await deliveryOf(one)).toMatchObject({ state: 'accepted', receipt });
    }
    expect(await receiptsOf(one)).toHaveLength(4);
  });

  it.each([
    ['40008', '', { state: 'retry', reason: 'providerError', avoid: 'telnyx' }, []],
    ['40010', '', { state: 'retry', reason: 'configuration', avoid: 'telnyx' }, []],
    ['49999', '', { state: 'retry', reason: 'refused', avoid: 'telnyx' }, []],
    ['40300', 'Destination number unreachable', { state: 'retry', reason: 'unreachableHandset' }, []],
    ['40300', 'Blocked due to STOP message', { state: 'failed', reason: 'optedOut' }, ['optedOut']],
    ['40012', 'Invalid destination number', { state: 'failed', reason: 'invalidAddress' }, ['deadNumber']],
    ['40015', '', { state: 'failed', reason: 'content' }, []],
  ])('of failure %s %s is read as what it is', async (code, title, delivery, suppressed) => {
    const one = await sent();
    await tell(status(one, { status: 'delivery_failed', errors: [{ code, title }] }));
    expect(await deliveryOf(one)).toMatchObject({ ...delivery, receipt: 'undelivered' });
    expect(await suppressionsOf(one)).toEqual(
      suppressed.map((reason) => ({ reason, source: 'provider:telnyx' })),
    );
  });

  it('proves that an attempt nobody knew the end of had arrived: the attempt comes back in the address inside', async () => {
    const one = await sent('ambiguous');
    await tell(status(one, { status: 'sent' }));
    expect(await deliveryOf(one)).toMatchObject({ state: 'accepted', receipt: 'sent' });
  });

  it('is recognised by the message alone where no attempt came back with it', async () => {
    const one = await sent();
    await tell(status(one, { status: 'delivered', webhook: OURS }));
    expect(await deliveryOf(one)).toMatchObject({ receipt: 'delivered' });
  });

  it('of what concerns nobody is taken and changes nothing', async () => {
    for (const payload of [
      {},
      null,
      { id: 'x' },
      { id: 'x', to: [] },
      { id: 'x', direction: 'inbound', to: [{}] },
    ])
      expect(await post(signer.callback('message.finalized', payload as object))).toBe(204);
  });
});

describe('a stranger who calls as Telnyx would', () => {
  it.each([
    ['without a signature', (one) => ({ ...status(one, { status: 'delivered' }), headers: {} })],
    [
      'with the signature of another account',
      (one) => new TelnyxSigner().callback('message.finalized', payloadOf(one, { status: 'delivered' })),
    ],
    [
      'with other words under a good signature',
      (one) => {
        const callback = status(one, { status: 'sent' });
        return { ...callback, body: callback.body.replace('"sent"', '"delivered"') };
      },
    ],
    [
      'with a later time under a good signature',
      (one) => {
        const callback = status(one, { status: 'delivered' }, { at: Date.now() - 6 * MINUTE });
        const timestamp = String(Math.floor(Date.now() / 1000));
        return { ...callback, headers: { ...callback.headers, 'telnyx-timestamp': timestamp } };
      },
    ],
    [
      'with a recording older than five minutes',
      (one) => status(one, { status: 'delivered' }, { at: Date.now() - 6 * MINUTE }),
    ],
    [
      'with a time that is yet to come',
      (one) => status(one, { status: 'delivered' }, { at: Date.now() + 6 * MINUTE }),
    ],
  ] as [string, (one: Sent) => SignedCallback][])(
    '%s is refused, and nothing is kept',
    async (_how, forge) => {
      const one = await sent();
      expect(await tell(forge(one))).toBe(403);
      expect(await deliveryOf(one)).toMatchObject({ receipt: null });
      expect(await receiptsOf(one)).toEqual([]);
    },
  );

  it('cannot turn a true event to another message by the address that it is sent to', async () => {
    const [one, other] = [await sent(), await sent('ambiguous')];
    const path = `/v1/callbacks/telnyx/events?attempt=${other.attemptId}`;
    expect(await tell(status(one, { status: 'delivered' }, { path }))).toBe(204);
    expect(await deliveryOf(one)).toMatchObject({ receipt: 'delivered' });
    expect(await deliveryOf(other)).toMatchObject({ state: 'retry', receipt: null });
  });

  it('finds nobody at home where no key is set', async () => {
    const closed = await startApi(own.url);
    const { path, headers, body } = signer.callback('message.received', {});
    expect((await fetch(`${closed.url}${path}`, { method: 'POST', headers, body })).status).toBe(404);
    await closed.close();
  });
});

describe('a text that Telnyx brings', () => {
  const text = (number: string, words: string, more: Record<string, unknown> = {}): Promise<number> =>
    post(
      signer.callback('message.received', {
        ...{ id: randomUUID(), direction: 'inbound', type: 'SMS', text: words, autoresponse_type: null },
        ...{ from: { phone_number: number }, to: [{ phone_number: '+15005550111' }], ...more },
      }),
    );
  const answersTo = async (customerId: string): Promise<string[]> => {
    const rows = await own.database.query<{ text: string }>(
      `select facts ->> 'text' as text from notifications where customer_id = $1 and kind = 'answer' order by seq`,
      [customerId],
    );
    return rows.map((row) => row.text);
  };

  it.each([
    ['STOP', 'STOP'],
    ['Please stop texting me', null],
  ])('%s ends all texts to the number, and nothing is sent there any more', async (words, answered) => {
    const ana = await person();
    expect(await text(ana.number, words, { autoresponse_type: answered })).toBe(204);
    expect(await suppressionsOf(ana)).toEqual([{ reason: 'optedOut', source: 'sms' }]);
    expect(await answersTo(ana.customerId)).toEqual([]);
    const [kept] = await own.database.query(`select action, answer from inbound_messages where sender = $1`, [
      ana.number,
    ]);
    expect(kept).toEqual({ action: 'stopped', answer: '' });
  });

  it('START begins them again, which Telnyx has said itself', async () => {
    const ana = await person();
    await text(ana.number, 'STOP', { autoresponse_type: 'STOP' });
    await text(ana.number, 'START', { autoresponse_type: 'START' });
    expect(await suppressionsOf(ana)).toEqual([]);
    expect(await answersTo(ana.customerId)).toEqual([]);
  });

  it('HELP is answered by a message of our own to the number’s owner, since nobody else answers it', async () => {
    const ana = await person();
    await text(ana.number, 'help');
    expect(await answersTo(ana.customerId)).toEqual([expect.stringContaining('STOP to end them')]);
    expect(await text('+4915199990001', 'help')).toBe(204);
  });

  it('counts once, however often it comes', async () => {
    const ana = await person();
    const id = randomUUID();
    await Promise.all(Array.from({ length: 5 }, () => text(ana.number, 'what is this', { id })));
    expect(await answersTo(ana.customerId)).toHaveLength(1);
  });

  it('from a short code, or from nobody, is left', async () => {
    for (const from of [{ phone_number: '12345' }, null, 'x'])
      expect(await text('', 'STOP', { from })).toBe(204);
    expect(await suppressionsOf({ number: '12345' })).toEqual([]);
  });
});
