import { randomUUID } from 'node:crypto';
import { startApi, type TestApi } from '../../harness/api-app';
import { twilioCallback } from '../../harness/providers/signed-callbacks';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { createRule, defineMetrics, register, verifiedContactPoint } from '../api/fixtures';

const PUBLIC_URL = 'https://alerts.bank.example';
const TOKEN = 'the-token-of-the-account';

let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url, {
    PUBLIC_URL,
    LINK_SECRET: 'a secret that is long enough for the links',
    TWILIO_AUTH_TOKEN: TOKEN,
  });
  await defineMetrics(api);
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

interface Person {
  id: string;
  token: string;
  number: string;
  contactPointId: string;
  ruleId: string;
}
let people = 0;

/** A customer with a proven number, a rule, and its alert told to that number a moment ago. */
async function told(over: Record<string, unknown> = {}): Promise<Person> {
  people += 1;
  const id = `texter-${people}`;
  const token = await register(api, id, { owns: [`account:${people}`] });
  const number = `+491517700${1000 + people}`;
  const contactPointId = await verifiedContactPoint(api, own, token, { channel: 'sms', address: number });
  const { ruleId } = await createRule(api, token, {
    subjects: [`account:${people}`],
    title: 'Low balance',
    ...over,
  });
  await tellAlert({ id, contactPointId, ruleId });
  return { id, token, number, contactPointId, ruleId };
}

async function tellAlert({ id, contactPointId, ruleId }: Pick<Person, 'id' | 'contactPointId' | 'ruleId'>) {
  const facts = {
    ...{ alertId: randomUUID(), ruleId, ruleTitle: 'Low balance', condition: 'falls below 100.00 EUR' },
    ...{
      metric: 'account.balance',
      metricTitle: 'balance',
      unit: 'EUR',
      scale: 2,
      subject: `account:${people}`,
    },
    ...{ value: 9_000, at: 0, openedAt: 0 },
  };
  await own.database.query(
    `with n as (insert into notifications (id, customer_id, topic, lane, kind, facts, alert_id, caused_at, planned_at)
       values (gen_random_uuid(), $1, 'alerts', 'normal', 'alertFired', $2, $3, now(), now()) returning id),
     d as (insert into decisions (notification_id, channel, contact_point_id, decision, reason)
       select id, 'sms', $4, 'sent', 'byDefault' from n)
     insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, state, expires_at, finished_at)
     select gen_random_uuid(), id, $1, $4, 'sms', 'normal', 'accepted', now() + interval '1 day', now() from n`,
    [id, JSON.stringify(facts), facts.alertId, contactPointId],
  );
}

interface Answer {
  status: number;
  /** What Twilio is asked to send back; null for nothing. */
  confirmed: string | null;
}
async function text(From: string, Body: string, more: Record<string, string> = {}): Promise<Answer> {
  const fields = {
    MessageSid: `SM${randomUUID()}`,
    AccountSid: 'AC1',
    From,
    To: '+15005550006',
    Body,
    ...more,
  };
  const { path, headers, body } = twilioCallback(
    { publicUrl: PUBLIC_URL, token: TOKEN },
    '/v1/callbacks/twilio/inbound',
    fields,
  );
  const response = await fetch(`${api.url}${path}`, { method: 'POST', headers, body });
  const xml = await response.text();
  if (response.status === 200) expect(response.headers.get('content-type')).toContain('text/xml');
  return { status: response.status, confirmed: /<Message>([^]*)<\/Message>/.exec(xml)?.[1] ?? null };
}

const answersTo = async ({ id }: Pick<Person, 'id'>): Promise<string[]> => {
  const rows = await own.database.query<{ text: string }>(
    `select facts ->> 'text' as text from notifications where customer_id = $1 and kind = 'answer' order by seq`,
    [id],
  );
  return rows.map((row) => row.text);
};
const suppressionsOf = (number: string) =>
  own.database.query(
    `select reason, source, customer_id from suppressions where address = $1 and lifted_at is null order by reason`,
    [number],
  );
const ruleOf = async ({ token, ruleId }: Person) =>
  (await api.call<Record<string, unknown>>(token, { path: `/v1/me/rules/${ruleId}` })).body;

describe('STOP by text', () => {
  it.each(['STOP', 'Please stop texting me', 'opt out'])(
    'ends all texts to the number at once, confirmed a single time: %s',
    async (words) => {
      const ana = await told();
      expect(await text(ana.number, words)).toEqual({
        status: 200,
        confirmed: expect.stringContaining('You will get no more texts'),
      });
      expect(await suppressionsOf(ana.number)).toEqual([
        { reason: 'optedOut', source: 'sms', customer_id: null },
      ]);
      expect(await answersTo(ana)).toEqual([]);
      const lost = await own.database.query(
        `select 1 from notifications where customer_id = $1 and kind = 'contactPointLost'`,
        [ana.id],
      );
      expect(lost).toHaveLength(1);
    },
  );

  it('is taken from a number that nobody has proven, too, and from one that Twilio has answered without a second answer', async () => {
    expect((await text('+4915199990001', 'STOP')).confirmed).toContain('no more texts');
    expect(await suppressionsOf('+4915199990001')).toHaveLength(1);
    expect((await text('+4915199990002', 'STOP', { OptOutType: 'STOP' })).confirmed).toBeNull();
    expect(await suppressionsOf('+4915199990002')).toHaveLength(1);
  });

  it('is lifted by START, and a complaint is not', async () => {
    const ana = await told();
    await text(ana.number, 'STOP');
    await own.database.query(
      `insert into suppressions (id, channel, address, reason, source)
       values (gen_random_uuid(), 'sms', $1, 'complained', 'provider:twilio')`,
      [ana.number],
    );
    expect((await text(ana.number, 'START')).confirmed).toContain('again');
    expect(await suppressionsOf(ana.number)).toMatchObject([{ reason: 'complained' }]);
    const actions = await own.database.query(
      `select actor, action from audit_entries where customer_id = $1 or detail ->> 'why' = 'START' order by id`,
      [ana.id],
    );
    expect(actions.slice(-2)).toEqual([
      { actor: 'sms', action: 'suppression.made' },
      { actor: 'sms', action: 'suppression.lifted' },
    ]);
  });
});

describe('HELP by text', () => {
  it('is answered with a few fixed words, to anybody', async () => {
    expect((await text('+4915199990003', 'help')).confirmed).toContain('STOP to end them');
  });
});

describe('an answer to an alert', () => {
  it('SNOOZE 2H makes the rule of that alert quiet, and says until when in the customer’s zone', async () => {
    const ana = await told();
    const before = Date.now();
    expect(await text(ana.number, 'Snooze 2h')).toEqual({ status: 200, confirmed: null });
    const until = new Date(String((await ruleOf(ana)).snoozedUntil)).getTime();
    expect(until - before).toBeGreaterThanOrEqual(2 * 3_600_000);
    expect(until - before).toBeLessThan(2 * 3_600_000 + 60_000);
    expect(await answersTo(ana)).toEqual([
      expect.stringMatching(/^“Low balance” is quiet until \d+ \w{3}, \d\d:\d\d \(Europe\/Berlin\)/),
    ]);
  });

  it('a number is the new threshold, confirmed with the old one, which takes it back', async () => {
    const ana = await told();
    await text(ana.number, '85,50');
    expect(await ruleOf(ana)).toMatchObject({ threshold: '85.50' });
    await text(ana.number, '100.00');
    expect(await ruleOf(ana)).toMatchObject({ threshold: '100.00' });
    await text(ana.number, '100');
    expect(await answersTo(ana)).toEqual([
      '“Low balance”: the threshold is now 85.50 EUR, it was 100.00 EUR. Reply 100.00 to take it back.',
      '“Low balance”: the threshold is now 100.00 EUR, it was 85.50 EUR. Reply 85.50 to take it back.',
      '“Low balance”: the threshold is 100.00 EUR already.',
    ]);
  });

  it('a number that could be two is not guessed at', async () => {
    const ana = await told();
    await text(ana.number, '1,000');
    expect(await ruleOf(ana)).toMatchObject({ threshold: '100.00' });
    expect(await answersTo(ana)).toEqual([expect.stringContaining('We cannot tell which number')]);
  });

  it('a number finer than the metric is refused in words, and changes nothing', async () => {
    const ana = await told();
    await text(ana.number, '85.555');
    expect(await ruleOf(ana)).toMatchObject({ threshold: '100.00' });
    expect(await answersTo(ana)).toHaveLength(1);
  });

  it('a number does not change a rule with several thresholds', async () => {
    const ana = await told({ operator: 'between', threshold: '10', upper: '20' });
    await text(ana.number, '15');
    expect(await ruleOf(ana)).toMatchObject({ threshold: '10.00', upper: '20.00' });
    expect(await answersTo(ana)).toEqual([expect.stringContaining('more than one threshold')]);
  });

  it('WHY says what was asked for and why it came this way', async () => {
    const ana = await told();
    await text(ana.number, 'Why?');
    expect(await answersTo(ana)).toEqual([
      expect.stringMatching(
        /^“Low balance”: you asked to be told when the balance on account \d+ falls below 100\.00 EUR\. Sent: /,
      ),
    ]);
  });

  it('means the last alert told to this very number, and none of another customer', async () => {
    const ana = await told();
    const ben = await told();
    await text(ana.number, '42');
    expect(await ruleOf(ana)).toMatchObject({ threshold: '42.00' });
    expect(await ruleOf(ben)).toMatchObject({ threshold: '100.00' });
    expect(await answersTo(ben)).toEqual([]);
  });

  it('of a rule that is gone says so', async () => {
    const ana = await told();
    await api.call(ana.token, { method: 'DELETE', path: `/v1/me/rules/${ana.ruleId}` });
    await text(ana.number, 'snooze 1h');
    expect(await answersTo(ana)).toEqual([expect.stringContaining('no longer there')]);
  });

  it('counts once, however often Twilio brings it, and is answered once', async () => {
    const ana = await told();
    const MessageSid = `SM${randomUUID()}`;
    await Promise.all(Array.from({ length: 5 }, () => text(ana.number, '70', { MessageSid })));
    await text(ana.number, '70', { MessageSid });
    expect(await ruleOf(ana)).toMatchObject({ threshold: '70.00' });
    expect(await answersTo(ana)).toHaveLength(1);
  });

  it('that nobody understands is answered, ten times an hour and not more', async () => {
    const ana = await told();
    for (let n = 0; n < 12; n += 1) await text(ana.number, `what is this ${n}`);
    expect(await answersTo(ana)).toHaveLength(10);
  });

  it('where no alert was told lately, says that it cannot mean one', async () => {
    const ana = await told();
    await own.database.query(
      `update deliveries set finished_at = now() - interval '73 hours' where customer_id = $1`,
      [ana.id],
    );
    await text(ana.number, 'WHY');
    expect(await answersTo(ana)).toEqual([expect.stringContaining('we do not know which one you mean')]);
  });
});

describe('a text of a stranger', () => {
  it('changes nothing and is not answered, be it from an unknown number or an unproven one', async () => {
    const ana = await told();
    await own.database.query(`update contact_points set verified_at = null where id = $1`, [
      ana.contactPointId,
    ]);
    for (const number of ['+4915199990009', ana.number])
      for (const words of ['42', 'WHY', 'SNOOZE 2H', 'hello', 'START'])
        expect(await text(number, words)).toEqual({ status: 200, confirmed: null });
    expect(await ruleOf(ana)).toMatchObject({ threshold: '100.00', snoozedUntil: null });
    expect(await answersTo(ana)).toEqual([]);
  });

  it('with a forged signature is refused, and not even kept', async () => {
    const ana = await told();
    const response = await fetch(`${api.url}/v1/callbacks/twilio/inbound`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'forged' },
      body: new URLSearchParams({ MessageSid: 'SMforged', From: ana.number, Body: 'STOP' }),
    });
    expect(response.status).toBe(403);
    expect(await suppressionsOf(ana.number)).toEqual([]);
    const kept = await own.database.query(
      `select 1 from inbound_messages where provider_message_id = 'SMforged'`,
    );
    expect(kept).toEqual([]);
  });
});
