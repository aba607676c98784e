import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, HistoryStore, HistoryTidying, migrate, startEmbeddedPostgres } from '@app/persistence';
import {
  composedTerms,
  chunkOf,
  combineChunks,
  factsOf,
  previewRule,
  readPast,
  type ComposedTerms,
  type Condition,
  type HistoryPoint,
  type Measure,
  type NoticePolicy,
  type RuleToPreview,
} from '@app/rules';
import { cpuSeconds } from './match/cpu-clock';
import { judged, median, type Bench, type Report } from './report';

const MINUTE_MS = 60_000;
const DAYS = 90;
const PER_DAY = 1_440;
const DAY_MS = PER_DAY * MINUTE_MS;
const GOAL_MS = 300;
const RUNS = 15;
const METRIC = 'index.level';
const SUBJECT = 'index:bench';

const POLICY: NoticePolicy = {
  ...{ onRecovery: true, onLevel: 'rise', repeatEveryMs: null, cooldownMs: null, maxPerDay: null },
  ...{ timeZone: 'Europe/Berlin', activeHours: [], dampFlapping: false },
};

/** From the question to the answer, the store's part included, for 90 days of an event a minute: 129,600 events. */
export const preview: Bench = {
  name: 'preview',
  async run(report) {
    const folder = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
    const postgres = await startEmbeddedPostgres({ folder, throwaway: false });
    const database = await Database.open({ url: postgres.url, poolSize: 2, applicationName: 'bench' });
    try {
      await migrate(database);
      await measureAll(database, report);
    } finally {
      await database.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measureAll(database: Database, report: Report): Promise<void> {
  const until = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  await keep(database, walk(until - DAYS * DAY_MS));
  for (const [name, rule] of Object.entries(CASES)) await measure(database, { name, rule, until }, report);
  // As it is after a night: what is older than a week has lost its detail.
  await database.query(
    `insert into metrics (name, title, unit, scale, kind, visibility) values ($1, '', '', 0, 'gauge', 'public')`,
    [METRIC],
  );
  await new HistoryTidying(database, combineChunks).run(until);
  await measure(database, { name: 'level, thinned', rule: CASES.level!, until }, report);
}

/** A random walk without random numbers, so that each run measures the same. */
function walk(from: number): HistoryPoint[] {
  let [value, seed] = [500_000, 42];
  return Array.from({ length: DAYS * PER_DAY }, (_, minute) => {
    seed = (seed * 48_271) % 2_147_483_647;
    value += (seed % 2_001) - 1_000;
    const at = from + minute * MINUTE_MS;
    return { value, at, clock: at + 20 + (seed % 40) };
  });
}

async function keep(database: Database, points: readonly HistoryPoint[]): Promise<void> {
  const store = new HistoryStore(database);
  for (let day = 0; day < DAYS; day += 1) {
    const chunk = chunkOf(points.slice(day * PER_DAY, (day + 1) * PER_DAY));
    await store.add([{ metric: METRIC, subject: SUBJECT, ...chunk }]);
  }
}

async function measure(
  database: Database,
  { name, rule, until }: { name: string; rule: RuleToPreview; until: number },
  report: Report,
): Promise<void> {
  const store = new HistoryStore(database);
  const [took, worked]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    const began = performance.now();
    const working = cpuSeconds();
    const chunks = await store.chunks(METRIC, SUBJECT, until - DAYS * DAY_MS);
    const { series } = readPast([{ metric: METRIC, chunks }], DAYS * DAY_MS);
    previewRule(rule, POLICY, { subjects: [{ subject: SUBJECT, series }], until });
    took.push(performance.now() - began);
    worked.push((cpuSeconds() - working) * 1_000);
  }
  const line = { bench: 'preview', unit: 'ms', goal: GOAL_MS, better: 'lower' } as const;
  report(judged({ ...line, case: name, ours: median(took) }));
  // What is left of it where nobody else wants the processor.
  report(judged({ ...line, case: `${name}, processor time of the thread`, ours: median(worked) }));
}

const FACTS = {
  [METRIC]: factsOf({ name: METRIC, title: '', unit: '', scale: 0, kind: 'gauge', visibility: 'public' }),
};

function plain(threshold: number): RuleToPreview {
  const condition: Condition = { operator: 'above', threshold, upper: null, recovery: null };
  return {
    ...{ metric: METRIC, condition, lifecycle: 'recurring', onCreate: 'fireIfBreached' },
    ...{ composed: null, metrics: FACTS },
  };
}

function composed(measured: Measure, threshold: number, rest: Partial<ComposedTerms> = {}): RuleToPreview {
  const rule = plain(threshold);
  const { condition } = rule;
  const tree = { leaf: { metric: METRIC, measure: measured, condition, maxAgeMs: null } };
  return { ...rule, composed: composedTerms(tree, rest) };
}

const HOUR_MS = 60 * MINUTE_MS;
const CASES: Record<string, RuleToPreview> = {
  level: plain(10_000_000),
  'noisy level, with a suggestion': plain(500_000),
  'held for 5 minutes, silence': composed({ kind: 'value' }, 10_000_000, {
    ...{ forMs: 5 * MINUTE_MS, noData: { afterMs: HOUR_MS, treat: 'alert' } },
  }),
  'average of an hour, with a suggestion': composed(
    { kind: 'aggregate', of: 'avg', window: { kind: 'sliding', ms: HOUR_MS }, partial: false },
    500_000,
  ),
  'change in a day, with a suggestion': composed(
    { kind: 'change', against: 'windowHigh', windowMs: DAY_MS, unit: 'percent' },
    -500,
  ),
};
