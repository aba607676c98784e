import { composedTerms } from '../composed';
import type { ComposedTerms, ConditionTree, Leaf } from '../composed';
import type { MetricFacts } from '../composed/metric-facts';
import type { InstanceChange, InstanceDefinition, InstanceState } from '../instance';
import { PartitionMatcher } from '../partition-matcher';
import type { Condition, OnCreate } from '../rule';

type WantedLeaf = Partial<Omit<Leaf, 'condition'>> & Partial<Condition>;

/** `price` above 100, if nothing else is said. */
export function aLeaf(wanted: WantedLeaf = {}): ConditionTree {
  const { metric = 'price', measure = { kind: 'value' }, maxAgeMs = null, ...condition } = wanted;
  const { operator = 'above', threshold = 100, upper = null, recovery = null } = condition;
  return { leaf: { metric, measure, maxAgeMs, condition: { operator, threshold, upper, recovery } } };
}

type Wanted = Partial<ComposedTerms> &
  Partial<Pick<InstanceDefinition, 'instanceId' | 'subject' | 'lifecycle'>> & {
    onCreate?: OnCreate;
    metrics?: Record<string, MetricFacts>;
  };

/** A composed instance on one subject: at once, for ever, for any number of times, if nothing else is said. */
export function aComposedInstance(wanted: Wanted = {}): InstanceDefinition {
  const {
    instanceId = 1,
    subject = 'gold',
    lifecycle = 'recurring',
    onCreate = 'fireIfBreached',
    metrics,
    ...terms
  } = wanted;
  return {
    instanceId,
    metric: 'price',
    subject,
    condition: { operator: 'above', threshold: 100, upper: null, recovery: null },
    lifecycle,
    onCreate,
    composed: composedTerms(aLeaf(), terms),
    ...(metrics ? { metrics } : {}),
  };
}

/** A matcher whose log takes each event when it happens, unless a test says otherwise. */
export class Watcher {
  matcher = new PartitionMatcher();
  readonly changes: InstanceChange[] = [];
  private events = 0;

  arm(definition: InstanceDefinition, clock = 0, persisted: InstanceState | null = null): InstanceChange {
    const change = this.matcher.arm(definition, persisted, clock, this.changes);
    if (!change) throw new Error('a composed instance has always something to persist');
    this.changes.push(change);
    return change;
  }

  see(value: number, at: number, { metric = 'price', subject = 'gold', clock = at, id = '' } = {}): string {
    const event = { source: 'test', id: id || `e${(this.events += 1)}`, value, at };
    return this.matcher.take(this.matcher.seriesOf(metric, subject), event, clock, this.changes);
  }

  wait(clock: number): void {
    this.matcher.advanceClock(clock, this.changes);
  }

  /** `fired@160`, `recovered@200 expired`: what customers hear of, since the last call. */
  told(): string[] {
    const told = this.changes.filter(({ transition }) => transition !== 'none').map(inWords);
    this.changes.length = 0;
    return told;
  }
}

function inWords({ instanceId, transition, at, openedBy, endedBy, progress }: InstanceChange): string {
  const who = instanceId === 1 ? '' : `${instanceId} `;
  const why = openedBy ?? endedBy;
  const level = transition === 'recovered' || !progress?.level ? '' : ` level ${progress.level}`;
  return `${who}${transition}@${at}${level}${why ? ` ${why}` : ''}`;
}
