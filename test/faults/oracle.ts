import { setImmediate as turn } from 'node:timers/promises';
import type {
  ComposedTerms,
  Condition,
  ConditionTree,
  InstanceChange,
  InstanceDefinition,
  Leaf,
  Level,
  Measure,
} from '@app/rules';
import { Engine } from '../oracle/engine';
import type { OracleMetric, OracleRecord } from '../oracle/history';
import { SubjectOracle } from '../oracle/subject-oracle';
import { seeded, type FaultLine, type FaultOptions } from './fault-line';

const EVENTS_PER_RUN = 1_000_000;
const RULES_PER_RUN = 10_000;
/** Rules of one subject; the oracle looks at all of them for every event. */
const RULES_PER_SUBJECT = 2;
const MOST_RULES = 100_000;
const CHECKPOINT_EVERY = 100_000;
const START = Date.UTC(2026, 2, 28, 12);
const METRICS = new Map<string, OracleMetric>([
  ['level', { kind: 'gauge', startsAtZero: false, allowedLatenessMs: 60_000 }],
  ['total', { kind: 'counter', startsAtZero: true, allowedLatenessMs: 60_000 }],
]);
const NAMES = [...METRICS.keys()];
/** No window of these rules reaches further back. */
const REACH_MS = 25 * 3_600_000;

/**
 * The engine against the oracle: `runs` million events, and ten thousand rules for each million, up to 100,000; ten runs
 * are 10 million events x 100,000 rules. Now and then the engine is killed and goes on from its checkpoint. Where their transitions differ, one was lost (the oracle has it) or doubled.
 */
export async function oracle({ runs, seed }: FaultOptions): Promise<FaultLine[]> {
  const began = Date.now();
  const random = seeded(seed);
  const subjects = Math.min(MOST_RULES, runs * RULES_PER_RUN) / RULES_PER_SUBJECT;
  const contest = new Contest(subjects, random);
  for (let n = 0; n < runs * EVENTS_PER_RUN; n += 1) {
    contest.take(randomRecord(n, subjects, random));
    if (n % 10_000 === 0) await turn(); // ctrl-C works
    if (n % CHECKPOINT_EVERY === 0) contest.checkpoint(n % (5 * CHECKPOINT_EVERY) === 0);
  }
  const { expected, lost, doubled } = contest.finish();
  const seconds = (Date.now() - began) / 1000;
  const rules = subjects * RULES_PER_SUBJECT;
  const marks = { ambiguous: 0, unmarkedDoubles: doubled };
  return [
    { fault: 'oracle', case: `rules=${rules}`, runs, seed, expected, lost, doubled, ...marks, seconds },
  ];
}

/** Both see the same log; the oracle keeps a book for each subject and looks at nobody else's rules. */
class Contest {
  private readonly engine = new Engine(METRICS, START);
  private readonly books: SubjectOracle[] = [];
  private readonly found = new Map<number, string[]>();
  private clock = START;

  constructor(subjects: number, random: () => number) {
    for (let subject = 0; subject < subjects; subject += 1) {
      const book = new SubjectOracle(METRICS, REACH_MS);
      this.books.push(book);
      for (let n = 0; n < RULES_PER_SUBJECT; n += 1) {
        const rule = randomRule(1 + subject * RULES_PER_SUBJECT + n, `s${subject}`, random);
        this.note(this.engine.arm(rule));
        book.arm(rule, START);
      }
    }
  }

  take(record: OracleRecord): void {
    this.clock = Math.max(this.clock, record.appendedAt);
    this.note(this.engine.take(record));
    this.books[Number(record.subject.slice(1))]!.take(record, this.clock, Number.NEGATIVE_INFINITY);
  }

  /** @param killed the engine is put back from what it wrote before, and from the records since */
  checkpoint(killed: boolean): void {
    if (killed) this.engine.restart();
    this.engine.checkpoint();
  }

  finish(): { expected: number; lost: number; doubled: number } {
    const end = this.clock + REACH_MS;
    this.note(this.engine.advanceClock(end));
    let [expected, lost, doubled] = [0, 0, 0];
    for (const book of this.books) {
      book.advance(end, Number.NEGATIVE_INFINITY);
      for (const [id, lines] of byInstance(book.changes)) {
        const found = this.found.get(id) ?? [];
        this.found.delete(id);
        expected += lines.length;
        lost += countMissing(lines, found);
        doubled += countMissing(found, lines);
      }
    }
    for (const lines of this.found.values()) doubled += lines.length;
    return { expected, lost, doubled };
  }

  private note(changes: InstanceChange[]): void {
    for (const [id, lines] of byInstance(changes)) {
      const known = this.found.get(id);
      if (known) known.push(...lines);
      else this.found.set(id, lines);
    }
  }
}

function byInstance(changes: readonly InstanceChange[]): Map<number, string[]> {
  const lines = new Map<number, string[]>();
  for (const change of changes) {
    if (change.transition === 'none') continue;
    const known = lines.get(change.instanceId);
    if (known) known.push(lineOf(change));
    else lines.set(change.instanceId, [lineOf(change)]);
  }
  return lines;
}

function lineOf({
  transition,
  transitionSeq,
  at,
  state,
  progress,
  openedBy,
  endedBy,
}: InstanceChange): string {
  const by = transition === 'fired' ? (openedBy ?? 'value') : (endedBy ?? 'value');
  return [transition, transitionSeq, at, state, progress?.level ?? 0, by].join(' ');
}

function countMissing(wanted: readonly string[], there: readonly string[]): number {
  const left = new Map<string, number>();
  for (const line of there) left.set(line, (left.get(line) ?? 0) + 1);
  return wanted.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  }).length;
}

let time = START;

/** Mostly in order and on time; some late, some far too late, some with the time of the one before. */
function randomRecord(n: number, subjects: number, random: () => number): OracleRecord {
  time += Math.floor(random() * 40);
  const chance = random();
  const lateBy = chance < 0.03 ? random() * 60_000 : chance < 0.04 ? random() * 600_000 : 0;
  return {
    source: 'faults',
    id: `e${chance > 0.99 ? n - 1 : n}`,
    metric: NAMES[Math.floor(random() * NAMES.length)]!,
    subject: `s${Math.floor(random() * subjects)}`,
    value: Math.floor(random() * 1_000),
    at: Math.floor(time - lateBy),
    appendedAt: time + 200,
  };
}

const pick = <T>(random: () => number, ...choices: T[]): T => choices[Math.floor(random() * choices.length)]!;

function randomRule(instanceId: number, subject: string, random: () => number): InstanceDefinition {
  const { leaf, tree } = randomTree(random);
  const isPlain = leaf.measure.kind === 'value' && leaf.maxAgeMs === null && random() < 0.5;
  const composed: ComposedTerms = {
    tree,
    levels: 'leaf' in tree && random() < 0.2 ? levelsAbove(leaf.condition) : [],
    forMs: pick(random, 0, 0, 90_000),
    keepFiringMs: pick(random, 0, 0, 120_000),
    noData: random() < 0.2 ? { afterMs: 7_200_000, treat: pick(random, 'alert', 'ok', 'keep') } : null,
    rearmAfterMs: random() < 0.05 ? 86_400_000 : null,
    expiresAt: random() < 0.05 ? START + Math.floor(86_400_000 * random()) : null,
    onExpiry: 'cancel',
    maxFirings: random() < 0.1 ? 3 : null,
    partnerInstanceId: null,
  };
  return {
    ...{ instanceId, subject, metric: leaf.metric, condition: leaf.condition },
    composed: isPlain ? null : composed,
    lifecycle: pick(random, 'recurring', 'recurring', 'recurring', 'once'),
    onCreate: pick(random, 'fireIfBreached', 'waitForCross'),
  };
}

function randomTree(random: () => number): { leaf: Leaf; tree: ConditionTree } {
  const metric = pick(random, ...NAMES);
  const leaf: Leaf = { metric, ...randomQuestion(random), maxAgeMs: random() < 0.1 ? 3_600_000 : null };
  const other: Leaf = { metric: pick(random, ...NAMES), ...randomQuestion(random), maxAgeMs: null };
  return { leaf, tree: random() < 0.2 ? { any: [{ leaf }, { not: { leaf: other } }] } : { leaf } };
}

/** Two levels more, a third further each, where the condition has a direction; one of them with a recovery of its own. */
function levelsAbove({ operator, threshold }: Condition): Level[] {
  if (operator === 'crossesAbove' || operator === 'crossesBelow') return [];
  const sign = operator === 'above' || operator === 'atLeast' ? 1 : -1;
  const step = sign * Math.ceil((Math.abs(threshold) + 2) / 3);
  return [0, 1, 2].map((n) => ({
    severity: 'warning',
    threshold: threshold + n * step,
    recovery: n === 1 ? threshold : null,
  }));
}

/** A measure, and levels that its numbers pass often. */
function randomQuestion(random: () => number): { measure: Measure; condition: Condition } {
  const operator = pick(random, 'above', 'below', 'atLeast', 'atMost', 'crossesAbove', 'crossesBelow');
  const of = (measure: Measure, threshold: number): { measure: Measure; condition: Condition } => ({
    measure,
    condition: { operator, threshold, upper: null, recovery: recoveryOf(operator, threshold, random) },
  });
  const windowMs = pick(random, 600_000, 3_600_000, 86_400_000);
  const where = { operator: 'above', threshold: 500, upper: null } as const;
  return pick(
    random,
    of({ kind: 'value' }, Math.floor(random() * 1_000)),
    of({ kind: 'value' }, Math.floor(random() * 1_000)),
    of({ kind: 'count', where, windowMs }, 1 + Math.floor(random() * 3)),
    of({ kind: 'countOfLast', where, last: 5 }, 2),
    of({ kind: 'countOfPeriods', where, last: 3, periodMs: 3_600_000 }, 1),
    of(
      {
        kind: 'aggregate',
        of: pick(random, 'sum', 'avg', 'min', 'max'),
        window: { kind: 'sliding', ms: windowMs },
        partial: random() < 0.5,
      },
      500,
    ),
    of(
      {
        kind: 'aggregate',
        of: 'sum',
        window: { kind: 'calendar', period: 'day', timeZone: 'Europe/Berlin' },
        partial: true,
      },
      3_000,
    ),
    of({ kind: 'change', against: 'previous', unit: 'amount' }, 100),
    of({ kind: 'change', against: 'dayOpen', timeZone: 'Europe/Berlin', unit: 'amount' }, 200),
    of(
      {
        kind: 'change',
        against: pick(random, 'windowStart', 'windowHigh', 'windowLow'),
        windowMs,
        unit: 'percent',
      },
      -2_000,
    ),
    of({ kind: 'trailing', from: 'high', unit: 'percent' }, 3_000),
  );
}

/** Of a third of them, on the side to which the number returns. */
function recoveryOf(operator: Condition['operator'], threshold: number, random: () => number): number | null {
  if (operator === 'crossesAbove' || operator === 'crossesBelow' || random() > 0.3) return null;
  const sign = operator === 'above' || operator === 'atLeast' ? -1 : 1;
  return threshold + sign * Math.ceil(Math.abs(threshold) / 4 + 1);
}
