import {
  PartitionMatcher,
  type InstanceChange,
  type InstanceDefinition,
  type InstanceState,
  type SeriesValue,
} from '@app/rules';
import type { OracleMetric, OracleRecord } from './history';

/**
 * The engine, driven as the dispatcher drives it, with what a store would hold beside it: definitions, states known
 * from changes alone, last values and measures.
 */
export class Engine {
  private matcher = new PartitionMatcher();
  private readonly stored = new Map<
    number,
    { definition: InstanceDefinition; state: InstanceState | null }
  >();

  private readonly values = new Map<string, SeriesValue>();

  constructor(
    private readonly metrics: ReadonlyMap<string, OracleMetric>,
    private clock: number,
  ) {}

  arm(definition: InstanceDefinition): InstanceChange[] {
    this.stored.set(definition.instanceId, { definition, state: null });
    const change = this.matcher.arm(definition, null);
    return this.keep(change ? [change] : []);
  }

  disarm(instanceId: number): void {
    this.stored.delete(instanceId);
    this.matcher.disarm(instanceId);
  }

  take({ metric, subject, value, at }: OracleRecord): InstanceChange[] {
    const out: InstanceChange[] = [];
    this.matcher.match(this.matcher.seriesOf(metric, subject), value, at, out);
    return this.keep(out);
  }

  advanceClock(clock: number): InstanceChange[] {
    this.clock = clock;
    return [];
  }

  resumeWatching(_at: number): void {}

  restart(): void {
    for (const each of this.matcher.drainDirty()) this.values.set(`${each.metric} ${each.subject}`, each);
    this.matcher = new PartitionMatcher();
    for (const { metric, subject, value, at } of this.values.values())
      this.matcher.restore(metric, subject, value, at);
    for (const { definition, state } of this.stored.values()) this.matcher.arm(definition, state);
  }

  standing(instanceId: number): Record<string, unknown> | undefined {
    const stored = this.stored.get(instanceId);
    if (!stored) return undefined;
    return standingOf(stored.state ?? { state: 'unknown', armed: false, spent: false, transitionSeq: 0 });
  }

  private keep(changes: InstanceChange[]): InstanceChange[] {
    for (const { instanceId, state, armed, spent, transitionSeq, progress } of changes)
      this.stored.get(instanceId)!.state = { state, armed, spent, transitionSeq, progress };
    return changes;
  }
}

function standingOf({ state, armed, spent, transitionSeq }: InstanceState): Record<string, unknown> {
  return spent ? { spent, transitionSeq } : { state, armed, spent, transitionSeq };
}
