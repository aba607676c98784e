import {
  PartitionMatcher,
  type InstanceChange,
  type InstanceDefinition,
  type InstanceState,
} from '@app/rules';
import type { MetricFacts, SavedMeasure, SeriesValue } from '@app/rules';
import type { OracleMetric, OracleRecord } from './history';

/**
 * The engine, driven as the dispatcher drives it, with what a store would hold beside it: definitions, states known
 * from changes alone, and a checkpoint of last values and measures, which may lie some records back.
 */
export class Engine {
  private matcher = new PartitionMatcher();
  private readonly facts: Record<string, MetricFacts>;
  private readonly stored = new Map<
    number,
    { definition: InstanceDefinition; state: InstanceState | null }
  >();
  private readonly values = new Map<string, SeriesValue>();
  private readonly measures = new Map<string, SavedMeasure>();
  private sinceCheckpoint: { record: OracleRecord; clock: number }[] = [];
  private listeningSince = Number.NEGATIVE_INFINITY;

  constructor(
    metrics: ReadonlyMap<string, OracleMetric>,
    private clock: number,
  ) {
    this.facts = Object.fromEntries([...metrics].map(([name, metric]) => [name, { scale: 0, ...metric }]));
    this.matcher.advanceClock(clock, []);
  }

  arm(wanted: InstanceDefinition): InstanceChange[] {
    const definition = { ...wanted, metrics: this.facts };
    this.stored.set(definition.instanceId, { definition, state: null });
    const others: InstanceChange[] = [];
    const change = this.matcher.arm(definition, null, this.clock, others);
    return this.keep(change ? [change, ...others] : others);
  }

  disarm(instanceId: number): void {
    this.stored.delete(instanceId);
    this.matcher.disarm(instanceId);
    this.keep([]);
  }

  take(record: OracleRecord): InstanceChange[] {
    const out: InstanceChange[] = [];
    this.clock = Math.max(this.clock, record.appendedAt);
    this.sinceCheckpoint.push({ record, clock: this.clock });
    this.matcher.take(this.matcher.seriesOf(record.metric, record.subject), record, record.appendedAt, out);
    return this.keep(out);
  }

  advanceClock(clock: number): InstanceChange[] {
    const out: InstanceChange[] = [];
    this.clock = Math.max(this.clock, clock);
    this.matcher.advanceClock(clock, out);
    return this.keep(out);
  }

  resumeWatching(at: number): void {
    this.listeningSince = at;
    this.matcher.resumedAt(at);
  }

  /** What the dispatcher writes now and then, in one transaction. */
  checkpoint(): void {
    for (const each of this.matcher.drainDirty()) this.values.set(`${each.metric} ${each.subject}`, each);
    for (const each of this.matcher.drainMeasures()) {
      const place = `${each.metric} ${each.subject} ${each.key}`;
      if (each.state === null) this.measures.delete(place);
      else this.measures.set(place, JSON.parse(JSON.stringify(each)) as SavedMeasure);
    }
    this.sinceCheckpoint = [];
  }

  /** Another worker goes on: from the checkpoint, the states, and the records between the two. */
  restart(): void {
    this.matcher = new PartitionMatcher();
    this.matcher.resumedAt(this.listeningSince);
    for (const each of this.values.values()) this.matcher.restoreSeries(each);
    for (const each of this.measures.values()) this.matcher.restoreMeasure(each);
    for (const { definition, state } of this.stored.values()) {
      if (state) this.matcher.resume(definition, JSON.parse(JSON.stringify(state)) as InstanceState);
      else this.matcher.arm(definition, null, this.clock);
    }
    for (const { record, clock } of this.sinceCheckpoint)
      this.matcher.replayEvent(this.matcher.seriesOf(record.metric, record.subject), record, clock);
    this.matcher.replayClock(this.clock);
  }

  standing(instanceId: number): Record<string, unknown> | undefined {
    const stored = this.stored.get(instanceId);
    if (!stored) return undefined;
    const state = stored.state ?? { state: 'unknown', armed: false, spent: false, transitionSeq: 0 };
    return standingOf(stored.definition, state);
  }

  /** One commit, with a checkpoint where the matcher says that no replay could find out what happened. */
  private keep(changes: InstanceChange[]): InstanceChange[] {
    for (const { instanceId, state, armed, spent, transitionSeq, progress } of changes)
      this.stored.get(instanceId)!.state = { state, armed, spent, transitionSeq, progress };
    if (this.matcher.needsCheckpoint) this.checkpoint();
    return changes;
  }
}

function standingOf({ composed }: InstanceDefinition, stored: InstanceState): Record<string, unknown> {
  const { state, armed, spent, transitionSeq, progress } = stored;
  if (spent) return { spent, transitionSeq };
  const plain = { state, armed, spent, transitionSeq };
  if (!composed || !progress) return plain;
  const { since, firedAt, firings, level, known, reason, openedByNoData, decidedAt } = progress;
  return { ...plain, since, firedAt, firings, level, known, reason, openedByNoData, decidedAt };
}
