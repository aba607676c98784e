import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PartitionMatcher, composedTerms } from '@app/rules';
import type { ComposedTerms, ConditionTree, InstanceDefinition, Measure } from '@app/rules';
import { judged } from './report';
import type { Bench } from './report';

const RULES = 100_000;

const CONDITION = { operator: 'above', threshold: 100, upper: null, recovery: null } as const;
const WINDOW = { kind: 'sliding', ms: 3_600_000 } as const;
const LATEST = leafOf({ kind: 'value' });
const KINDS: Record<string, ComposedTerms> = {
  for: composedTerms(LATEST, { forMs: 300_000 }),
  window: composedTerms(leafOf({ kind: 'aggregate', of: 'avg', window: WINDOW, partial: true })),
  'no-data': composedTerms(LATEST, { noData: { afterMs: 600_000, treat: 'alert' } }),
};

function leafOf(measure: Measure): ConditionTree {
  return { leaf: { metric: 'load', measure, condition: CONDITION, maxAgeMs: null } };
}

/** What a composed rule of each kind costs, alone on its series and among a hundred that share one. */
export const memoryComposed: Bench = {
  name: 'memory',
  run(report) {
    for (const [kind, terms] of Object.entries(KINDS)) {
      for (const rulesEach of [1, 100]) {
        const ours = bytesPerRule(terms, rulesEach);
        const name = `${kind} rules=${RULES} series=${RULES / rulesEach}`;
        report(
          judged({ bench: 'memory', case: name, unit: 'bytes/rule', ours, goal: 2_000, better: 'lower' }),
        );
      }
    }
    return Promise.resolve();
  },
};

function bytesPerRule(composed: ComposedTerms, rulesEach: number): number {
  const before = usedBytes();
  const matcher = new PartitionMatcher();
  for (let n = 0; n < RULES; n += 1) {
    const subject = `host:${Math.floor(n / rulesEach)}`;
    const definition: InstanceDefinition = {
      instanceId: n + 1,
      metric: 'load',
      subject,
      condition: CONDITION,
      lifecycle: 'recurring',
      onCreate: 'fireIfBreached',
      composed,
    };
    matcher.arm(definition, null, 1);
  }
  for (let n = 0; n < RULES / rulesEach; n += 1) {
    const event = { source: 'bench', id: `e${n}`, value: 1, at: 1 };
    matcher.take(matcher.seriesOf('load', `host:${n}`), event, 1, []);
  }
  matcher.drainDirty();
  matcher.drainMeasures();
  const bytes = usedBytes() - before;
  if (matcher.instanceCount !== RULES) throw new Error('memory: not all rules are armed');
  return bytes / RULES;
}

/** Heap and typed arrays, after everything unused has been collected. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
