import { randomUUID } from 'node:crypto';
import { LANES, type Channel, type PreferenceSheet } from '@app/contracts';
import {
  Database,
  DigestStore,
  NotificationStore,
  StepStore,
  replan,
  type Queryable,
} from '@app/persistence';
import { planNextPage, type PlannerParts } from '../../apps/dispatcher/src/planning/planner';
import { tellDigest } from '../../apps/dispatcher/src/planning/tell-digest';
import { CrashingDatabase } from './crashing-database';
import { SeededRandom } from './seeded-random';

/** Somebody who plans, closes digests and goes on to next steps, as one dispatcher among several, and may crash at any point. */
class Worker {
  private readonly parts: PlannerParts;
  private readonly digests: DigestStore;
  private readonly steps: StepStore;
  readonly way: CrashingDatabase;

  constructor(
    readonly database: Database,
    private readonly random: SeededRandom,
    private readonly clock: { now: number },
    crashChance: number,
  ) {
    this.way = new CrashingDatabase(database, random, crashChance);
    this.digests = new DigestStore(this.way);
    this.steps = new StepStore(this.way);
    this.parts = {
      notifications: new NotificationStore(this.way),
      delivery: {
        // Half of what goes now is born leased, and so cannot be taken back.
        reserve: () => (random.happens(0.5) ? { owner: 'worker', ms: 60_000, provider: 'outbox' } : null),
        startReserved: () => undefined,
      },
      metrics: { notifications: { inc: () => undefined } as never },
      publicCarriers: ['outbox'],
      now: () => clock.now,
      onTrouble: (_message, error) => {
        throw error;
      },
    };
  }

  /** @returns how much there was to do */
  async plan(): Promise<number> {
    let planned = 0;
    for (const lane of LANES) planned += (await planNextPage(lane, this.parts)).planned;
    return planned;
  }

  async close(): Promise<number> {
    return this.digests.closeDue(this.clock.now, 1 + this.random.whole(5), (closed) =>
      closed.map(tellDigest),
    );
  }

  async advance(): Promise<number> {
    const { met, advanced } = await this.steps.advance(this.clock.now, 1 + this.random.whole(5));
    return met + advanced;
  }
}

export interface CrewTerms {
  workers: number;
  crashChance: number;
  seed: number;
}

const DAY_MS = 24 * 3_600_000;

/** Several dispatchers' planning side by side on one database, under a clock of the test's own. */
export class PlanningCrew {
  private constructor(
    readonly workers: readonly Worker[],
    private readonly database: Database,
    readonly clock: { now: number },
    /** What is worked on, and how fast time passes. */
    private readonly course: SeededRandom,
  ) {}

  static async assemble(
    { url, database }: { url: string; database: Database },
    terms: CrewTerms,
  ): Promise<PlanningCrew> {
    const { seed, crashChance } = terms;
    // Where workers are when they crash is for the machine to say. Drawn from one sequence with what happens to people, it
    // changed that too, and left between 16 and 80 digests to look at; so did the time of day a run began at.
    const mishaps = new SeededRandom(seed + 1);
    const clock = { now: Math.ceil(Date.now() / DAY_MS) * DAY_MS };
    const workers: Worker[] = [];
    for (let n = 0; n < terms.workers; n += 1) {
      // One for each of the three things a worker does at once, and one to be slow on.
      const own = await Database.open({ url, poolSize: 6, forFewRows: 2, applicationName: 'worker' });
      workers.push(new Worker(own, mishaps, clock, crashChance));
    }
    return new PlanningCrew(workers, database, clock, new SeededRandom(seed + 2));
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.database.close()));
  }

  get crashes(): number {
    return this.workers.reduce((sum, worker) => sum + worker.way.crashes, 0);
  }

  /** Every worker does something at the same time; whoever crashes has done it, or not. */
  async bustle(alongside: readonly Promise<unknown>[] = []): Promise<void> {
    const tasks = this.workers.map((worker) => {
      const task = this.course.of(['plan', 'plan', 'close', 'advance'] as const);
      return worker[task]().catch((error: unknown) => this.onlyIfCrashed(error));
    });
    await Promise.all([...tasks, ...alongside, this.pass()]);
  }

  /** Time does not stand still while others work. */
  private async pass(): Promise<void> {
    for (let steps = 0; steps < 25; steps += 1) {
      this.clock.now += this.course.whole(3 * 60_000);
      await this.database.query('select 1');
    }
  }

  /** All work together, crashing, until a look without crashes finds nothing to do. */
  async untilQuiet(): Promise<void> {
    for (;;) {
      await Promise.all(
        // Each for itself: what goes on while another thing crashed must have ended before anybody looks.
        this.workers
          .flatMap((worker) => [worker.plan(), worker.close(), worker.advance()])
          .map((task) => task.catch((error: unknown) => this.onlyIfCrashed(error))),
      );
      if (await this.findsNothing()) return;
    }
  }

  /** Takes the connection from under somebody. */
  async cut(): Promise<void> {
    await this.database.query(
      `select pg_terminate_backend(pid) from (
         select pid from pg_stat_activity where datname = current_database() and application_name = 'worker'
         order by random() limit 1) one`,
    );
  }

  private async findsNothing(): Promise<boolean> {
    const [worker] = this.workers as [Worker];
    const { chance } = worker.way;
    worker.way.chance = 0;
    try {
      return (await worker.plan()) + (await worker.close()) + (await worker.advance()) === 0;
    } finally {
      worker.way.chance = chance;
    }
  }

  private onlyIfCrashed(error: unknown): void {
    if (!/crashed here|terminat|Connection|not queryable|deadlock/i.test(String(error))) throw error;
  }
}

export interface PersonWish {
  channels?: readonly Channel[];
  sheet?: PreferenceSheet;
  timeZone?: string;
}

const FACTS = {
  ...{ ruleId: 'r1', ruleTitle: '', condition: 'falls below 100.00 EUR', metric: 'account.balance' },
  ...{
    metricTitle: 'balance',
    unit: 'EUR',
    scale: 2,
    subject: 'account:42',
    owned: true,
    value: 9_210,
    severity: null,
  },
};

/** People and what they are to be told, as the API and the pipeline would have written it. */
export class PeopleToTell {
  constructor(private readonly database: Database) {}

  async person(
    customerId: string,
    { channels = ['sms', 'email'], sheet, timeZone }: PersonWish = {},
  ): Promise<void> {
    await this.database.query(
      `insert into customers (id, name, time_zone, language) values ($1, $1, $2, 'en')`,
      [customerId, timeZone ?? 'Europe/Berlin'],
    );
    for (const channel of channels)
      await this.database.query(
        `insert into contact_points (id, customer_id, channel, address, verified_at) values ($1, $2, $3, $4, now())`,
        [randomUUID(), customerId, channel, `${channel} of ${customerId}`],
      );
    if (sheet) await this.database.transaction((transaction) => saveSheet(transaction, customerId, sheet));
  }

  /** Changes a customer's mind, as the API does: what is planned is planned anew in the same transaction. */
  async changeSheet(customerId: string, sheet: PreferenceSheet): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await saveSheet(transaction, customerId, sheet);
      await replan(transaction, customerId);
    });
  }

  /** @returns the notification's id */
  async notify(
    customerId: string,
    more: { lane?: string; topic?: string; alertId?: string; kind?: string } = {},
  ): Promise<string> {
    const { lane = 'normal', topic = 'alerts', alertId = null, kind = 'alertFired' } = more;
    const id = randomUUID();
    const facts = { ...FACTS, alertId, at: Date.now(), openedAt: Date.now() };
    await this.database.query(
      `insert into notifications (id, customer_id, topic, lane, kind, facts, alert_id, caused_at)
       values ($1, $2, $3, $4, $5, $6, $7, now())`,
      [id, customerId, topic, lane, kind, JSON.stringify(facts), alertId],
    );
    return id;
  }

  /** An alert of the customer's, open unless its end is given (epoch ms). */
  async alert(
    customerId: string,
    { resolvedAt = null }: { resolvedAt?: number | null } = {},
  ): Promise<string> {
    const id = randomUUID();
    await this.database.query(
      `insert into metrics (name, title, unit, scale, kind, visibility)
       values ('account.balance', 'balance', 'EUR', 2, 'gauge', 'owned') on conflict do nothing`,
    );
    await this.database.query(
      `with rule as (
         insert into rules (id, customer_id, title, metric, operator, threshold, subject_kind, lifecycle, on_create, topic,
           notify_recovery, status)
         values ($1, $2, '', 'account.balance', 'below', 10000, 'listed', 'recurring', 'fireIfBreached', 'alerts', true, 'active')
         returning id),
       instance as (
         insert into rule_instances (rule_id, subject, partition) select id, 'account:42', 0 from rule returning id, rule_id)
       insert into alerts (id, instance_id, rule_id, condition_version, customer_id, metric, subject, transition_seq, rule_title,
         condition, opened_at, opened_value, resolved_at)
       select rule_id, id, rule_id, 1, $2, 'account.balance', 'account:42', 1, '', 'falls below 100.00 EUR', now(), 1,
         to_timestamp($3::float8 / 1000.0)
       from instance`,
      [id, customerId, resolvedAt],
    );
    return id;
  }

  /** Some of what may go is sent. */
  async send(most: number, now: number): Promise<void> {
    await this.database.query(
      `with due as (
         select id from deliveries where state = 'pending' and not_before <= to_timestamp($2::float8 / 1000.0)
         order by random() limit $1 for update skip locked)
       update deliveries d set state = 'accepted', lease_epoch = 1, attempt_no = 1, finished_at = now()
       from due where d.id = due.id`,
      [most, now],
    );
  }
}

async function saveSheet(transaction: Queryable, customerId: string, sheet: PreferenceSheet): Promise<void> {
  await transaction.query(
    `insert into preference_sheets (customer_id, sheet) values ($1, $2)
     on conflict (customer_id) do update set sheet = excluded.sheet, version = preference_sheets.version + 1`,
    [customerId, JSON.stringify(sheet)],
  );
}
