import type { Passage } from './passage';

const PAGE_BITS = 16;
const PAGE_SIZE = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_SIZE - 1;
const SMALLEST = 4;

/** Block sizes are 4, 8, … 512 entries; the class of a block is its place in that row. */
export const LARGEST_CLASS = 7;
export const LARGEST_BLOCK = SMALLEST << LARGEST_CLASS;

/** Below this many entries a loop is quicker than the call of `copyWithin` (measured at about 40). */
const SHORT_MOVE = 40;

export function capacityOf(sizeClass: number): number {
  return SMALLEST << sizeClass;
}

/**
 * Sorted runs of (cut, slot) pairs in common pages: 12 bytes a pair. A typed array of its own for each series
 * costs some 200 bytes before it holds anything, which for three rules is more than the rules.
 *
 * A block is named by the position of its first entry. Pairs are ordered by cut, then by slot, so that one
 * among 100,000 rules on the same round level is found by searching. Blocks never straddle pages, and pages
 * are never copied: growing costs no pause.
 */
export class CutArena {
  private readonly cutPages: Float64Array[] = [];
  private readonly slotPages: Uint32Array[] = [];
  /** Head of the free list of each class; the links are kept in the free blocks themselves. */
  private readonly freeHead = new Int32Array(LARGEST_CLASS + 1).fill(-1);
  private unused = 0;

  cutAt(block: number, index: number): number {
    return this.cutPages[block >>> PAGE_BITS]![(block & PAGE_MASK) + index]!;
  }

  slotAt(block: number, index: number): number {
    return this.slotPages[block >>> PAGE_BITS]![(block & PAGE_MASK) + index]!;
  }

  allocate(sizeClass: number): number {
    const head = this.freeHead[sizeClass]!;
    if (head < 0) return this.carve(sizeClass);
    this.freeHead[sizeClass] = this.slotAt(head, 0) - 1;
    return head;
  }

  release(block: number, sizeClass: number): void {
    this.slotPages[block >>> PAGE_BITS]![block & PAGE_MASK] = this.freeHead[sizeClass]! + 1;
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
      this.cutPages.push(new Float64Array(PAGE_SIZE));
      this.slotPages.push(new Uint32Array(PAGE_SIZE));
    }
    const block = this.unused;
    this.unused += LARGEST_BLOCK;
    return block;
  }

  /**
   * Collects the entries of a block whose cut lies in (passage.from, passage.upTo], and the neighbours of both
   * ends as far as this block knows them.
   * @returns whether the passage may go on in the next block
   */
  collect(block: number, count: number, passage: Passage): boolean {
    const cuts = this.cutPages[block >>> PAGE_BITS]!;
    const slots = this.slotPages[block >>> PAGE_BITS]!;
    const start = block & PAGE_MASK;
    const end = start + count;
    let place = start + this.firstAbove(block, count, passage.from);
    if (place > start) passage.before = cuts[place - 1]!;
    for (; place < end; place += 1) {
      const cut = cuts[place]!;
      if (cut > passage.upTo) {
        passage.after = cut;
        return false;
      }
      passage.add(cut, slots[place]!);
    }
    return true;
  }

  /** Index of the first of `count` entries whose cut is greater than the value. */
  private firstAbove(block: number, count: number, value: number): number {
    const cuts = this.cutPages[block >>> PAGE_BITS]!;
    const base = block & PAGE_MASK;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cuts[base + middle]! > value) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Adds a pair to a block of `count` entries that has room for it. */
  insert(block: number, count: number, cut: number, slot: number): void {
    const cuts = this.cutPages[block >>> PAGE_BITS]!;
    const slots = this.slotPages[block >>> PAGE_BITS]!;
    const base = block & PAGE_MASK;
    const place = base + this.placeOf(block, count, cut, slot);
    const end = base + count;
    if (end - place < SHORT_MOVE) {
      for (let i = end; i > place; i -= 1) {
        cuts[i] = cuts[i - 1]!;
        slots[i] = slots[i - 1]!;
      }
    } else {
      cuts.copyWithin(place + 1, place, end);
      slots.copyWithin(place + 1, place, end);
    }
    cuts[place] = cut;
    slots[place] = slot;
  }

  /** @returns whether the pair was there */
  remove(block: number, count: number, cut: number, slot: number): boolean {
    const cuts = this.cutPages[block >>> PAGE_BITS]!;
    const slots = this.slotPages[block >>> PAGE_BITS]!;
    const base = block & PAGE_MASK;
    const place = base + this.placeOf(block, count, cut, slot);
    const end = base + count;
    if (place === end || cuts[place] !== cut || slots[place] !== slot) return false;
    if (end - place < SHORT_MOVE) {
      for (let i = place + 1; i < end; i += 1) {
        cuts[i - 1] = cuts[i]!;
        slots[i - 1] = slots[i]!;
      }
    } else {
      cuts.copyWithin(place, place + 1, end);
      slots.copyWithin(place, place + 1, end);
    }
    return true;
  }

  /** Index of the first entry that is not before the pair. */
  private placeOf(block: number, count: number, cut: number, slot: number): number {
    const cuts = this.cutPages[block >>> PAGE_BITS]!;
    const slots = this.slotPages[block >>> PAGE_BITS]!;
    const base = block & PAGE_MASK;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = cuts[base + middle]!;
      if (other < cut || (other === cut && slots[base + middle]! < slot)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Copies entries, given as positions (block + index); the target has room. */
  copy(from: number, to: number, count: number): void {
    const source = from & PAGE_MASK;
    const target = to & PAGE_MASK;
    const cuts = this.cutPages[from >>> PAGE_BITS]!.subarray(source, source + count);
    const slots = this.slotPages[from >>> PAGE_BITS]!.subarray(source, source + count);
    this.cutPages[to >>> PAGE_BITS]!.set(cuts, target);
    this.slotPages[to >>> PAGE_BITS]!.set(slots, target);
  }

  /** The slots of `count` entries from a position (block + index) on; a view, good until the next change. */
  slotsFrom(position: number, count: number): Uint32Array {
    const start = position & PAGE_MASK;
    return this.slotPages[position >>> PAGE_BITS]!.subarray(start, start + count);
  }
}
