import { LARGEST_BLOCK, LARGEST_CLASS } from './cut-arena';
import type { CutArena, Entry } from './cut-arena';
import { SLOT_LIMIT, SLOT_SHIFT } from './entry-word';
import { grown, nextLength } from './grown';
import type { Passage } from './passage';

/** A block emptier than this looks for a neighbour to join; the two must leave room, or the next insert splits them again. */
const SPARSE = LARGEST_BLOCK / 4;
const JOINED = (LARGEST_BLOCK * 3) / 4;

/**
 * The cuts of one hot series: blocks of up to 512 entries, and the last entry of each to search by. One flat array
 * manages 9,700 inserts a second at a million rules; here an insert moves at most one block.
 */
export class BlockDirectory {
  size = 0;
  private maxCut = new Float64Array(16);
  private maxSlot = new Uint32Array(16);
  private blocks = new Int32Array(16);
  private counts = new Uint16Array(16);

  /** Takes over a full block. */
  constructor(
    private readonly arena: CutArena,
    block: number,
    count: number,
  ) {
    this.open(0, block, count);
  }

  get first(): { block: number; count: number } {
    return { block: this.blocks[0]!, count: this.counts[0]! };
  }

  insert(entry: Entry): void {
    const slot = entry.word >>> SLOT_SHIFT;
    let at = Math.min(this.placeOf(entry.cut, slot), this.size - 1);
    if (this.counts[at] === LARGEST_BLOCK) {
      this.split(at);
      if (this.isBefore(at, entry.cut, slot)) at += 1;
    }
    this.arena.insert(this.blocks[at]!, this.counts[at]!, entry);
    this.counts[at]! += 1;
    this.readMax(at);
  }

  /** @returns the position of an entry, or -1 */
  find(cut: number, slot: number): number {
    const at = this.placeOf(cut, slot);
    return at === this.size ? -1 : this.arena.find(this.blocks[at]!, this.counts[at]!, cut, slot);
  }

  /** @returns whether the entry was there */
  remove(cut: number, slot: number): boolean {
    const at = this.placeOf(cut, slot);
    if (at === this.size || !this.arena.remove(this.blocks[at]!, this.counts[at]!, cut, slot)) return false;
    this.setCount(at, this.counts[at]! - 1);
    return true;
  }

  /** Drops the entries of a block that are marked as spent. */
  sweep(block: number): void {
    const at = this.blocks.indexOf(block);
    this.setCount(at, this.arena.sweep(block, this.counts[at]!));
  }

  /** Shows the next run of a passage. @returns false at its end */
  next(passage: Passage): boolean {
    const at = this.placeOf(passage.cut, passage.slot);
    if (at === this.size) return false;
    const [block, count] = [this.blocks[at]!, this.counts[at]!];
    const start = this.arena.placeOf(block, count, passage.cut, passage.slot);
    const isWhole = this.maxCut[at]! <= passage.upTo;
    const end = isWhole ? count : this.arena.placeOf(block, count, passage.upTo, SLOT_LIMIT);
    if (start >= end) return false;
    this.arena.show(block, start, end, passage);
    return true;
  }

  /**
   * Finds the cuts around a value.
   * @returns the position of the first entry above it, or -1 if that is not inside a block
   */
  locate(value: number, passage: Passage): number {
    const at = this.placeOf(value, SLOT_LIMIT);
    passage.before = at > 0 ? this.maxCut[at - 1]! : Number.NEGATIVE_INFINITY;
    passage.after = Number.POSITIVE_INFINITY;
    if (at === this.size) return -1;
    const block = this.blocks[at]!;
    const place = this.arena.placeOf(block, this.counts[at]!, value, SLOT_LIMIT);
    passage.after = this.arena.cutAt(block + place);
    if (place === 0) return -1;
    passage.before = this.arena.cutAt(block + place - 1);
    return block + place;
  }

  /** The first block whose last entry is not before (cut, slot). */
  private placeOf(cut: number, slot: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.isBefore(middle, cut, slot)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private isBefore(at: number, cut: number, slot: number): boolean {
    const max = this.maxCut[at]!;
    return max < cut || (max === cut && this.maxSlot[at]! < slot);
  }

  private setCount(at: number, count: number): void {
    this.counts[at] = count;
    if (count === 0) this.close(at);
    else this.readMax(at);
    if (at < this.size && this.counts[at]! < SPARSE) this.join(at === this.size - 1 ? at - 1 : at);
  }

  private readMax(at: number): void {
    const last = this.blocks[at]! + this.counts[at]! - 1;
    this.maxCut[at] = this.arena.cutAt(last);
    this.maxSlot[at] = this.arena.slotAt(last);
  }

  private split(at: number): void {
    const half = LARGEST_BLOCK / 2;
    const upper = this.arena.allocate(LARGEST_CLASS);
    this.arena.copy(this.blocks[at]! + half, upper, half);
    this.arena.padFrom(upper + half, half);
    this.arena.padFrom(this.blocks[at]! + half, half);
    this.counts[at] = half;
    this.readMax(at);
    this.open(at + 1, upper, half);
  }

  /** Joins a block with the next one, if the two leave room. */
  private join(at: number): void {
    if (at < 0) return;
    const [count, next] = [this.counts[at]!, this.counts[at + 1]!];
    if (count + next > JOINED) return;
    this.arena.copy(this.blocks[at + 1]!, this.blocks[at]! + count, next);
    this.counts[at] = count + next;
    this.readMax(at);
    this.close(at + 1);
  }

  private open(at: number, block: number, count: number): void {
    if (this.size === this.blocks.length) this.grow();
    for (const column of [this.maxCut, this.maxSlot, this.blocks, this.counts]) {
      column.copyWithin(at + 1, at, this.size);
    }
    this.blocks[at] = block;
    this.counts[at] = count;
    this.size += 1;
    this.readMax(at);
  }

  private close(at: number): void {
    this.arena.release(this.blocks[at]!, LARGEST_CLASS);
    for (const column of [this.maxCut, this.maxSlot, this.blocks, this.counts]) {
      column.copyWithin(at, at + 1, this.size);
    }
    this.size -= 1;
  }

  private grow(): void {
    const length = nextLength(this.blocks.length);
    this.maxCut = grown(this.maxCut, length);
    this.maxSlot = grown(this.maxSlot, length);
    this.blocks = grown(this.blocks, length);
    this.counts = grown(this.counts, length);
  }
}
