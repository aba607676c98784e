import type { InstanceChange, InstanceDefinition } from '@app/rules';
import type { OracleMetric, OracleRecord, Taken } from './history';
import { standingOf, SubjectOracle } from './subject-oracle';

/**
 * What all rules of a partition mean, written down as plainly as possible: every event looks at every rule of its
 * subject, every window is a list of events filtered anew, every due time is looked for among all. Slow on purpose, and
 * of libs/rules it knows nothing but the types: where engine and oracle differ, one of them is wrong.
 *
 * Read it in this order: history (how events are taken), measures, tree, machine, silence, subject-oracle (time).
 */
export class Oracle {
  private readonly subjects = new Map<string, SubjectOracle>();
  private readonly subjectOf = new Map<number, string>();
  /** T1: the largest `appendedAt` so far, or the wall clock's where the log has been read to its head. */
  clock = Number.NEGATIVE_INFINITY;
  private resumedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly metrics: ReadonlyMap<string, OracleMetric>,
    /** How far back anybody looks; only so that a long run ends. */
    private readonly reachMs = Number.POSITIVE_INFINITY,
  ) {}

  /** @returns what it changed, at most for the instance itself and its partner */
  arm(definition: InstanceDefinition, armedAt: number): InstanceChange[] {
    this.disarm(definition.instanceId);
    this.subjectOf.set(definition.instanceId, definition.subject);
    this.at(definition.subject).arm(definition, armedAt);
    return this.drain();
  }

  disarm(instanceId: number): void {
    const subject = this.subjectOf.get(instanceId);
    if (subject !== undefined) this.at(subject).disarm(instanceId);
    this.subjectOf.delete(instanceId);
  }

  take(record: OracleRecord): { taken: Taken; changes: InstanceChange[] } {
    this.clock = Math.max(this.clock, record.appendedAt);
    this.passTime();
    const taken = this.at(record.subject).take(record, this.clock, this.resumedAt);
    return { taken, changes: this.drain() };
  }

  advanceClock(clock: number): InstanceChange[] {
    this.clock = Math.max(this.clock, clock);
    this.passTime();
    return this.drain();
  }

  /** Watching begins again after nobody listened for more than a minute. */
  resumeWatching(at: number): void {
    this.resumedAt = at;
  }

  /** Where an instance stands; undefined if there is none of this id. */
  standing(instanceId: number): Record<string, unknown> | undefined {
    const subject = this.subjectOf.get(instanceId);
    const one = subject === undefined ? undefined : this.at(subject).find(instanceId);
    return one && standingOf(one);
  }

  private passTime(): void {
    for (const subject of this.subjects.values()) subject.advance(this.clock, this.resumedAt);
  }

  private at(subject: string): SubjectOracle {
    let oracle = this.subjects.get(subject);
    if (!oracle) this.subjects.set(subject, (oracle = new SubjectOracle(this.metrics, this.reachMs)));
    return oracle;
  }

  private drain(): InstanceChange[] {
    const changes = [...this.subjects.values()].flatMap((subject) => subject.changes);
    for (const subject of this.subjects.values()) subject.changes = [];
    return changes;
  }
}
