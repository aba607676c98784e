import type { Reading } from '../measures/series-measure';
import { SLOT_SHIFT } from '../plain/entry-word';
import { Passage, wordIndex } from '../plain/passage';
import { ThresholdIndex } from '../plain/threshold-index';
import type { Line } from './line';

/** The cuts of composed rules on their lines: who has to be asked when a line moves. */
export class LineIndex {
  private readonly index = new ThresholdIndex();
  private readonly passage = new Passage();
  private readonly free: number[] = [];
  private used = 0;

  takeNumber(): number {
    const number = this.free.pop() ?? this.used++;
    this.index.reserve(number + 1);
    return number;
  }

  /** The line must be without cuts. */
  release(number: number): void {
    this.free.push(number);
  }

  insert(line: Line, cut: number, slot: number): void {
    this.index.insert(line.number, { cut, word: slot << SLOT_SHIFT, payload: 0 });
    if (Number.isNaN(line.code)) return;
    line.code = line.reading; // within the same gap, which this cut may now divide
    if (cut <= line.code) line.low = Math.max(line.low, cut);
    else line.high = Math.min(line.high, cut);
  }

  remove(line: Line, cut: number, slot: number): void {
    this.index.remove(line.number, cut, slot);
  }

  /**
   * Moves a line to a new reading.
   * @param touch is told the slots whose truth it may have changed, some of them twice
   */
  move(line: Line, reading: Reading, touch: (slot: number) => void): void {
    const { code, reason } = reading;
    if (code >= line.low && code < line.high && !line.unsettled) {
      line.code = code;
      return;
    }
    const before = line.code;
    const isNews = line.reason !== reason || line.unsettled || Number.isNaN(code) !== Number.isNaN(before);
    line.code = code;
    line.reason = reason;
    line.unsettled = false;
    this.findGap(line);
    if (isNews) this.pass(line, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, touch);
    else if (!Number.isNaN(code)) this.pass(line, Math.min(before, code), Math.max(before, code), touch);
  }

  private findGap(line: Line): void {
    if (Number.isNaN(line.code)) {
      line.low = Number.POSITIVE_INFINITY;
      line.high = Number.NEGATIVE_INFINITY;
      return;
    }
    this.passage.value = line.code;
    this.index.locate(line.number, this.passage);
    line.low = this.passage.before;
    line.high = this.passage.after;
  }

  private pass({ number }: Line, from: number, upTo: number, touch: (slot: number) => void): void {
    const { passage } = this;
    passage.begin(number, from, upTo);
    while (this.index.next(passage)) {
      for (let entry = passage.start; entry < passage.end; entry += 1)
        touch(passage.words[wordIndex(entry)]! >>> SLOT_SHIFT);
    }
  }
}
