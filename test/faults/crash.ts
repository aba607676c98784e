import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Database, migrate, startEmbeddedPostgres } from '@app/persistence';
import { DispatcherProcess } from '../harness/dispatcher-process';
import { eventually } from '../harness/eventually';
import { FakeTwilio, TWILIO_ACCOUNT } from '../harness/providers/twilio-server';
import { World, anEvent } from '../harness/world';
import type { OracleMetric } from '../oracle/history';
import {
  compareAlerts,
  expectedAlerts,
  foundAlerts,
  type AlertLine,
  type WatchedInstance,
} from './alert-log';
import { kafkaRoad, postgresRoad, type Road } from './crash-road';
import { CONDITION, KINDS, definitionOf } from './crash-rules';
import { seeded, type FaultLine, type FaultOptions } from './fault-line';

const ACCOUNTS = 25;
const EVENTS_PER_RUN = 20;
/** Event time between two events of a page: so many runs fit into the day before now. */
const STEP_MS = 100;
/** Killed somewhere in here after it was started; it is ready after about a second. */
const LONGEST_LIFE_MS = 4_000;
/** No partition is left alone for longer. */
const LONGEST_QUIET_MS = 20_000;
/** A run of two dispatchers is a rebalance: the second one joins, and one of them dies. */
const REBALANCES = 0.3;
const REPEATED_PAGES = 0.1;
const LATE_EVENTS = 0.05;
const METRICS = new Map<string, OracleMetric>([
  ['account.balance', { kind: 'gauge', startsAtZero: false, allowedLatenessMs: 60_000 }],
]);
/** What a killed dispatcher may have sent is asked about three times, two minutes apart, before it goes again. */
const LONGEST_DOUBT_MS = 600_000;
/** No timer of these rules runs longer. */
const LONGEST_TIMER_MS = 120_000;

/**
 * Kills dispatchers (-9) at random moments while they start, replay, read, share partitions, commit and send, then lets
 * one finish, and compares the alerts with those of an undisturbed run, which is the oracle reading the same log; and
 * the texts with the alerts.
 */
export async function crash(options: FaultOptions): Promise<FaultLine[]> {
  const lines: FaultLine[] = [];
  for (const log of options.logs) lines.push(await crashOn(log, options));
  return lines;
}

async function crashOn(kind: 'postgres' | 'kafka', { runs, seed }: FaultOptions): Promise<FaultLine> {
  const began = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'tidings-faults-'));
  const postgres = await startEmbeddedPostgres({ folder, throwaway: true });
  const database = await Database.open({ url: postgres.url, poolSize: 4, applicationName: 'faults' });
  const twilio = await new FakeTwilio().start();
  await migrate(database);
  const road = kind === 'kafka' ? await kafkaRoad() : await postgresRoad(database);
  const dispatchers = new Dispatchers((generation) => ({
    ...settings(postgres.url, twilio.url),
    ...road.settings(generation),
  }));
  try {
    const run = new CrashRun({ database, road, dispatchers, twilio, random: seeded(seed) });
    const counted = await run.drive(runs);
    return { fault: 'crash', case: kind, runs, seed, ...counted, seconds: (Date.now() - began) / 1000 };
  } finally {
    await dispatchers.killAll();
    await road.close();
    await twilio.stop();
    await database.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One or two dispatchers of the same group; when all are dead the next one founds a new group. */
class Dispatchers {
  private alive: DispatcherProcess[] = [];
  private generation = 0;

  constructor(private readonly settings: (generation: number) => Record<string, string>) {}

  get count(): number {
    return this.alive.length;
  }

  spawn(): DispatcherProcess {
    const dispatcher = this.next();
    dispatcher.spawn();
    return dispatcher;
  }

  async start(): Promise<void> {
    await this.next().start();
  }

  async killOne(which: number): Promise<void> {
    const [dispatcher] = this.alive.splice(which, 1);
    await dispatcher?.kill('SIGKILL');
  }

  async killAll(): Promise<void> {
    while (this.alive.length > 0) await this.killOne(0);
  }

  private next(): DispatcherProcess {
    if (this.alive.length === 0) this.generation += 1;
    const dispatcher = new DispatcherProcess(this.settings(this.generation));
    this.alive.push(dispatcher);
    return dispatcher;
  }
}

interface Surroundings {
  database: Database;
  road: Road;
  dispatchers: Dispatchers;
  twilio: FakeTwilio;
  random: () => number;
}

type Counted = Pick<FaultLine, 'expected' | 'lost' | 'doubled' | 'ambiguous' | 'unmarkedDoubles'>;

class CrashRun {
  private readonly subjects = Array.from({ length: ACCOUNTS }, (_, i) => `account:${i}`);
  private readonly kindOf = new Map<string, string>();
  private instant = Date.now() - 86_400_000;
  private step = 0;

  constructor(private readonly around: Surroundings) {}

  async drive(runs: number): Promise<Counted> {
    const { dispatchers, random } = this.around;
    await this.defineRules();
    await dispatchers.start();
    await this.allArmed();
    for (let run = 0; run < runs; run += 1) {
      if (dispatchers.count === 0) dispatchers.spawn();
      if (dispatchers.count === 1 && random() < REBALANCES) dispatchers.spawn();
      const death = wait(random() * LONGEST_LIFE_MS);
      for (let n = 0; n < EVENTS_PER_RUN; n += 1) await this.appendPage();
      await death;
      await this.mustBeListened();
      await dispatchers.killOne(Math.floor(random() * dispatchers.count));
    }
    await dispatchers.killAll();
    await dispatchers.start();
    return this.count();
  }

  private async defineRules(): Promise<void> {
    const { database, road } = this.around;
    const world = new World(database, road.log);
    await world.metric();
    await world.customer('ana', { sms: '+15550100001' });
    await world.customer('ben'); // hears nothing: his alerts are counted in the table
    for (const [kind, composed] of Object.entries(KINDS)) {
      const isPlain = composed === null;
      const ruleId = await world.rule({
        customerId: isPlain ? 'ana' : 'ben',
        subjects: this.subjects,
        condition: CONDITION,
        composed,
        channels: ['sms'],
        notifyRecovery: false,
      });
      this.kindOf.set(ruleId, kind);
    }
  }

  /** Before the first event, so that the undisturbed run begins where this one does. */
  private async allArmed(): Promise<void> {
    const all = this.kindOf.size * ACCOUNTS;
    await eventually(
      () =>
        this.around.database.query<{ n: number }>(
          'select count(*) as n from rule_instances where condition_version is not null',
        ),
      ([row]) => Number(row?.n) === all,
      30_000,
    );
  }

  private async appendPage(): Promise<void> {
    const { road, random } = this.around;
    const page = this.subjects.map((subject) => {
      this.step += 1; // makes each value, and so each text, its own
      const isLow = random() < 0.5;
      const cents = isLow ? 9_999 - (this.step % 9_000) : 10_000 + this.step;
      const lateBy = random() < LATE_EVENTS ? 3_000 : 0;
      this.instant += STEP_MS;
      return anEvent((cents / 100).toFixed(2), {
        subject,
        time: new Date(this.instant - lateBy).toISOString(),
      });
    });
    await road.log.append(page);
    if (random() < REPEATED_PAGES) await road.log.append(page);
  }

  private async count(): Promise<Counted> {
    const { database, road, twilio } = this.around;
    const records = await road.records();
    const sent = [...records.values()].reduce((sum, some) => sum + some.length, 0);
    await eventually(
      () => this.open(sent),
      (waiting) => waiting === 0,
      LONGEST_DOUBT_MS,
    );
    await this.mustHaveListened();
    const until = Date.now() + LONGEST_TIMER_MS;
    const expected = expectedAlerts(await this.watched(), METRICS, records, until);
    const compared = await this.settled(expected);
    const [marked] = await database.query<{ n: number }>(
      'select count(*) as n from deliveries where duplicate_possible',
    );
    const told = expected.filter(({ instanceId }) => this.plain.has(instanceId)).length;
    const texts = twilio.accepted.map((one) => one.fields?.Body);
    const doubled = texts.length - new Set(texts).size;
    const ambiguous = Number(marked?.n ?? 0);
    return {
      expected: expected.length,
      lost: compared.lost.length + Math.max(0, told - new Set(texts).size),
      doubled,
      ambiguous,
      unmarkedDoubles: Math.max(0, doubled - ambiguous) + compared.extra.length,
    };
  }

  /**
   * In the PostgreSQL log a partition waits for its dead member, and may wait from one killed dispatcher to the next. Before
   * that takes a minute one may live for longer.
   */
  private async mustBeListened(): Promise<void> {
    const quiet = (): Promise<{ ms: number }[]> =>
      this.around.database.query(
        `select coalesce(max(extract(epoch from now() - clock)), 0)::float8 * 1000 as ms from partition_offsets`,
      );
    const [now] = await quiet();
    if (Number(now?.ms) < LONGEST_QUIET_MS) return;
    await eventually(quiet, ([row]) => Number(row?.ms) < LONGEST_QUIET_MS / 4, 60_000);
  }

  /** After more than a minute without anybody, silence counts anew, as it should: no undisturbed run did that. */
  private async mustHaveListened(): Promise<void> {
    const outages = await this.around.database.query<{ partition: number; resumed_at: Date }>(
      'select partition, resumed_at from partition_offsets where resumed_at is not null',
    );
    for (const { partition, resumed_at } of outages)
      throw new Error(
        `nothing to compare with: until ${resumed_at.toISOString()} nobody read partition ${partition} for over a minute; try again on a machine with less to do`,
      );
  }

  private readonly plain = new Set<number>();

  private async watched(): Promise<WatchedInstance[]> {
    const rows = await this.around.database.query<{
      id: number;
      rule_id: string;
      subject: string;
      partition: number;
      armed_at: number | null;
    }>(
      `select id, rule_id, subject, partition, (progress ->> 'armedAt')::float8 as armed_at from rule_instances order by id`,
    );
    return rows.map(({ id, rule_id, subject, partition, armed_at }) => {
      const kind = this.kindOf.get(rule_id) ?? 'plain';
      if (kind === 'plain') this.plain.add(Number(id));
      return { definition: definitionOf(kind, Number(id), subject), partition, armedAt: armed_at ?? 0 };
    });
  }

  /** Timers that run after the last event need their time; what is not so then never will be. */
  private async settled(expected: AlertLine[]): Promise<ReturnType<typeof compareAlerts>> {
    const compare = async () => compareAlerts(await foundAlerts(this.around.database), expected);
    const agrees = ({ lost, extra }: ReturnType<typeof compareAlerts>): boolean =>
      lost.length + extra.length === 0;
    await eventually(compare, agrees, LONGEST_TIMER_MS).catch(() => undefined);
    const compared = await compare();
    for (const [what, alerts] of Object.entries(compared)) {
      if (alerts.length > 0) console.error(`${what}: ${JSON.stringify(alerts.slice(0, 5))}`);
    }
    return compared;
  }

  /** Everything that is still to happen: unread events, unplanned notifications, unfinished deliveries. */
  private async open(sent: number): Promise<number> {
    const [row] = await this.around.database.query<{ open: number }>(
      `select (select count(*) from notifications where planned_at is null)
         + (select count(*) from deliveries where state in ('pending', 'retry', 'sending'))
         - (select coalesce(sum(p.next_offset), 0) from partition_offsets p) as open`,
    );
    return Number(row?.open ?? 1) + sent;
  }
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
