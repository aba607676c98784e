import { LARGEST_BLOCK, LARGEST_CLASS } from './cut-arena';
import type { CutArena } from './cut-arena';
import { grown, nextLength } from './grown';
import type { Passage } from './passage';

/** A block emptier than this looks for a neighbour to join; the two must leave room, or the next insert splits them again. */
const SPARSE = LARGEST_BLOCK / 4;
const JOINED = (LARGEST_BLOCK * 3) / 4;

/**
 * The cuts of one hot series: blocks of up to 512 pairs, and the last pair of each to search by. One flat array
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

  insert(cut: number, slot: number): void {
    let at = Math.min(this.placeOf(cut, slot), this.size - 1);
    if (this.counts[at] === LARGEST_BLOCK) {
      this.split(at);
      if (this.isBefore(at, cut, slot)) at += 1;
    }
    this.arena.insert(this.blocks[at]!, this.counts[at]!, cut, slot);
    this.counts[at]! += 1;
    this.readMax(at);
  }

  /** @returns whether the pair was there */
  remove(cut: number, slot: number): boolean {
    const at = this.placeOf(cut, slot);
    if (at === this.size || !this.arena.remove(this.blocks[at]!, this.counts[at]!, cut, slot)) return false;
    this.counts[at]! -= 1;
    if (this.counts[at] === 0) this.close(at);
    else this.readMax(at);
    if (at < this.size && this.counts[at]! < SPARSE) this.join(at === this.size - 1 ? at - 1 : at);
    return true;
  }

  /** Collects what lies in (passage.from, passage.upTo]; see `CutArena.collect`. */
  collect(passage: Passage): void {
    let at = this.firstBlockAbove(passage.from);
    if (at > 0) passage.before = this.maxCut[at - 1]!;
    if (at === this.size || !this.arena.collect(this.blocks[at]!, this.counts[at]!, passage)) return;
    for (at += 1; at < this.size; at += 1) {
      if (this.maxCut[at]! > passage.upTo) {
        this.arena.collect(this.blocks[at]!, this.counts[at]!, passage);
        return;
      }
      passage.addAll(this.arena.slotsFrom(this.blocks[at]!, this.counts[at]!), this.maxCut[at]!);
    }
  }

  private firstBlockAbove(value: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.maxCut[middle]! > value) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The first block whose last pair is not before this one. */
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

  private readMax(at: number): void {
    this.maxCut[at] = this.arena.cutAt(this.blocks[at]!, this.counts[at]! - 1);
    this.maxSlot[at] = this.arena.slotAt(this.blocks[at]!, this.counts[at]! - 1);
  }

  private split(at: number): void {
    const half = LARGEST_BLOCK / 2;
    const upper = this.arena.allocate(LARGEST_CLASS);
    this.arena.copy(this.blocks[at]! + half, upper, half);
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
