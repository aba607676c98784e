import type { StoredInstance } from '@app/persistence';
import type { PartitionMatcher } from '@app/rules';
import { insist } from './insist';
import { addMetricFacts } from './metric-facts';
import { applyRuleChanges, type AppliedChanges, type Moment } from './rule-changes';
import type { WorkerSurroundings } from './worker-surroundings';

/** Rules of one change are taken in portions: each is one commit. */
const AT_ONCE = 5_000;

/** The rules of one partition, and the values that they go on from, on their way from the store to the matcher. */
export class PartitionRules {
  /** Rules that changed before the partition decides anything. */
  private readonly changedEarly = new Set<string>();
  private hasUnarmed = false;

  constructor(
    private readonly partition: number,
    private readonly matcher: PartitionMatcher,
    private readonly around: WorkerSurroundings,
  ) {}

  /**
   * Takes up every instance where its state left it; those without a state under their condition wait for `arm`.
   * The store joins the rules while the values come: with ten million of them it did nothing else for 10 of 50 s.
   */
  async load(signal: AbortSignal): Promise<void> {
    const instances = this.around.stores.instances.load(this.partition);
    try {
      await this.restoreValues();
      for await (const page of instances) await this.resume(page, signal);
    } finally {
      await instances.drop();
    }
  }

  private async restoreValues(): Promise<void> {
    const { matcher, partition } = this;
    const { series, measures } = this.around.stores;
    for await (const page of series.load(partition)) {
      for (const { clockAt, ...value } of page)
        matcher.restoreSeries({ ...value, ...(clockAt !== null && { clockAt }) });
    }
    for await (const page of measures.load(partition)) {
      for (const measure of page) matcher.restoreMeasure(measure);
    }
  }

  private async resume(page: readonly StoredInstance[], signal: AbortSignal): Promise<void> {
    await this.addFacts(page, signal);
    for (const { definition, state, stateVersion, conditionVersion } of page) {
      if (stateVersion === conditionVersion) this.matcher.resume(definition, state);
      else this.hasUnarmed = true;
    }
  }

  /** Arms what is new or was changed since: only now, since arming decides by last values, which the replay brought back. */
  async *arm(moment: Moment, signal: AbortSignal): AsyncGenerator<AppliedChanges, void, undefined> {
    const { instances } = this.around.stores;
    if (this.hasUnarmed) {
      for await (const page of instances.loadUnarmed(this.partition)) yield* this.apply(page, moment, signal);
    }
    yield* this.change([...this.changedEarly], moment, signal);
    this.changedEarly.clear();
  }

  /** Notes changes that come before `arm`. */
  remember(ruleIds: readonly string[]): void {
    for (const ruleId of ruleIds) this.changedEarly.add(ruleId);
  }

  /** Brings the matcher up to date with changed rules. */
  async *change(
    ruleIds: readonly string[],
    moment: Moment,
    signal: AbortSignal,
  ): AsyncGenerator<AppliedChanges, void, undefined> {
    if (ruleIds.length === 0) return;
    yield* this.apply(await this.around.stores.instances.ofRules(ruleIds, this.partition), moment, signal);
  }

  private async *apply(
    stored: readonly StoredInstance[],
    moment: Moment,
    signal: AbortSignal,
  ): AsyncGenerator<AppliedChanges, void, undefined> {
    await this.addFacts(stored, signal);
    for (let from = 0; from < stored.length; from += AT_ONCE) {
      yield applyRuleChanges(this.matcher, stored.slice(from, from + AT_ONCE), moment);
    }
  }

  private async addFacts(stored: readonly StoredInstance[], signal: AbortSignal): Promise<void> {
    const { catalogue, onTrouble } = this.around;
    if (addMetricFacts(stored, catalogue.current())) return;
    const onWait = (error: unknown): void =>
      onTrouble(`partition ${this.partition} cannot read the catalogue yet`, error);
    await insist(signal, onWait, () => catalogue.refresh());
    addMetricFacts(stored, catalogue.current());
  }
}
