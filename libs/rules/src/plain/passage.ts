import { SLOT_LIMIT, SLOT_SHIFT } from './entry-word';

/** An entry in 32-bit words: the cut takes the first two. */
export const ENTRY_WORDS = 4;
const WORD = 2;

/** Where in `cuts` the cut of an entry stands. */
export function cutIndex(entry: number): number {
  return entry * 2;
}

/** Where in `words` the word of an entry stands; its payload is the next one. */
export function wordIndex(entry: number): number {
  return entry * ENTRY_WORDS + WORD;
}

export function entryOfWord(place: number): number {
  return (place - WORD) / ENTRY_WORDS;
}

/**
 * The way of one value over the cuts in (from, upTo]: run after run of entries that lie side by side, at most a
 * block each. It remembers its place as a cut and a slot, not as a position, so that it can stop anywhere and go
 * on after rules have come and gone. One object is used again and again, since every value that crosses anything
 * makes such a way.
 */
export class Passage {
  series = 0;
  /** Entries before (cut, slot) are behind it. */
  cut = 0;
  slot = 0;
  upTo = 0;

  /** The run at hand: entries `start` to before `end` of a page, see `CutArena`; and the block they lie in. */
  cuts: Float64Array = new Float64Array(0);
  words: Int32Array = new Int32Array(0);
  start = 0;
  end = 0;
  block = 0;

  /** Where the value comes from and where it is now. */
  last = 0;
  value = 0;
  /** The nearest cuts around the value: at or below it, and above it; infinite where there is none. */
  before = 0;
  after = 0;

  begin(series: number, from: number, upTo: number): void {
    this.series = series;
    this.cut = from;
    this.slot = SLOT_LIMIT;
    this.upTo = upTo;
  }

  /** The run at hand is behind it, whatever becomes of its entries. */
  leaveRun(): void {
    this.cut = this.cuts[cutIndex(this.end - 1)]!;
    this.slot = (this.words[wordIndex(this.end - 1)]! >>> SLOT_SHIFT) + 1;
  }
}
