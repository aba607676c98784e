import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Database, migrate, startEmbeddedPostgres, type EmbeddedPostgres } from '@app/persistence';
import { DispatcherProcess } from '../harness/dispatcher-process';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { count, letWaitsBeOver, makePeople, notify, unfinished } from './deliver-world';
import { DELIVER_HARMS, type DeliverHarm } from './deliver-harms';
import { seeded, type FaultLine, type FaultOptions } from './fault-line';

const MESSAGES_PER_RUN = 40;
/** From the first message of a run to its harm at the latest, and from there to the next run. */
const LONGEST_PEACE_MS = 600;
const SETTLED_WITHIN_MS = 180_000;
/** Every so many runs all waits are cut short, so that what failed meets the next harms, too. */
const RUNS_BETWEEN_CUTS = 5;

/**
 * Does harm to real dispatchers while they send: killed (-9), PostgreSQL stopped and started, a provider that hangs,
 * that takes the message and drops the connection, that answers 500 or 429 for an hour. Then lets all heal, and
 * compares what the provider took in with what was to be sent.
 *
 * Time is compressed where hours would be waited: the hour of 429 is three seconds with a `Retry-After` of one, and
 * waits between tries are cut by the harness. Leases, calls, time-outs, breakers and sweeps run on the real clock.
 */
export async function deliver({ runs, seed }: FaultOptions): Promise<FaultLine[]> {
  const began = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'tidings-faults-'));
  const postgres = await startEmbeddedPostgres({ folder, throwaway: false });
  const database = await Database.open({ url: postgres.url, poolSize: 4, applicationName: 'faults' });
  await migrate(database);
  const twilio = await new FakeTwilio().start();
  const run = new DeliverRun({ postgres, database, twilio, random: seeded(seed) });
  try {
    await run.drive(runs);
    const counted = await count(database, twilio.accepted);
    return [{ fault: 'deliver', runs, seed, ...counted, seconds: (Date.now() - began) / 1000 }];
  } finally {
    await run.end();
    await twilio.stop();
    await database.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Surroundings {
  postgres: EmbeddedPostgres;
  database: Database;
  twilio: FakeTwilio;
  random: () => number;
}

class DeliverRun {
  private dispatcher: DispatcherProcess | undefined;

  constructor(private readonly around: Surroundings) {}

  async drive(runs: number): Promise<void> {
    const { database, twilio } = this.around;
    await makePeople(database, MESSAGES_PER_RUN);
    for (let run = 0; run < runs; run += 1) {
      if (!this.dispatcher) await this.startDispatcher();
      await notify(database, run);
      await wait(this.upTo(LONGEST_PEACE_MS));
      await this.harm(this.pick(DELIVER_HARMS));
      await wait(this.upTo(LONGEST_PEACE_MS));
      twilio.answerAlways(null);
      if (run % RUNS_BETWEEN_CUTS === 0) await letWaitsBeOver(database);
    }
    await this.settle();
  }

  async end(): Promise<void> {
    await this.dispatcher?.kill('SIGKILL');
  }

  private async harm(harm: DeliverHarm): Promise<void> {
    const { twilio, postgres } = this.around;
    if (harm.provider) twilio.answerAlways(harm.provider);
    if (harm.restartsPostgres) await postgres.restart();
    if (harm.forMs) await wait(harm.forMs);
    if (!harm.killsDispatcher) return;
    await this.dispatcher?.kill('SIGKILL');
    this.dispatcher = undefined;
  }

  /** All heals: what is still on its way must arrive now. */
  private async settle(): Promise<void> {
    const { database } = this.around;
    if (!this.dispatcher) await this.startDispatcher();
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    while ((await unfinished(database)) > 0 && Date.now() < deadline) {
      await letWaitsBeOver(database);
      await wait(250);
    }
  }

  private async startDispatcher(): Promise<void> {
    this.dispatcher = new DispatcherProcess(settings(this.around.postgres.url, this.around.twilio.url));
    await this.dispatcher.start();
  }

  private upTo(ms: number): number {
    return Math.floor(this.around.random() * ms);
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.around.random() * from.length)] as T;
  }
}

function settings(databaseUrl: string, twilioUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    DELIVERY_LEASE_MS: '4000', // a call may take half of it, and the providers' time-out ends it before
    PROVIDER_TIMEOUT_MS: '1000',
    SEND_CONCURRENCY: '8',
    LOG_LEVEL: 'info', // says when it is ready
    TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
    TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
    TWILIO_BASE_URL: twilioUrl,
  };
}
