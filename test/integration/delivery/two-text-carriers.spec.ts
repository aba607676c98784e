import { randomUUID } from 'node:crypto';
import type { Lane } from '@app/contracts';
import type { Dispatcher } from '../../../apps/dispatcher/src/dispatcher';
import { startApi, type TestApi } from '../../harness/api-app';
import { startDispatcher } from '../../harness/dispatcher-app';
import { eventually } from '../../harness/eventually';
import {
  postCallback,
  type SignedCallback,
  TelnyxSigner,
  twilioCallback,
} from '../../harness/providers/signed-callbacks';
import { FakeTelnyx, TELNYX_ACCOUNT } from '../../harness/providers/telnyx-server';
import { FakeTwilio, TWILIO_ACCOUNT } from '../../harness/providers/twilio-server';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

const PUBLIC_URL = 'https://alerts.bank.example';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const signer = new TelnyxSigner();

let own: TestDatabase;
let twilio: FakeTwilio;
let telnyx: FakeTelnyx;
let dispatcher: Dispatcher;
let api: TestApi;
beforeEach(async () => {
  own = await createTestDatabase(15);
  [twilio, telnyx] = await Promise.all([new FakeTwilio().start(), new FakeTelnyx().start()]);
  const common = {
    PUBLIC_URL,
    LINK_SECRET: 'a secret that is long enough for the links',
    TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
  };
  dispatcher = await startDispatcher(own.url, {
    ...common,
    TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
    TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
    TWILIO_BASE_URL: twilio.url,
    TELNYX_API_KEY: TELNYX_ACCOUNT.apiKey,
    TELNYX_FROM: TELNYX_ACCOUNT.numbers[0] ?? '',
    TELNYX_BASE_URL: telnyx.url,
  });
  api = await startApi(own.url, { ...common, TELNYX_PUBLIC_KEYS: signer.publicKey });
});
afterEach(async () => {
  await api.close();
  await dispatcher.stop();
  await Promise.all([twilio.stop(), telnyx.stop()]);
  await own.drop();
});

const NUMBER = '+4915112345678';

/** An alert to each of so many customers, each with a number; the first is `NUMBER`. */
async function alert(lane: Lane, people = 1): Promise<void> {
  const facts = {
    ...{ alertId: randomUUID(), ruleId: randomUUID(), ruleTitle: '', condition: 'falls below 100.00 EUR' },
    ...{ metric: 'account.balance', metricTitle: 'balance', unit: 'EUR', scale: 2, subject: 'account:42' },
    ...{ value: 9_000, at: Date.now(), openedAt: Date.now() },
  };
  await own.database.query(
    `with people as (
       insert into customers (id, name, time_zone, language)
       select 'p' || i, 'P', 'UTC', 'en' from generate_series(1, $1::int) i on conflict (id) do update set name = 'P' returning id),
     phones as (
       insert into contact_points (id, customer_id, channel, address, verified_at)
       select md5(id)::uuid, id, 'sms', '+49151' || (12345677 + substr(id, 2)::int), now() from people on conflict do nothing),
     told as (
       insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
       select gen_random_uuid(), id, 'alerts', $2, '{sms}', 'alertFired', $3, now() from people)
     select count(*) from people`,
    [people, lane, JSON.stringify(facts)],
  );
  await own.database.query(`select pg_notify('notifications', '')`);
}

/** Lets so much time be over for what is stored, without waiting for it. */
async function letPass(ms: number): Promise<void> {
  const earlier = (column: string) => `${column} = ${column} - $1 * interval '1 millisecond'`;
  const columns = ['started_at', 'ended_at', 'asked_at', 'ask_at'].map(earlier).join(', ');
  await own.database.query(`update attempts set ${columns}`, [ms]);
  await own.database.query(`update deliveries set ${earlier('not_before')}`, [ms]);
  await own.database.query(`update provider_health set ${earlier('changed_at')}`, [ms]);
  await own.database.query(`select pg_notify('deliveries', '')`);
}

interface Row {
  state: string;
  reason: string;
  doubled: boolean;
  /** Ms from now until it may go. */
  waitMs: number;
  attemptId: string;
  provider: string;
}
/** Deliveries with their attempts, in the order in which they began. */
const rows = (): Promise<Row[]> =>
  own.database.query<Row>(
    `select d.state, d.reason, d.duplicate_possible as doubled, a.id as "attemptId", a.provider,
       extract(epoch from d.not_before - clock_timestamp())::float8 * 1000 as "waitMs"
     from deliveries d join attempts a on a.delivery_id = d.id where d.channel = 'sms' order by a.started_at, a.id`,
  );
const allAccepted = (attempts: number): Promise<Row[]> =>
  eventually(rows, (all) => all.length === attempts && all.every(({ state }) => state === 'accepted'));
const carriedBy = async (): Promise<string[]> => (await rows()).map(({ provider }) => provider);

async function pin(provider: string, weight: number | null): Promise<void> {
  const path = `/v1/providers/sms/${provider}/pin`;
  await api.call(api.adminKey, { method: 'PUT', path, body: { weight, reason: 'for the test' } });
  await dispatcher.review();
}
/** The next message goes by this carrier; after that both are drawn again. */
async function by(provider: string, act: () => Promise<unknown>): Promise<void> {
  const other = provider === 'twilio' ? 'telnyx' : 'twilio';
  await pin(other, 0);
  await act();
  await pin(other, null);
}

const post = (callback: SignedCallback): Promise<number> => postCallback(api.url, callback);

describe('an alert whose carrier fails', () => {
  it('with a 503 goes by the other within ten seconds of the error, once the first has been asked, and is marked', async () => {
    twilio.answerAlways({ status: 503 });
    await by('twilio', async () => {
      await alert('urgent');
      await eventually(rows, ([first]) => first?.state === 'retry');
    });
    await allAccepted(2);
    const [times] = await own.database.query<{ ms: number }>(
      `select extract(epoch from max(started_at) - min(ended_at))::float8 * 1000 as ms from attempts`,
    );
    expect(times?.ms).toBeLessThan(10 * SECOND);
    expect(await carriedBy()).toEqual(['twilio', 'telnyx']);
    expect(await rows()).toMatchObject([{ doubled: true }, {}]);
    expect(telnyx.accepted.map((one) => one.fields?.to)).toEqual([NUMBER]);
  });

  it('with a 503 to our question, too, has waits of less than ten seconds in all', async () => {
    twilio.answerAlways({ status: 503 });
    twilio.canBeAsked = false;
    let waited = 0;
    await by('twilio', async () => {
      await alert('urgent');
      await eventually(rows, ([first]) => first?.state === 'retry');
    });
    const [first] = await rows();
    waited += first?.waitMs ?? 0;
    await letPass(5 * SECOND);
    const asked = () => own.database.query<{ count: number }>('select ask_count as count from attempts');
    await eventually(asked, ([attempt]) => attempt?.count === 1);
    const [again] = await eventually(rows, ([one]) => one?.state === 'retry');
    waited += again?.waitMs ?? 0;
    await letPass(5 * SECOND);
    await allAccepted(2);
    expect(await carriedBy()).toEqual(['twilio', 'telnyx']);
    expect(waited).toBeLessThan(10 * SECOND);
  });

  it('without a connection goes by the other at once, and as one copy', async () => {
    await pin('telnyx', 0);
    await twilio.stop();
    await pin('telnyx', null);
    for (const n of [1, 2, 3, 4, 5]) {
      await alert('urgent');
      await eventually(
        () => Promise.resolve(telnyx.accepted.length),
        (count) => count === n,
      );
    }
    expect((await rows()).every(({ doubled }) => !doubled)).toBe(true);
    twilio = await new FakeTwilio().start();
  });

  it('is not sent twice where the answer alone was lost: the first carrier has it, and says so when it is asked', async () => {
    for (const [provider, server] of [
      ['twilio', twilio],
      ['telnyx', telnyx],
    ] as const) {
      server.failNext({ resetAfterAccept: true });
      await by(provider, async () => {
        await alert('urgent');
        await eventually(rows, (all) => all.some(({ state }) => state === 'retry'));
      });
      await letPass(5 * SECOND);
      await eventually(rows, (all) => all.every(({ reason }) => reason === 'foundByAsking'));
    }
    expect(await carriedBy()).toEqual(['twilio', 'telnyx']);
    expect([twilio.accepted.length, telnyx.accepted.length]).toEqual([1, 1]);
  });
});

describe('a critical alert that no receipt comes for', () => {
  const firstAskedAfterMs = async (): Promise<number | undefined> => {
    const [attempt] = await own.database.query<{ ms: number }>(
      `select extract(epoch from ask_at - ended_at)::float8 * 1000 as ms from attempts`,
    );
    return attempt?.ms;
  };

  it.each(['twilio', 'telnyx'])(
    'after %s took it goes by the other within a minute, and no second time',
    async (first) => {
      const other = first === 'twilio' ? 'telnyx' : 'twilio';
      await by(first, async () => {
        await alert('urgent');
        await allAccepted(1);
      });
      // By the store's own clock: what this test takes from the answer to the sweep would count against a wait of 44 s.
      expect(await firstAskedAfterMs()).toBe(45 * SECOND); // and a sweep is made every five
      await letPass(30 * SECOND);
      await dispatcher.sweep();
      expect(await carriedBy()).toEqual([first]);
      await letPass(16 * SECOND);
      await dispatcher.sweep();
      const [, second] = await allAccepted(2);
      expect(second).toMatchObject({ provider: other, doubled: true });
      await letPass(10 * MINUTE);
      await dispatcher.sweep();
      expect(await carriedBy()).toEqual([first, other]);
    },
  );

  it('stays with its carrier where that says, asked, that it arrived', async () => {
    await by('telnyx', async () => {
      await alert('urgent');
      await allAccepted(1);
    });
    telnyx.statuses.set(telnyx.accepted[0]?.id ?? '', { status: 'delivered' });
    await letPass(46 * SECOND);
    await dispatcher.sweep();
    const receipts = () => own.database.query<{ receipt: string }>('select receipt from deliveries');
    await eventually(receipts, ([one]) => one?.receipt === 'delivered');
    expect(await carriedBy()).toEqual(['telnyx']);
  });

  it('goes by the other as soon as a signed event says that the first could not deliver it', async () => {
    await by('telnyx', async () => {
      await alert('urgent');
      await allAccepted(1);
    });
    const id = telnyx.accepted[0]?.id ?? '';
    telnyx.statuses.set(id, {
      status: 'delivery_failed',
      errors: [{ code: '40008', title: 'Undeliverable' }],
    });
    const message = telnyx.messageOf(telnyx.accepted[0] as (typeof telnyx.accepted)[number]);
    expect(await post(signer.callback('message.finalized', message))).toBe(204);
    await allAccepted(2);
    expect(await carriedBy()).toEqual(['telnyx', 'twilio']);
    expect(await rows()).toMatchObject([{ doubled: false }, {}]);
  });
});

describe('the shares of two carriers', () => {
  const weights = async (): Promise<Record<string, [number, string]>> => {
    const { body } = await api.call<{ items: { provider: string; weight: number; reason: string }[] }>(
      api.adminKey,
      { path: '/v1/providers' },
    );
    const own = body.items.filter(({ provider }) => ['twilio', 'telnyx'].includes(provider));
    return Object.fromEntries(own.map(({ provider, weight, reason }) => [provider, [weight, reason]]));
  };

  it('move away from one that ails and come back when it is well, and nothing is lost meanwhile', async () => {
    expect(await weights()).toMatchObject({
      twilio: [50, expect.anything()],
      telnyx: [50, expect.anything()],
    });
    await letPass(2 * MINUTE);
    twilio.answerAlways({ status: 503 });
    await alert('normal', 60);
    const moved = await eventually(weights, ({ twilio }) => twilio?.[0] === 40);
    expect(moved).toEqual({ twilio: [40, 'twilio:faults'], telnyx: [60, 'twilio:faults'] });
    await eventually(rows, (all) => new Set(all.map(({ attemptId }) => attemptId)).size >= 60);
    const until = async (): Promise<number> => {
      await letPass(5 * MINUTE);
      return telnyx.accepted.length;
    };
    await eventually(until, (count) => count === 60);
    expect(twilio.accepted).toHaveLength(0);
    twilio.answerAlways(null);
    const reviewed = async (): ReturnType<typeof weights> => {
      await letPass(16 * MINUTE);
      await dispatcher.review();
      return weights();
    };
    const rested = await eventually(reviewed, ({ twilio }) => twilio?.[0] === 50);
    expect(rested).toEqual({ twilio: [50, 'recovery'], telnyx: [50, 'recovery'] });
  });

  it('are equal while both are well', async () => {
    await alert('normal', 60);
    await allAccepted(60);
    expect(Math.min(twilio.accepted.length, telnyx.accepted.length)).toBeGreaterThan(10);
    expect(twilio.accepted.length + telnyx.accepted.length).toBe(60);
  });
});

describe('STOP', () => {
  const toTwilio = (words: string): SignedCallback =>
    twilioCallback(
      { publicUrl: PUBLIC_URL, token: TWILIO_ACCOUNT.authToken },
      '/v1/callbacks/twilio/inbound',
      { MessageSid: `SM${randomUUID()}`, From: NUMBER, To: TWILIO_ACCOUNT.numbers[0] ?? '', Body: words },
    );
  const toTelnyx = (words: string): SignedCallback =>
    signer.callback('message.received', {
      ...{ id: randomUUID(), direction: 'inbound', text: words, autoresponse_type: words },
      ...{ from: { phone_number: NUMBER }, to: [{ phone_number: TELNYX_ACCOUNT.numbers[0] }] },
    });
  const planned = () =>
    own.database.query<{ open: number }>(
      'select count(*) as open from notifications where planned_at is null',
    );

  it.each([
    ['Twilio', toTwilio],
    ['Telnyx', toTelnyx],
  ])('to %s silences the phone for both, and START lets both speak again', async (_name, say) => {
    await alert('normal');
    await allAccepted(1);
    expect(await post(say('STOP'))).toBeLessThan(300);
    for (const provider of ['twilio', 'telnyx'])
      await by(provider, async () => {
        await alert('urgent');
        await eventually(planned, ([row]) => row?.open === 0);
      });
    expect(await post(say('START'))).toBeLessThan(300);
    for (const provider of ['twilio', 'telnyx'])
      await by(provider, async () => {
        const before = (await rows()).length;
        await alert('urgent');
        await allAccepted(before + 1);
      });
    expect((await carriedBy()).slice(1)).toEqual(['twilio', 'telnyx']);
    expect(twilio.received.length + telnyx.received.length).toBe(3);
  });

  it('that a carrier keeps itself is believed, wherever START went: the number is suppressed again', async () => {
    await alert('normal');
    await allAccepted(1);
    await post(toTwilio('STOP'));
    twilio.optedOut.add(NUMBER);
    await post(toTelnyx('START'));
    await by('twilio', async () => {
      await alert('urgent');
      await eventually(rows, (all) => all.some(({ reason }) => reason === 'optedOut'));
    });
    const kept = () =>
      own.database.query<{ source: string }>(
        `select source from suppressions where address = $1 and lifted_at is null`,
        [NUMBER],
      );
    await eventually(kept, ([row]) => row?.source === 'provider:sms');
    await post(toTwilio('START'));
    twilio.optedOut.delete(NUMBER);
    expect(await kept()).toEqual([]);
  });
});
