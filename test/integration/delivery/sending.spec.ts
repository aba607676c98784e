import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  ChannelRegistry,
  MessageWriter,
  OutboxAdapter,
  TemplateSet,
  type ChannelAdapter,
  type Found,
} from '@app/channels';
import { CHANNELS, type Channel, type Lane, type OutgoingMessage, type SendOutcome } from '@app/contracts';
import {
  ContactPointHealthStore,
  DeliveryStore,
  ProviderHealthStore,
  ReceiptInbox,
  ReceiptPollStore,
  TokenBucketStore,
} from '@app/persistence';
import type { Delivery } from '../../../apps/dispatcher/src/delivery/delivery';
import { openDelivery } from '../../../apps/dispatcher/src/delivery/open-delivery';
import { DispatcherMetrics } from '../../../apps/dispatcher/src/observability/dispatcher-metrics';
import { eventually } from '../../harness/eventually';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

/** A carrier that answers as it is told. */
class ToldCarrier implements ChannelAdapter {
  readonly channel = 'sms';
  readonly idempotent = false;
  readonly sent: OutgoingMessage[] = [];
  answer: () => SendOutcome = () => ({ kind: 'accepted', providerMessageId: randomUUID() });
  askAbout?: (attempt: { attemptId: string }) => Promise<Found>;

  constructor(readonly provider: string) {}

  send(message: OutgoingMessage): Promise<SendOutcome> {
    this.sent.push(message);
    return Promise.resolve(this.answer());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A carrier that never answers, and notes how long it was let. */
class SilentCarrier extends ToldCarrier {
  readonly letMs: number[] = [];

  constructor(
    provider: string,
    readonly callMs?: number,
  ) {
    super(provider);
  }

  override async send(message: OutgoingMessage, signal?: AbortSignal): Promise<SendOutcome> {
    const began = performance.now();
    this.sent.push(message);
    if (signal) await once(signal, 'abort');
    this.letMs.push(performance.now() - began);
    return { kind: 'ambiguous', reason: 'timeout' };
  }
}

const down: SendOutcome = { kind: 'retryable', reason: 'unreachable' };

let own: TestDatabase;
let one: ToldCarrier;
let two: ToldCarrier;
let delivery: Delivery;

beforeEach(async () => {
  own = await createTestDatabase();
  [one, two] = [new ToldCarrier('one'), new ToldCarrier('two')];
  await own.database.query(
    `insert into customers (id, name, time_zone, language) values ('ana', 'Ana', 'UTC', 'en')`,
  );
  await own.database.query(
    `insert into contact_points (id, customer_id, channel, address, verified_at)
     values (md5('p')::uuid, 'ana', 'sms', '+15550100001', now())`,
  );
});
afterEach(async () => {
  await delivery.drain();
  await own.drop();
});

async function open(carriers: ChannelAdapter[], rates: Record<string, number> = {}): Promise<void> {
  const { database } = own;
  const outbox = { keep: () => Promise.resolve(true) };
  const byChannel = CHANNELS.map((channel): [Channel, ChannelAdapter[]] => [
    channel,
    channel === 'sms' ? carriers : [new OutboxAdapter(channel, outbox as never)],
  ]);
  delivery = openDelivery(
    { sendConcurrency: 8, leaseMs: 4_000, providerRates: new Map(Object.entries(rates)), links: null },
    {
      owner: 'test',
      deliveries: new DeliveryStore(database),
      buckets: new TokenBucketStore(database),
      health: new ProviderHealthStore(database),
      receipts: new ReceiptInbox(database),
      silent: new ReceiptPollStore(database),
      contactPoints: new ContactPointHealthStore(database),
      channels: new ChannelRegistry(Object.fromEntries(byChannel) as never),
      writer: new MessageWriter(() => ({ templates: new TemplateSet([]), signedBy: new Map() })),
      metrics: new DispatcherMetrics(),
      now: () => Date.now(),
      random: () => Math.random(),
      onTrouble: () => undefined,
    },
  );
  await delivery.open();
}

/** Deliveries that are due now. */
async function due(count: number, lane: Lane = 'normal', topic = 'alerts'): Promise<void> {
  const facts = { serviceAlertId: 's', title: 'Cards', text: 'Cards are slow.', severity: 'info' };
  await own.database.query(
    `with told as (
       insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at, planned_at)
       select gen_random_uuid(), 'ana', $3, $2, 'serviceAlert', $4, now(), now() from generate_series(1, $1::int) returning id)
     insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, state, expires_at)
     select gen_random_uuid(), id, 'ana', md5('p')::uuid, 'sms', $2, 'pending', now() + interval '1 day' from told`,
    [count, lane, topic, JSON.stringify(facts)],
  );
  delivery.wake(lane);
}

const states = async (): Promise<Record<string, number>> => {
  const rows = await own.database.query<{ state: string; n: number }>(
    'select state, count(*) as n from deliveries group by state',
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
};
const rows = <Row>(): Promise<Row[]> => own.database.query<Row>('select * from deliveries');
const allAre = (state: string, count: number) =>
  eventually(states, (found) => found[state] === count && Object.keys(found).length === 1);
const letWaitsBeOver = async (): Promise<void> => {
  await own.database.query(`update deliveries set not_before = now() where state = 'retry'`);
  delivery.wake();
};

describe('sending with two carriers', () => {
  it('shares messages between both', async () => {
    await open([one, two]);
    await due(60);
    await allAre('accepted', 60);
    expect(Math.min(one.sent.length, two.sent.length)).toBeGreaterThan(10);
    const attempts = await own.database.query<{ provider: string; n: number }>(
      'select provider, count(*) as n from attempts group by provider order by provider',
    );
    expect(attempts).toEqual([
      { provider: 'one', n: one.sent.length },
      { provider: 'two', n: two.sent.length },
    ]);
  });

  it('brings an urgent message through the other one at once when one fails', async () => {
    one.answer = () => down;
    await open([one, two]);
    await due(5, 'urgent');
    await allAre('accepted', 5);
    expect(two.sent).toHaveLength(5);
  });

  it('moves weight away from the one that fails, once in a minute, and says why', async () => {
    one.answer = () => down;
    await open([one, two]);
    await own.database.query(`update provider_health set changed_at = now() - interval '2 minutes'`);
    await due(60);
    const health = new ProviderHealthStore(own.database);
    const weights = await eventually(
      () => health.list(),
      (list) => list.some((row) => row.provider === 'one' && row.weight === 40),
    );
    expect(weights.find((row) => row.provider === 'two')).toMatchObject({ weight: 60, reason: 'one:faults' });
    await letWaitsBeOver();
    await delivery.review();
    expect((await health.list()).find((row) => row.provider === 'one')?.weight).toBe(40);
  });

  it('leaves one alone that a person has pinned to zero', async () => {
    await open([one, two]);
    await new ProviderHealthStore(own.database).pin('sms', 'one', 0, 'an incident');
    await delivery.review();
    await due(20);
    await allAre('accepted', 20);
    expect(one.sent).toHaveLength(0);
  });

  it('sends an urgent message another way when its carrier never says that it arrived', async () => {
    one.askAbout = () => Promise.resolve({ kind: 'unknown' });
    await open([one, two]);
    await new ProviderHealthStore(own.database).pin('sms', 'two', 0, 'so that the first goes to one');
    await delivery.review();
    await due(1, 'urgent');
    await allAre('accepted', 1);
    await new ProviderHealthStore(own.database).pin('sms', 'two', null, 'both');
    await delivery.review();
    await own.database.query(`update attempts set ask_at = now()`);
    await delivery.sweep();
    delivery.wake('urgent');
    await eventually(
      () => Promise.resolve(two.sent.length),
      (sent) => sent === 1,
    );
    await allAre('accepted', 1);
    expect(await rows()).toMatchObject([{ duplicate_possible: true, avoid_provider: 'one' }]);
  });
});

describe('a carrier whose messages arrive late', () => {
  /** Messages sent ten minutes ago that had arrived after a second, after six minutes, or not by now. */
  async function sent(provider: string, { fast = 0, late = 0, silent = 0 }): Promise<void> {
    const facts = { serviceAlertId: 's', title: 'Cards', text: 'Cards are slow.', severity: 'info' };
    await own.database.query(
      `with said as (
         select after from unnest(array['1 second', '6 minutes', null]::interval[], array[$2, $3, $4]::int[]) as s (after, n),
           generate_series(1, n)),
       told as (
         insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at, planned_at)
         select gen_random_uuid(), 'ana', 'alerts', 'normal', 'serviceAlert', $5, now(), now() from said returning id),
       made as (
         insert into deliveries (id, notification_id, customer_id, channel, lane, state, expires_at, provider, receipt, receipt_at)
         select gen_random_uuid(), t.id, 'ana', 'sms', 'normal', 'accepted', now() + interval '1 day', $1,
           case when s.after is not null then 'delivered' end, now() - interval '10 minutes' + s.after
         from (select id, row_number() over () as n from told) t join (select after, row_number() over () as n from said) s using (n)
         returning id)
       insert into attempts (id, delivery_id, attempt_no, lease_epoch, provider, started_at, ended_at, outcome)
       select gen_random_uuid(), id, 1, 1, $1, now() - interval '10 minutes', now() - interval '10 minutes', 'accepted' from made`,
      [provider, fast, late, silent, JSON.stringify(facts)],
    );
  }

  async function reviewed(): Promise<Record<string, number>> {
    await own.database.query(`update provider_health set changed_at = now() - interval '10 minutes'`);
    await delivery.review();
    const list = await new ProviderHealthStore(own.database).list();
    return Object.fromEntries(
      list.filter(({ channel }) => channel === 'sms').map(({ provider, weight }) => [provider, weight]),
    );
  }

  it('gives ten points to the other from the share of 15 % on, and says why', async () => {
    await open([one, two]);
    await sent('one', { fast: 17, late: 2, silent: 1 });
    await sent('two', { fast: 18, silent: 2 });
    expect(await reviewed()).toEqual({ one: 40, two: 60 });
    const [change] = await new ProviderHealthStore(own.database).history(1);
    expect(change).toMatchObject({ channel: 'sms', reason: 'one:slow' });
  });

  it('gives no more until five minutes have passed', async () => {
    await open([one, two]);
    await sent('one', { fast: 10, late: 10 });
    await sent('two', { fast: 20 });
    expect(await reviewed()).toEqual({ one: 40, two: 60 });
    await delivery.review();
    expect((await new ProviderHealthStore(own.database).list()).map(({ weight }) => weight)).toContain(40);
    expect(await reviewed()).toEqual({ one: 30, two: 70 });
  });

  it.each([
    ['fewer than 15 % of them do', { fast: 18, late: 2 }, { fast: 20 }],
    ['too few were sent to tell', { fast: 9, late: 10 }, { fast: 20 }],
    ['no receipt of it ever comes', { silent: 20 }, { fast: 20 }],
    ['those of the others do, too', { fast: 10, late: 10 }, { fast: 10, silent: 10 }],
  ])('keeps its share where %s', async (_why, ofOne, ofTwo) => {
    await open([one, two]);
    await sent('one', ofOne);
    await sent('two', ofTwo);
    expect(await reviewed()).toEqual({ one: 50, two: 50 });
  });
});

describe('a message that was accepted and of which no receipt comes', () => {
  it('is asked about for 72 hours, and its end is unknown from then on: neither arrived nor sent again', async () => {
    let questions = 0;
    one.askAbout = two.askAbout = () => {
      questions += 1;
      return Promise.resolve({ kind: 'unknown' });
    };
    await open([one, two]);
    await due(1);
    await allAre('accepted', 1);
    const age = (hours: number) =>
      own.database.query(
        `update attempts set ask_at = now(), started_at = now() - $1 * interval '1 hour', ended_at = now() - $1 * interval '1 hour'`,
        [hours],
      );
    await age(71.9);
    await delivery.sweep();
    expect(questions).toBe(1);
    await age(72.1);
    await delivery.sweep();
    expect(questions).toBe(1);
    expect(await own.database.query('select outcome, ask_at from attempts')).toEqual([
      { outcome: 'accepted', ask_at: null },
    ]);
    expect(await rows()).toMatchObject([{ state: 'accepted', receipt: null, duplicate_possible: false }]);
    expect(one.sent.length + two.sent.length).toBe(1);
  });
});

describe('a carrier that is away', () => {
  it('is left alone by its breaker, which eats nothing: all of it waits, and goes when it is back', async () => {
    one.answer = () => down;
    await open([one]);
    await due(100);
    await eventually(states, (found) => (found.retry ?? 0) >= 10);
    expect(one.sent.length).toBeLessThan(60);
    one.answer = () => ({ kind: 'accepted', providerMessageId: randomUUID() });
    await eventually(
      async () => {
        await letWaitsBeOver();
        return states();
      },
      (found) => found.accepted === 100,
      30_000,
    );
    expect(await own.database.query(`select 1 from deliveries where attempt_no > 3`)).toEqual([]);
  }, 60_000);

  it('and throttles uses no try of any message', async () => {
    one.answer = () => ({ kind: 'retryable', reason: 'throttled', retryAfterMs: 200 });
    await open([one]);
    await due(3);
    await eventually(states, (found) => found.retry === 3);
    expect(await own.database.query(`select attempt_no from deliveries where attempt_no > 0`)).toEqual([]);
    one.answer = () => ({ kind: 'accepted', providerMessageId: randomUUID() });
    await eventually(
      async () => {
        await letWaitsBeOver();
        return states();
      },
      (found) => found.accepted === 3,
    );
  });

  it('or may only be called so often keeps messages waiting, without a try and without an error', async () => {
    await open([one], { one: 5 });
    const began = performance.now();
    await due(12);
    await allAre('accepted', 12);
    expect(performance.now() - began).toBeGreaterThan(1_000);
    expect(await own.database.query(`select 1 from attempts`)).toHaveLength(12);
  });
});

describe('a message that may have left', () => {
  const unsure: SendOutcome = { kind: 'ambiguous', reason: 'timeout' };

  async function leaveInDoubt(topic: string): Promise<void> {
    one.answer = () => unsure;
    await due(1, 'normal', topic);
    await eventually(states, (found) => found.retry === 1 || found.ambiguous === 1);
    one.answer = () => ({ kind: 'accepted', providerMessageId: 'second' });
    await letWaitsBeOver();
  }

  const policy = (topic: string, onAmbiguous: string): Promise<unknown> =>
    own.database.query('insert into topics (name, policy) values ($1, $2)', [
      topic,
      JSON.stringify({ topic, onAmbiguous }),
    ]);

  it('is sent again and marked where its topic prefers two to none', async () => {
    await open([one]);
    await policy('prices', 'resend');
    await leaveInDoubt('prices');
    await allAre('accepted', 1);
    expect(one.sent).toHaveLength(2);
    expect(await rows()).toMatchObject([{ duplicate_possible: true }]);
  });

  it('waits for a person where its topic prefers none to two, and goes once that person says so', async () => {
    await open([one]);
    await policy('prices', 'hold');
    await leaveInDoubt('prices');
    await allAre('ambiguous', 1);
    expect(one.sent).toHaveLength(1);
    await own.database.query(`update deliveries set state = 'pending', attempt_no = 0, reason = 'redriven'`);
    delivery.wake();
    await allAre('accepted', 1);
    expect(one.sent).toHaveLength(2);
  });

  it('is asked about, and is done where the carrier has it', async () => {
    one.askAbout = ({ attemptId }) =>
      Promise.resolve({ kind: 'found', receipt: receiptOf(attemptId) } as unknown as Found);
    await open([one]);
    await policy('prices', 'hold');
    await leaveInDoubt('prices');
    await allAre('accepted', 1);
    expect(one.sent).toHaveLength(1);
    expect(await rows()).toMatchObject([{ reason: 'foundByAsking', provider_message_id: 'SM1' }]);
  });

  it('is done where a receipt has named it meanwhile', async () => {
    await open([one]);
    await policy('prices', 'resend');
    one.answer = () => unsure;
    await due(1, 'normal', 'prices');
    await eventually(states, (found) => found.retry === 1);
    const [attempt] = await own.database.query<{ id: string }>('select id from attempts');
    await new ReceiptInbox(own.database).keep([receiptOf(attempt?.id ?? '') as never]);
    await letWaitsBeOver();
    await allAre('accepted', 1);
    expect(one.sent).toHaveLength(1);
  });
});

function receiptOf(attemptId: string): object {
  return {
    provider: 'one',
    eventId: 'SM1:sent',
    attemptId,
    providerMessageId: 'SM1',
    state: 'sent',
    reason: '',
    occurredAt: Date.now(),
    channel: 'sms',
    address: null,
    mayRetry: false,
    suppress: null,
  };
}

describe('a delivery whose time has come', () => {
  it('is withdrawn where its address was suppressed meanwhile', async () => {
    await open([one]);
    await own.database.query(
      `insert into suppressions (id, channel, address, reason, source) values (gen_random_uuid(), 'sms', '+15550100001', 'optedOut', 'test')`,
    );
    await due(1);
    await allAre('withdrawn', 1);
    expect(await rows()).toMatchObject([{ reason: 'suppressed:optedOut', attempt_no: 0 }]);
    expect(one.sent).toHaveLength(0);
    expect(await own.database.query('select 1 from attempts')).toEqual([]);
  });

  it.each([
    ['is withdrawn where its topic was switched off meanwhile', false, 'withdrawn'],
    ['goes where the topic is critical, whatever was switched off', true, 'accepted'],
  ])('%s', async (_what, isCritical, state) => {
    await open([one]);
    await own.database.query('insert into topics (name, policy) values ($1, $2)', [
      'prices',
      JSON.stringify({ topic: 'prices', isCritical }),
    ]);
    await own.database.query(
      `insert into preferences (customer_id, topic, channel, enabled) values ('ana', 'prices', 'sms', false)`,
    );
    await due(1, 'normal', 'prices');
    await allAre(state, 1);
  });
});

describe('a call that gets no answer', () => {
  it.each([
    ['half of its lease', undefined, 2_000],
    ['three quarters of it where its carrier asks for 15 s and not 10', 15_000, 3_000],
  ])('is let run for %s, and ends before anybody takes it over', async (_, callMs, letMs) => {
    const silent = new SilentCarrier('silent', callMs);
    await open([silent]);
    await due(1);
    await allAre('ambiguous', 1);
    expect(silent.letMs[0]).toBeGreaterThan(letMs - 50);
    expect(silent.letMs[0]).toBeLessThan(letMs + 900);
    expect(await own.database.query('select attempt_no, lease_epoch, outcome, reason from attempts')).toEqual(
      [{ attempt_no: 1, lease_epoch: 1, outcome: 'ambiguous', reason: 'timeout' }],
    );
  });
});
