import { truthOf } from './cuts';
import { FALLEN, OUTCOME_SHIFT, PAIRED, RISEN, SLOT_SHIFT, STATUS_BITS } from './entry-word';
import { isFiredIn, isSpentIn, outcomeOf } from './entry-word';
import type { InstanceTable } from './instance-table';
import type { PairTable } from './pair-table';
import { ENTRY_WORDS, cutIndex, entryOfWord, wordIndex } from './passage';
import type { Passage } from './passage';
import { SPENT, isSpent, shapeOf, step, transitionOf } from './status';
import type { ThresholdIndex } from './threshold-index';
import { ROW, TransitionLog } from './transition-log';

/** Decides what became of the instances whose cuts a value passed, and takes those that are spent from the index. */
export class Settler {
  private out = new TransitionLog();
  private marked = 0;
  private readonly spentPairs: number[] = [];

  constructor(
    private readonly instances: InstanceTable,
    private readonly pairs: PairTable,
    private readonly index: ThresholdIndex,
  ) {}

  /** Settles the run at hand of a passage for `passage.value`, wherever its cuts lie around it. */
  settleRun(passage: Passage, at: number, out: TransitionLog): void {
    const { start, end, cuts, value } = passage;
    out.begin(this.instances, value, at, end - start);
    this.out = out;
    this.marked = 0;
    if (cuts[cutIndex(end - 1)]! <= value) this.pass(passage, start, end, RISEN);
    else if (cuts[cutIndex(start)]! > value) this.pass(passage, start, end, FALLEN);
    else {
      let middle = start;
      while (cuts[cutIndex(middle)]! <= value) middle += 1;
      this.pass(passage, start, middle, RISEN);
      this.pass(passage, middle, end, FALLEN);
    }
    if (this.marked > 0) this.index.sweep(passage);
    if (this.spentPairs.length > 0) this.removeSpentPairs();
  }

  /** The innermost loop: what it reads and writes for an instance with one cut lies in order. */
  private pass(passage: Passage, start: number, end: number, steps: Int32Array): void {
    const { words } = passage;
    const { out } = this;
    const { rows } = out;
    const stop = wordIndex(end);
    let row = out.length * ROW;
    for (let place = wordIndex(start); place < stop; place += ENTRY_WORDS) {
      const word = words[place]!;
      const status = word & STATUS_BITS;
      const stepped = steps[status]!;
      const next = stepped & STATUS_BITS;
      if (next === status) {
        if ((status & PAIRED) !== PAIRED) continue;
        out.length = row / ROW;
        this.settlePair(word >>> SLOT_SHIFT, words[place + 1]!, passage.value);
        row = out.length * ROW;
        continue;
      }
      const outcome = stepped >> OUTCOME_SHIFT;
      const transitionSeq = (words[place + 1]! + isFiredIn(outcome)) | 0;
      words[place] = word ^ status ^ next;
      words[place + 1] = transitionSeq;
      rows[row] = (word ^ status) | outcome;
      rows[row + 1] = transitionSeq;
      row += ROW;
      if (isSpentIn(outcome)) this.mark(passage, place, next);
    }
    out.length = row / ROW;
  }

  /** The entry leaves the index after the run, all of its block at once: a round level may spend 100,000 rules. */
  private mark({ cuts, words }: Passage, place: number, status: number): void {
    cuts[cutIndex(entryOfWord(place))] = Number.NaN;
    this.instances.spend(words[place]! >>> SLOT_SHIFT, status | SPENT, words[place + 1]!);
    this.marked += 1;
  }

  /**
   * An instance whose two cuts were both passed comes here twice; the second time changes nothing, which is
   * cheaper than remembering who was here.
   */
  private settlePair(slot: number, pair: number, value: number): void {
    const { status, second, transitionSeq } = this.pairs;
    const before = status[pair]!;
    const after = step(before, truthOf(shapeOf(before), this.instances.first[slot]!, second[pair]!, value));
    if (after === before) return;
    status[pair] = after;
    if (transitionOf(before, after) === 'fired') transitionSeq[pair]! += 1;
    this.out.add(slot, outcomeOf(before, after), transitionSeq[pair]!);
    if (isSpent(after)) this.spentPairs.push(slot, pair);
  }

  private removeSpentPairs(): void {
    const { instances, pairs, index, spentPairs } = this;
    for (let i = 0; i < spentPairs.length; i += 2) {
      const [slot, pair] = [spentPairs[i]!, spentPairs[i + 1]!];
      const series = instances.series[slot]!;
      index.remove(series, instances.first[slot]!, slot);
      index.remove(series, pairs.second[pair]!, slot);
      instances.spend(slot, pairs.status[pair]!, pairs.transitionSeq[pair]!);
      pairs.remove(pair);
    }
    spentPairs.length = 0;
  }
}
