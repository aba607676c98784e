import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { renderMessage } from '@app/channels';
import type { Database } from '@app/persistence';
import { TWILIO_ACCOUNT } from '../test/harness/providers/twilio-server';
import type { BareSms } from './dispatch/bare-sms';
import { startDispatcher, stop } from './dispatch/child';
import { ownPostgres } from './dispatch/postgres';
import type { Told } from './dispatch/twilio-process';
import { numberOption } from './options';
import { judged, median, type Report } from './report';

const ROUNDS = 5;
const AT_ONCE = 32;
const BUILT = 'dist/bench/bench/dispatch';

/** How the server answers, how many texts make a round of some seconds, and what share of the bare loop is asked for. */
const CASES = [
  { name: 'at once', latencyMs: 0, texts: 6_000, goal: 0.7 },
  { name: 'after 50 ms', latencyMs: 50, texts: 3_000, goal: 0.95 },
] as const;

const FACTS = {
  alertId: 'a1',
  ruleId: 'r1',
  ruleTitle: 'Low balance',
  condition: 'falls below 100.00 EUR',
  metric: 'account.balance',
  metricTitle: 'balance',
  unit: 'EUR',
  scale: 2,
  subject: 'account:42',
  owned: true,
  value: 9_210,
  at: 1_700_000_000_000,
  openedAt: 1_700_000_000_000,
};

/**
 * Deliveries that wait in the store: claimed, written for their reader, sent through Twilio's SDK and recorded, by the
 * real dispatcher; against a loop around the same SDK that stores nothing. Turn by turn, to the same server.
 */
export const dispatchSms = {
  name: 'dispatch-sms',
  async run(report: Report): Promise<void> {
    const postgres = await ownPostgres();
    const server = fork(resolve(BUILT, 'twilio-process.js'), { stdio: 'inherit' });
    const [{ url }] = (await once(server, 'message')) as [{ url: string }];
    await makePhones(postgres.database, Math.max(...CASES.map((one) => one.texts)));
    const dispatcher = await startDispatcher({
      DATABASE_URL: postgres.databaseUrl,
      TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
      TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
      TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
      TWILIO_BASE_URL: url,
      SEND_CONCURRENCY: String(AT_ONCE),
    });
    try {
      const { database } = postgres;
      for (const one of CASES) await measure(report, one, { database, server, url });
    } finally {
      await stop(dispatcher);
      server.disconnect();
      await postgres.end();
    }
  },
};

interface Around {
  database: Database;
  server: ChildProcess;
  url: string;
}

async function measure(report: Report, one: (typeof CASES)[number], around: Around): Promise<void> {
  const texts = numberOption('texts', one.texts);
  const { database, server, url } = around;
  await tell(server, { latencyMs: one.latencyMs });
  const ours: number[] = [];
  const theirs: number[] = [];
  await oursOnce(database, server, texts); // code that was never run
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await theirsOnce(url, texts));
    ours.push(await oursOnce(database, server, texts));
  }
  const base = { bench: 'dispatch-sms', unit: 'texts/s', better: 'higher', goal: one.goal } as const;
  const against = 'a bare loop around the same SDK';
  const name = `answers ${one.name}, ${AT_ONCE} at once`;
  report(judged({ ...base, case: name, ours: median(ours), against, theirs: median(theirs) }));
}

async function theirsOnce(url: string, texts: number): Promise<number> {
  const reader = { name: 'Ada', timeZone: 'Europe/Berlin', language: 'en' };
  const { text: body } = renderMessage({ kind: 'alertFired', facts: FACTS }, 'sms', reader);
  const told: BareSms = { url, texts, atOnce: AT_ONCE, body };
  const program = [resolve(BUILT, 'bare-sms.js'), JSON.stringify(told)];
  const { stdout } = await promisify(execFile)(process.execPath, program);
  return Number(stdout);
}

/** From the commit that makes the deliveries due until the server has the last text and the store its record. */
async function oursOnce(database: Database, server: ChildProcess, texts: number): Promise<number> {
  const first = await tell(server, {});
  await database.query(FILL, [texts, JSON.stringify(FACTS)]);
  await database.query('analyze deliveries');
  const began = performance.now();
  await database.query(`update deliveries set not_before = now() where not_before = 'infinity'`);
  await database.query(`select pg_notify('deliveries', 'normal')`);
  while ((await tell(server, {})) < first + texts) await delay(20);
  while (await isUnderWay(database)) await delay(10);
  return texts / ((performance.now() - began) / 1_000);
}

async function isUnderWay(database: Database): Promise<boolean> {
  const sql = `select 1 from deliveries where state in ('pending', 'sending', 'retry') limit 1`;
  return (await database.query(sql)).length > 0;
}

async function tell(server: ChildProcess, told: Told): Promise<number> {
  const answer = once(server, 'message');
  server.send(told);
  return ((await answer) as [{ texts: number }])[0].texts;
}

async function makePhones(database: Database, people: number): Promise<void> {
  await database.query(
    `with people as (
       insert into customers (id, name, time_zone, language)
       select 'c' || i, 'Ada', 'Europe/Berlin', 'en' from generate_series(1, $1::int) i returning id)
     insert into contact_points (id, customer_id, channel, address, verified_at)
     select md5('p' || id)::uuid, id, 'sms', '+155502' || lpad(substr(id, 2), 5, '0'), now() from people`,
    [people],
  );
}

/** Planned already, and due at a moment that only the bench knows. */
const FILL = `with told as (
    insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at, planned_at)
    select gen_random_uuid(), 'c' || i, 'alerts', 'normal', '{sms}', 'alertFired', $2::jsonb, now(), now()
    from generate_series(1, $1::int) i returning id, customer_id)
  insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, state, not_before, expires_at)
  select gen_random_uuid(), id, customer_id, md5('p' || customer_id)::uuid, 'sms', 'normal', 'pending', 'infinity',
    now() + interval '1 day' from told`;
