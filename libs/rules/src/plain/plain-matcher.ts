import type { ChangeSink, InstanceChange, InstanceDefinition, InstanceState } from '../instance';
import { toCuts, truthOf } from './cuts';
import { PAIRED, SLOT_SHIFT, STATUS_BITS } from './entry-word';
import { InstanceTable } from './instance-table';
import { PairTable } from './pair-table';
import { Passage } from './passage';
import type { SeriesTable } from './series-table';
import { NEW_INSTANCE } from './settle';
import { Settler } from './settler';
import { isSpent, step, toState, toStatus, transitionOf } from './status';
import { ThresholdIndex } from './threshold-index';
import { TransitionLog } from './transition-log';

/** All plain rule instances of one partition: a level each, on the latest value. See `PartitionMatcher`. */
export class PlainMatcher {
  private readonly instances = new InstanceTable();
  private readonly pairs = new PairTable();
  private readonly index = new ThresholdIndex();
  private readonly settler = new Settler(this.instances, this.pairs, this.index);
  private readonly passage = new Passage();
  /** For callers whose changes are objects. */
  private readonly log = new TransitionLog();
  private unfinished = false;

  /** @param slice so many cuts are passed in one go, rounded up to whole blocks */
  constructor(
    private readonly series: SeriesTable,
    private readonly slice: number,
  ) {}

  get size(): number {
    return this.instances.size;
  }

  get isUnfinished(): boolean {
    return this.unfinished;
  }

  has(instanceId: number): boolean {
    return this.instances.find(instanceId) >= 0;
  }

  /** Makes room for series below this number. */
  reserve(seriesCount: number): void {
    this.index.reserve(seriesCount);
  }

  /** @param series the instance's; no instance of the same id is watched */
  arm(
    definition: InstanceDefinition,
    persisted: InstanceState | null,
    series: number,
  ): InstanceChange | null {
    const state = persisted ?? NEW_INSTANCE;
    const value = this.series.valueOf(series);
    const change = Number.isNaN(value) ? null : changeBy(definition, state, value, this.series.atOf(series));
    this.place(definition, change ?? state, series);
    return change;
  }

  /** As `arm`, and the next event of the series settles it. */
  resume(definition: InstanceDefinition, persisted: InstanceState, series: number): void {
    this.place(definition, persisted, series);
    this.series.unsettle(series);
  }

  /** @returns where the instance stood, or null if there is none of this id */
  disarm(instanceId: number): InstanceState | null {
    const slot = this.instances.find(instanceId);
    if (slot < 0) return null;
    const state = this.instances.spentState(slot) ?? this.leaveIndex(slot);
    this.instances.remove(slot);
    return state;
  }

  /** Settles what a value passed that the series table holds already and that lies outside the series' gap. */
  leaveGap(series: number, last: number, out: ChangeSink): void {
    if (out instanceof TransitionLog) return this.pass(series, last, out);
    this.log.clear();
    this.pass(series, last, this.log);
    while (this.unfinished) this.advance(this.log);
    for (const change of this.log) out.push(change);
  }

  continue(out: TransitionLog): void {
    if (this.unfinished) this.advance(out);
  }

  /** What lies between the last value and the new one, or everything where nobody knows what does. */
  private pass(series: number, last: number, out: TransitionLog): void {
    const { passage, index } = this;
    const value = this.series.valueOf(series);
    const isUnsettled = Number.isNaN(last) || this.series.isUnsettled(series);
    passage.last = last;
    passage.value = value;
    if (!isUnsettled && index.passNearby(series, passage)) {
      this.series.setGap(series, passage.before, passage.after);
      if (passage.start < passage.end) this.settler.settleRun(passage, this.series.atOf(series), out);
      return;
    }
    index.locate(series, passage);
    this.series.setGap(series, passage.before, passage.after);
    this.series.settled(series);
    if (isUnsettled) passage.begin(series, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    else passage.begin(series, Math.min(last, value), Math.max(last, value));
    this.advance(out);
  }

  private advance(out: TransitionLog): void {
    const { passage } = this;
    const at = this.series.atOf(passage.series);
    this.unfinished = true;
    for (let passed = 0; passed < this.slice; passed += passage.end - passage.start) {
      if (!this.index.next(passage)) {
        this.unfinished = false;
        return;
      }
      this.settler.settleRun(passage, at, out);
    }
  }

  private place(definition: InstanceDefinition, state: InstanceState, series: number): void {
    const { first, second } = toCuts(definition.condition);
    const status = toStatus(definition, state);
    const { transitionSeq } = state;
    const slot = this.instances.add(definition.instanceId, first, series);
    if (isSpent(status)) this.instances.spend(slot, status, transitionSeq);
    else if (second === first) this.enterIndex(series, first, (slot << SLOT_SHIFT) | status, transitionSeq);
    else {
      const pair = this.pairs.add(second, status, transitionSeq);
      this.enterIndex(series, first, (slot << SLOT_SHIFT) | PAIRED, pair);
      this.enterIndex(series, second, (slot << SLOT_SHIFT) | PAIRED, pair);
    }
  }

  private enterIndex(series: number, cut: number, word: number, payload: number): void {
    this.index.insert(series, { cut, word, payload });
    this.series.narrowGap(series, cut);
  }

  /** The series' gap stays as it is: without a cut it could only be wider. */
  private leaveIndex(slot: number): InstanceState {
    const { index, pairs } = this;
    const series = this.instances.series[slot]!;
    const first = this.instances.first[slot]!;
    const position = index.find(series, first, slot);
    const status = index.wordAt(position) & STATUS_BITS;
    const payload = index.payloadAt(position);
    index.remove(series, first, slot);
    if ((status & PAIRED) !== PAIRED) return toState(status, payload);
    index.remove(series, pairs.second[payload]!, slot);
    const state = toState(pairs.status[payload]!, pairs.transitionSeq[payload]!);
    pairs.remove(payload);
    return state;
  }
}

/** What a value that is known already makes of an instance that begins to watch. */
function changeBy(
  definition: InstanceDefinition,
  state: InstanceState,
  value: number,
  at: number,
): InstanceChange | null {
  const { shape, first, second } = toCuts(definition.condition);
  const before = toStatus(definition, state);
  const after = step(before, truthOf(shape, first, second, value));
  if (after === before) return null;
  const transition = transitionOf(before, after);
  const transitionSeq = state.transitionSeq + (transition === 'fired' ? 1 : 0);
  return { instanceId: definition.instanceId, ...toState(after, transitionSeq), transition, value, at };
}
