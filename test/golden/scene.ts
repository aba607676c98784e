import { composedTerms } from '@app/rules';
import type {
  ComposedTerms,
  Condition,
  InstanceChange,
  InstanceDefinition,
  Leaf,
  Measure,
  Operator,
} from '@app/rules';
import { Engine } from '../oracle/engine';
import type { OracleMetric, OracleRecord } from '../oracle/history';
import { Oracle } from '../oracle/oracle';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const START = Date.UTC(2026, 0, 5);

const METRICS: ReadonlyMap<string, OracleMetric> = new Map(
  ['value', 'other'].map((name) => [
    name,
    { kind: 'gauge' as const, startsAtZero: false, allowedLatenessMs: MINUTE },
  ]),
);

/** What engine and oracle are asked in a golden test. */
interface Judge {
  arm(definition: InstanceDefinition): InstanceChange[];
  take(record: OracleRecord): InstanceChange[];
  advanceClock(clock: number): InstanceChange[];
  resumeWatching(at: number): void;
}

function theOracle(): Judge {
  const oracle = new Oracle(METRICS);
  return {
    arm: (definition) => oracle.arm(definition, oracle.clock),
    take: (record) => oracle.take(record).changes,
    advanceClock: (clock) => oracle.advanceClock(clock),
    resumeWatching: (at) => oracle.resumeWatching(at),
  };
}

/** Every golden sequence is put to both. */
export const JUDGES: [string, () => Judge][] = [
  ['the engine', () => new Engine(METRICS, START)],
  ['the oracle', theOracle],
];

export interface Wish
  extends Partial<Omit<ComposedTerms, 'tree'>>, Partial<Pick<InstanceDefinition, 'lifecycle' | 'onCreate'>> {
  tree: ComposedTerms['tree'];
}

/** One subject, its rules, and time in milliseconds since the start; log clock and event time go together. */
export class Scene {
  private readonly judge: Judge;
  private sent = 0;
  /** What happened, as `fired 1 at 57` (instance, ms since the start). */
  readonly told: string[] = [];

  constructor(judge: () => Judge) {
    this.judge = judge();
    this.judge.advanceClock(START);
  }

  /** @returns what arming alone has told */
  rule(
    instanceId: number,
    { tree, lifecycle = 'recurring', onCreate = 'fireIfBreached', ...terms }: Wish,
  ): string[] {
    const first = firstLeaf(tree);
    const composed = composedTerms(tree, terms);
    const { metric, condition } = first;
    const subject = 'it';
    return this.tell(
      this.judge.arm({ instanceId, metric, subject, condition, lifecycle, onCreate, composed }),
    );
  }

  /**
   * @param takenMs when the log took it
   * @returns what this event has told
   */
  see(value: number, ms: number, metric = 'value', takenMs = ms): string[] {
    const [at, appendedAt] = [START + ms, START + takenMs];
    const id = `e${(this.sent += 1)}`;
    return this.tell(this.judge.take({ source: 'golden', id, metric, subject: 'it', value, at, appendedAt }));
  }

  /** Time passes without an event. */
  until(ms: number): string[] {
    return this.tell(this.judge.advanceClock(START + ms));
  }

  /** Watching begins again after an outage of our own. */
  resume(ms: number): void {
    this.judge.resumeWatching(START + ms);
  }

  private tell(changes: InstanceChange[]): string[] {
    const told = changes
      .filter(({ transition }) => transition !== 'none')
      .map(({ instanceId, transition, at, openedBy, endedBy, progress }) => {
        const by = transition === 'fired' ? openedBy : endedBy;
        const how = by && by !== 'value' ? ` (${by})` : '';
        const level = progress && progress.level > 0 ? ` level ${progress.level}` : '';
        return `${instanceId} ${transition}${how}${level} at ${at - START}`;
      });
    this.told.push(...told);
    return told;
  }
}

/** A leaf on the metric `value`, unless said otherwise. */
export function leaf(
  operator: Operator,
  threshold: number,
  more: Partial<Pick<Condition, 'upper' | 'recovery'>> & {
    measure?: Measure;
    metric?: string;
    maxAgeMs?: number;
  } = {},
): { leaf: Leaf } {
  const {
    upper = null,
    recovery = null,
    measure = { kind: 'value' },
    metric = 'value',
    maxAgeMs = null,
  } = more;
  return { leaf: { metric, measure, condition: { operator, threshold, upper, recovery }, maxAgeMs } };
}

function firstLeaf(tree: ComposedTerms['tree']): Leaf {
  if ('leaf' in tree) return tree.leaf;
  if ('not' in tree) return firstLeaf(tree.not);
  return firstLeaf(('all' in tree ? tree.all : tree.any)[0]!);
}
