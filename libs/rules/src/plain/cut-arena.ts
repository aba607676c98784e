import { SLOT_SHIFT } from './entry-word';
import { ENTRY_WORDS, cutIndex, wordIndex } from './passage';
import type { Passage } from './passage';

const PAGE_BITS = 16;
const PAGE_SIZE = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_SIZE - 1;
const SMALLEST = 2;

/** Block sizes are 2, 4, … 512 entries; the class of a block is its place in that row. */
export const LARGEST_CLASS = 8;
export const LARGEST_BLOCK = SMALLEST << LARGEST_CLASS;

/** Below this many entries a loop is quicker than the call of `copyWithin`. */
const SHORT_MOVE = 20;

/** A cut and whose it is: see `entry-word.ts`. The payload counts firings, or names a pair. */
export interface Entry {
  cut: number;
  word: number;
  payload: number;
}

export function capacityOf(sizeClass: number): number {
  return SMALLEST << sizeClass;
}

/**
 * Sorted runs of entries in common pages: 16 bytes an entry, cut and state side by side, so that a value which
 * passes one cut reads one cache line. A typed array of its own for each series costs some 200 bytes before it
 * holds anything, which for three rules is more than the rules.
 *
 * A block is named by the position of its first entry. Entries are ordered by cut, then by slot, so that one
 * among 100,000 rules on the same round level is found by searching. Blocks never straddle pages, and pages
 * are never copied: growing costs no pause.
 */
export class CutArena {
  /** The same memory twice; see `cutIndex` and `wordIndex`. */
  private readonly cutPages: Float64Array[] = [];
  private readonly wordPages: Int32Array[] = [];
  /** Head of the free list of each class; the links are kept in the free blocks themselves. */
  private readonly freeHead = new Int32Array(LARGEST_CLASS + 1).fill(-1);
  private unused = 0;

  cutAt(position: number): number {
    return this.cutPages[position >>> PAGE_BITS]![cutIndex(position & PAGE_MASK)]!;
  }

  wordAt(position: number): number {
    return this.wordPages[position >>> PAGE_BITS]![wordIndex(position & PAGE_MASK)]!;
  }

  payloadAt(position: number): number {
    return this.wordPages[position >>> PAGE_BITS]![wordIndex(position & PAGE_MASK) + 1]!;
  }

  slotAt(position: number): number {
    return this.wordAt(position) >>> SLOT_SHIFT;
  }

  allocate(sizeClass: number): number {
    const head = this.freeHead[sizeClass]!;
    if (head < 0) return this.carve(sizeClass);
    this.freeHead[sizeClass] = this.wordAt(head) - 1;
    return head;
  }

  release(block: number, sizeClass: number): void {
    this.wordPages[block >>> PAGE_BITS]![wordIndex(block & PAGE_MASK)] = this.freeHead[sizeClass]! + 1;
    this.freeHead[sizeClass] = block;
  }

  /** Takes a largest block and cuts it into blocks of the class; they never grow together again. */
  private carve(sizeClass: number): number {
    const large = sizeClass === LARGEST_CLASS ? -1 : this.freeHead[LARGEST_CLASS]!;
    const whole = large >= 0 ? this.allocate(LARGEST_CLASS) : this.fresh();
    const size = capacityOf(sizeClass);
    for (let block = whole + LARGEST_BLOCK - size; block > whole; block -= size)
      this.release(block, sizeClass);
    return whole;
  }

  private fresh(): number {
    if ((this.unused & PAGE_MASK) === 0) {
      const page = new ArrayBuffer(PAGE_SIZE * ENTRY_WORDS * 4);
      this.cutPages.push(new Float64Array(page));
      this.wordPages.push(new Int32Array(page));
    }
    const block = this.unused;
    this.unused += LARGEST_BLOCK;
    return block;
  }

  /** Index of the first of `count` entries that does not stand before (cut, slot). */
  placeOf(block: number, count: number, cut: number, slot: number): number {
    const cuts = this.cutPages[block >>> PAGE_BITS]!;
    const words = this.wordPages[block >>> PAGE_BITS]!;
    const base = block & PAGE_MASK;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = cuts[cutIndex(base + middle)]!;
      if (other < cut || (other === cut && words[wordIndex(base + middle)]! >>> SLOT_SHIFT < slot)) {
        low = middle + 1;
      } else high = middle;
    }
    return low;
  }

  /** @returns the position of an entry, or -1 */
  find(block: number, count: number, cut: number, slot: number): number {
    const place = this.placeOf(block, count, cut, slot);
    const isThere = place < count && this.cutAt(block + place) === cut && this.slotAt(block + place) === slot;
    return isThere ? block + place : -1;
  }

  /** Adds an entry to a block of `count` entries that has room for it. */
  insert(block: number, count: number, { cut, word, payload }: Entry): void {
    const words = this.wordPages[block >>> PAGE_BITS]!;
    const base = block & PAGE_MASK;
    const place = base + this.placeOf(block, count, cut, word >>> SLOT_SHIFT);
    const end = base + count;
    if (end - place < SHORT_MOVE) {
      // As words and not as numbers: a payload read as a number might come back as another NaN.
      for (let i = end * ENTRY_WORDS - 1; i >= place * ENTRY_WORDS; i -= 1)
        words[i + ENTRY_WORDS] = words[i]!;
    } else words.copyWithin((place + 1) * ENTRY_WORDS, place * ENTRY_WORDS, end * ENTRY_WORDS);
    this.cutPages[block >>> PAGE_BITS]![cutIndex(place)] = cut;
    words[wordIndex(place)] = word;
    words[wordIndex(place) + 1] = payload;
  }

  /** @returns whether the entry was there */
  remove(block: number, count: number, cut: number, slot: number): boolean {
    const position = this.find(block, count, cut, slot);
    if (position < 0) return false;
    const words = this.wordPages[block >>> PAGE_BITS]!;
    const place = position & PAGE_MASK;
    const end = (block & PAGE_MASK) + count;
    if (end - place < SHORT_MOVE) {
      for (let i = (place + 1) * ENTRY_WORDS; i < end * ENTRY_WORDS; i += 1)
        words[i - ENTRY_WORDS] = words[i]!;
    } else words.copyWithin(place * ENTRY_WORDS, (place + 1) * ENTRY_WORDS, end * ENTRY_WORDS);
    this.padFrom(block + count - 1, 1);
    return true;
  }

  /** Drops the entries that `Settler` has marked as spent. @returns how many are left */
  sweep(block: number, count: number): number {
    const cuts = this.cutPages[block >>> PAGE_BITS]!;
    const words = this.wordPages[block >>> PAGE_BITS]!;
    const base = block & PAGE_MASK;
    let kept = base;
    for (let place = base; place < base + count; place += 1) {
      if (Number.isNaN(cuts[cutIndex(place)]!)) continue;
      if (kept !== place)
        words.copyWithin(kept * ENTRY_WORDS, place * ENTRY_WORDS, (place + 1) * ENTRY_WORDS);
      kept += 1;
    }
    this.padFrom(block + kept - base, base + count - kept);
    return kept - base;
  }

  /** Copies entries, given as positions; the target has room. */
  copy(from: number, to: number, count: number): void {
    const source = (from & PAGE_MASK) * ENTRY_WORDS;
    const words = this.wordPages[from >>> PAGE_BITS]!.subarray(source, source + count * ENTRY_WORDS);
    this.wordPages[to >>> PAGE_BITS]!.set(words, (to & PAGE_MASK) * ENTRY_WORDS);
  }

  /** Cuts above every value where a block of a directory holds nothing: a walk from the cursor ends there. */
  padFrom(position: number, count: number): void {
    const cuts = this.cutPages[position >>> PAGE_BITS]!;
    const start = position & PAGE_MASK;
    for (let place = start; place < start + count; place += 1)
      cuts[cutIndex(place)] = Number.POSITIVE_INFINITY;
  }

  /** Shows a passage the entries from `start` to before `end`, as indices into a block. */
  show(block: number, start: number, end: number, passage: Passage): void {
    passage.cuts = this.cutPages[block >>> PAGE_BITS]!;
    passage.words = this.wordPages[block >>> PAGE_BITS]!;
    passage.start = (block & PAGE_MASK) + start;
    passage.end = (block & PAGE_MASK) + end;
    passage.block = block;
  }

  /** Whether a value lies right below the entry at `place` and not below the one before it. */
  isBelow(block: number, count: number, place: number, value: number): boolean {
    const cuts = this.cutPages[block >>> PAGE_BITS]!;
    const at = cutIndex((block & PAGE_MASK) + place);
    if (place > count) return false;
    return (place === count || cuts[at]! > value) && (place === 0 || cuts[at - 2]! <= value);
  }

  /**
   * Walks entry by entry to `passage.value`, and reads the cuts around it as far as the block knows them.
   * @param place any entry; one near to the end saves steps
   * @returns the first entry above the value
   */
  walk(block: number, count: number, place: number, passage: Passage): number {
    const cuts = this.cutPages[block >>> PAGE_BITS]!;
    const base = block & PAGE_MASK;
    const { value } = passage;
    let end = place;
    while (end < count && cuts[cutIndex(base + end)]! <= value) end += 1;
    while (end > 0 && cuts[cutIndex(base + end - 1)]! > value) end -= 1;
    passage.before = end > 0 ? cuts[cutIndex(base + end - 1)]! : Number.NEGATIVE_INFINITY;
    passage.after = end < count ? cuts[cutIndex(base + end)]! : Number.POSITIVE_INFINITY;
    return end;
  }
}
