import type { Grain, HistoryChunk } from '@app/rules';
import type { Database, Queryable } from '../database';
import { HistoryStore } from './history.store';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Chunks younger than this may still get neighbours: a worker that catches up writes with the clock of the log. */
const SETTLED_MS = HOUR_MS;
/** How far back is looked for what became due: more than one missed night. The first run looks at everything. */
const LOOK_BACK_MS = 3 * DAY_MS;
/** Series and days that one question names. */
const STEP = 200;
/** Points that are taken into memory at once: a busy series has a hundred million in a day. */
const MOST_POINTS = 500_000;
/** Every grain is finer. */
const ANY_GRAIN = 3;

/** Detail is kept for a week; then of each 5 minutes, after a month of each 15, what matters. */
const AGES: readonly { grain: Grain; afterMs: number }[] = [
  { grain: 1, afterMs: 7 * DAY_MS },
  { grain: 2, afterMs: 30 * DAY_MS },
];

/** Makes one chunk of several that follow each other. @param chunks encoded points, in order */
export type CombineChunks = (chunks: readonly Uint8Array[], grain: Grain) => HistoryChunk;

interface SeriesDay {
  metric: string;
  subject: string;
  /** Epoch ms of its midnight in UTC. */
  day: number;
}

/**
 * Keeps history small: the little chunks that checkpoints write become one a day, unless that would be too large, detail
 * goes with age, and what is older than its metric's retention goes altogether. Each day of a series, or as much of it as
 * is taken at once, is rewritten in a transaction of its own.
 */
export class HistoryTidying {
  private hasRun = false;

  constructor(
    private readonly database: Database,
    private readonly combine: CombineChunks,
    private readonly mostPoints = MOST_POINTS,
  ) {}

  /**
   * @param now epoch ms
   * @returns how many chunks expired, and how many days of a series were rewritten
   */
  async run(now: number): Promise<{ historyExpired: number; historyRewritten: number }> {
    const metrics = await this.database.query<{ name: string; days: number }>(
      'select name, retention_days as days from metrics',
    );
    const done = { historyExpired: 0, historyRewritten: 0 };
    for (const { name, days } of metrics) {
      done.historyExpired += await this.expire(name, now - days * DAY_MS);
      done.historyRewritten += await this.merge(name, now - SETTLED_MS);
      for (const age of AGES) done.historyRewritten += await this.thin(name, now - age.afterMs, age.grain);
    }
    this.hasRun = true;
    return done;
  }

  private async expire(metric: string, before: number): Promise<number> {
    return untilNone(async () => {
      const gone = await this.database.query(
        `delete from history where ctid = any(array(
           select ctid from history where metric = $1 and to_at < to_timestamp($2 / 1000.0) limit $3)) returning 1`,
        [metric, before, STEP],
      );
      return gone.length;
    });
  }

  private async merge(metric: string, before: number): Promise<number> {
    return untilNone(async () => {
      const days = await this.database.query<SeriesDay>(
        `select $1 as metric, subject, ${DAY} as day from history where metric = $1 and ${IN_REACH}
         group by subject, ${DAY} having count(*) > 1 and sum(count) <= $5 limit $4`,
        [metric, this.since(before), before, STEP, this.mostPoints],
      );
      for (const day of days) await this.rewrite(day, before, 0);
      return days.length;
    });
  }

  private async thin(metric: string, before: number, grain: Grain): Promise<number> {
    return untilNone(async () => {
      const days = await this.database.query<SeriesDay>(
        `select distinct $1 as metric, subject, ${DAY} as day from history
         where metric = $1 and ${IN_REACH} and get_byte(points, 0) < $5 limit $4`,
        [metric, this.since(before), before, STEP, grain],
      );
      for (const day of days) await this.rewrite(day, before, grain);
      return days.length;
    });
  }

  private since(before: number): number {
    return this.hasRun ? before - LOOK_BACK_MS : 0;
  }

  /** Two at once are harmless: the second one waits for the first, and finds the rows gone. */
  private async rewrite(day: SeriesDay, before: number, grain: Grain): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const since = this.since(before);
      const taken = await takeDay(transaction, day, [since, before, grain || ANY_GRAIN, this.mostPoints]);
      if (taken.length === 0) return;
      const chunk = this.combine(
        taken.map(({ points }) => points),
        grain,
      );
      // What the day began and ended with stays, so that its place among the others does.
      const { fromAt } = taken[0]!;
      const toAt = Math.max(...taken.map((one) => one.toAt));
      await new HistoryStore(transaction).add([{ ...day, ...chunk, fromAt, toAt }]);
    });
  }
}

const DAY = `extract(epoch from date_trunc('day', from_at at time zone 'UTC') at time zone 'UTC')::float8 * 1000`;
const IN_REACH = 'to_at >= to_timestamp($2 / 1000.0) and to_at < to_timestamp($3 / 1000.0)';

/** Takes the first chunks of a day that end in reach and are finer than a grain, until they hold so many points. */
async function takeDay(
  transaction: Queryable,
  { metric, subject, day }: SeriesDay,
  limits: [since: number, before: number, grain: number, mostPoints: number],
): Promise<{ points: Buffer; fromAt: number; toAt: number }[]> {
  return transaction.query(
    `with first as (
       select from_at, sum(count) over (order by from_at) - count as earlier from history
       where metric = $1 and subject = $2 and from_at >= to_timestamp($3 / 1000.0)
         and from_at < to_timestamp($4 / 1000.0) and to_at >= to_timestamp($5 / 1000.0)
         and to_at < to_timestamp($6 / 1000.0) and get_byte(points, 0) < $7),
     taken as (
       delete from history h using first f
       where h.metric = $1 and h.subject = $2 and h.from_at = f.from_at and f.earlier < $8
       returning h.points, h.from_at, h.to_at)
     select points, extract(epoch from from_at)::float8 * 1000 as "fromAt",
       extract(epoch from to_at)::float8 * 1000 as "toAt"
     from taken order by from_at`,
    [metric, subject, day, day + DAY_MS, ...limits],
  );
}

async function untilNone(some: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const count = await some();
    if (count === 0) return sum;
    sum += count;
  }
}
