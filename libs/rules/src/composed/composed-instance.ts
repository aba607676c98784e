import type { InstanceDefinition, InstanceState, Progress } from '../instance';
import { numberOf } from '../measures/series-measure';
import { CLEAR, truthOf } from '../plain/cuts';
import type { Queued } from './deadline-queue';
import { evaluateTree } from './evaluate-tree';
import type { LeafSight } from './evaluate-tree';
import type { EventClock } from './event-clock';
import type { Line } from './line';
import { nextLapse } from './machine';
import type { Program, ProgramLeaf } from './program';
import { sightOfLevels } from './sight';
import type { Sight } from './sight';
import type { ComposedState, MachineRule } from './turn';

/** When the last event of a series happened; minus infinity before the first. */
export type LastAt = (series: number) => number;

/** One composed rule on one subject: where it stands, and the lines that its leaves look at. */
export class ComposedInstance implements Queued {
  queuedAt = Number.NaN;
  /** Null until it has been looked at, and after it was put back. */
  sight: Sight | null = null;
  /** What there is to do about it in the moment under way, as bits; see `ComposedMatcher`. */
  todo = 0;
  /** False once it is disarmed or spent: then it is in no index and no queue counts it. */
  attached = true;
  /** One line for each leaf of the program. */
  lines: readonly Line[] = [];
  /** Bit n is set while leaf n is too old. */
  private stale = 0;
  /** Bit n is set while leaf n has not begun to age: its series never had an event. */
  private ageless = 0;
  /** The last look found a leaf too old that had not been. */
  hasAged = false;

  constructor(
    readonly slot: number,
    readonly definition: InstanceDefinition,
    readonly program: Program,
    readonly rule: MachineRule,
    readonly clock: EventClock,
    public state: ComposedState,
  ) {}

  get instanceId(): number {
    return this.definition.instanceId;
  }

  /** Each cut once, also where two leaves or levels agree. */
  cuts(): Map<Line, Set<number>> {
    const cuts = new Map<Line, Set<number>>();
    for (const [index, leaf] of this.program.leaves.entries()) {
      const line = this.lines[index]!;
      const ofLine = cuts.get(line) ?? new Set();
      for (const { first, second } of leaf.cuts) ofLine.add(first).add(second);
      cuts.set(line, ofLine);
    }
    return cuts;
  }

  /**
   * What a decision is stamped with, and as of when the age of leaves is looked at: never earlier than the latest event, or
   * than the decision before it. What has become too old by the log clock is not young again because an event of another
   * series was held up on its way.
   */
  stampOf(instant: number): number {
    return Math.max(instant, this.clock.anchorAt, this.state.progress.decidedAt ?? instant);
  }

  /** The first instant at which time alone may change something: the machine's, or a leaf that becomes too old. */
  nextDeadline(lastAt: LastAt): number {
    let due = nextLapse(this.rule, this.state);
    for (const [index, { maxAgeMs }] of this.program.leaves.entries()) {
      if (maxAgeMs === null || (this.stale & (1 << index)) !== 0) continue;
      const last = lastAt(this.lines[index]!.series);
      if (last + maxAgeMs + 1 < due && last !== Number.NEGATIVE_INFINITY) due = last + maxAgeMs + 1;
    }
    return due;
  }

  get hasStaleLeaf(): boolean {
    return this.stale !== 0;
  }

  /** The series whose next event is waited for: of leaves that are too old, or have not begun to age. */
  awaitedSeries(): number[] {
    const awaited = this.stale | this.ageless;
    if (awaited === 0) return [];
    return this.lines.filter((_, index) => (awaited & (1 << index)) !== 0).map(({ series }) => series);
  }

  /** Looks at all leaves, which are as old as they are at `t`. */
  look(t: number, lastAt: LastAt): Sight {
    const { leaves, hasLevels, tree } = this.program;
    const { stale } = this;
    this.stale = 0;
    this.ageless = 0;
    const seen = leaves.map((leaf, index) => this.lookAt(leaf, index, t - lastAt(this.lines[index]!.series)));
    this.hasAged = (this.stale & ~stale) !== 0;
    if (!hasLevels) return { ...evaluateTree(tree, seen), held: 0, cleared: 0 };
    const [first] = seen;
    if (first!.reason) return { ...first!, held: 0, cleared: 0 };
    return sightOfLevels(leaves[0]!, this.lines[0]!.reading);
  }

  private lookAt(leaf: ProgramLeaf, index: number, age: number): LeafSight {
    const { reading: code, reason } = this.lines[index]!;
    if (leaf.maxAgeMs !== null && age === Number.POSITIVE_INFINITY) this.ageless |= 1 << index;
    else if (leaf.maxAgeMs !== null && age > leaf.maxAgeMs) {
      this.stale |= 1 << index;
      return { reason: 'stale', truth: CLEAR };
    }
    if (Number.isNaN(code)) return { reason: reason ?? 'undefined', truth: CLEAR };
    const { shape, first, second } = leaf.cuts[0]!;
    return { reason: null, truth: truthOf(shape, first, second, code) };
  }

  /** The number that is told: of the first leaf's measure; while that is unknown, the series' last value, or 0. */
  valueToTell(lastValue: (series: number) => number): number {
    const { reading: code, measure, series } = this.lines[0]!;
    if (!Number.isNaN(code)) return numberOf(measure, code);
    const value = lastValue(series);
    return Number.isNaN(value) ? 0 : value;
  }
}

/** Where an instance stands as watching begins, or where its persisted state left it. */
export function startingState(persisted: InstanceState, armedAt: number): ComposedState {
  const { state, armed, spent, transitionSeq, progress } = persisted;
  return { state, armed, spent, transitionSeq, progress: { ...newProgress(armedAt), ...progress } };
}

function newProgress(armedAt: number): Progress {
  return {
    since: null,
    firedAt: null,
    firings: 0,
    level: 0,
    known: false,
    reason: null,
    openedByNoData: false,
    silent: false,
    decidedAt: null,
    armedAt,
  };
}
