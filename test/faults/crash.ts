import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresEventLog } from '@app/event-log';
import { Database, EventLogStore, migrate, startEmbeddedPostgres } from '@app/persistence';
import { DispatcherProcess } from '../harness/dispatcher-process';
import { eventually } from '../harness/eventually';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { World, anEvent } from '../harness/world';

export interface FaultLine {
  fault: string;
  runs: number;
  seed: number;
  expected: number;
  lost: number;
  doubled: number;
  ambiguous: number;
  unmarkedDoubles: number;
  seconds: number;
}

const ACCOUNTS = 25;
const EVENTS_PER_RUN = 20;
/** Killed somewhere in here after it was started; it is ready after about a second. */
const LONGEST_LIFE_MS = 4_000;

/**
 * Kills the dispatcher (-9) at random moments while it starts, reads, commits and sends, then lets it finish, and
 * compares alerts and texts with what a plain reading of the events demands.
 */
export async function crash(runs: number, seed: number): Promise<FaultLine> {
  const began = Date.now();
  const random = seeded(seed);
  const folder = await mkdtemp(join(tmpdir(), 'tidings-faults-'));
  const postgres = await startEmbeddedPostgres({ folder, throwaway: true });
  const database = await Database.open({ url: postgres.url, poolSize: 4, applicationName: 'faults' });
  const twilio = await new FakeTwilio().start();
  const dispatcher = new DispatcherProcess(settings(postgres.url, twilio.url));
  try {
    await migrate(database);
    const log = new PostgresEventLog({ store: new EventLogStore(database), partitions: 2 });
    await log.open();
    const expected = await drive({ database, log, dispatcher, twilio, runs, random });
    return await count({ database, twilio, runs, seed, expected, seconds: (Date.now() - began) / 1000 });
  } finally {
    await dispatcher.kill('SIGKILL');
    await twilio.stop();
    await database.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Drive {
  database: Database;
  log: PostgresEventLog;
  dispatcher: DispatcherProcess;
  twilio: FakeTwilio;
  runs: number;
  random: () => number;
}

/** @returns how many firings the events demand */
async function drive({ database, log, dispatcher, twilio, runs, random }: Drive): Promise<number> {
  const world = new World(database, log);
  await world.metric();
  await world.customer('ana', { sms: '+15550100001' });
  const subjects = Array.from({ length: ACCOUNTS }, (_, i) => `account:${i}`);
  await world.rule({ subjects, channels: ['sms'], notifyRecovery: false });
  const below = new Set<string>();
  let expected = 0;
  let instant = Date.now() - 86_400_000;
  let step = 0;
  for (let run = 0; run < runs; run += 1) {
    dispatcher.spawn();
    const death = new Promise((resolve) => setTimeout(resolve, random() * LONGEST_LIFE_MS));
    for (let n = 0; n < EVENTS_PER_RUN; n += 1) {
      const page = subjects.map((subject) => {
        const isLow = random() < 0.5;
        if (isLow && !below.has(subject)) expected += 1;
        if (isLow) below.add(subject);
        else below.delete(subject);
        step += 1; // makes each value, and so each text, its own
        const cents = isLow ? 9_999 - (step % 9_000) : 10_000 + step;
        return anEvent((cents / 100).toFixed(2), {
          subject,
          time: new Date((instant += 1_000)).toISOString(),
        });
      });
      await log.append(page);
    }
    await death;
    await dispatcher.kill('SIGKILL');
  }
  await dispatcher.start();
  await eventually(
    () => open(database),
    (waiting) => waiting === 0 && twilio.received.length > 0,
    120_000,
  );
  return expected;
}

/** Everything that is still to happen: unread events, unplanned notifications, unfinished deliveries. */
async function open(database: Database): Promise<number> {
  const [row] = await database.query<{ open: number }>(
    `select (select count(*) from notifications where planned_at is null)
       + (select count(*) from deliveries where state in ('pending', 'retry', 'sending'))
       + (select sum(h.next_offset) from event_log_heads h)
       - (select coalesce(sum(p.next_offset), 0) from partition_offsets p) as open`,
  );
  return Number(row?.open ?? 1);
}

type Counted = Omit<FaultLine, 'fault' | 'lost' | 'doubled' | 'ambiguous' | 'unmarkedDoubles'> & {
  database: Database;
  twilio: FakeTwilio;
};

async function count({ database, twilio, ...line }: Counted): Promise<FaultLine> {
  const [alerts] = await database.query<{ n: number }>('select count(*) as n from alerts');
  const [marked] = await database.query<{ n: number }>(
    'select count(*) as n from deliveries where duplicate_possible',
  );
  const texts = twilio.accepted.map((one) => one.fields?.Body);
  const doubled = texts.length - new Set(texts).size;
  const lost = line.expected - Math.min(alerts?.n ?? 0, new Set(texts).size);
  const ambiguous = marked?.n ?? 0;
  const unmarkedDoubles = Math.max(0, doubled - ambiguous) + Math.max(0, (alerts?.n ?? 0) - line.expected);
  return { fault: 'crash', ...line, lost, doubled, ambiguous, unmarkedDoubles };
}

function settings(databaseUrl: string, twilioUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    DELIVERY_LEASE_MS: '5000', // longer than a call may take, or a slow call would be taken over while it runs
    PROVIDER_TIMEOUT_MS: '4000',
    LOG_LEVEL: 'info',
    TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
    TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
    TWILIO_BASE_URL: twilioUrl,
  };
}

/** Mulberry32: small, and the same everywhere for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
