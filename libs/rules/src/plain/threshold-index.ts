import { BlockDirectory } from './block-directory';
import { CutArena, LARGEST_BLOCK, LARGEST_CLASS, capacityOf } from './cut-arena';
import type { Entry } from './cut-arena';
import { SLOT_LIMIT } from './entry-word';
import { grown, nextLength } from './grown';
import type { Passage } from './passage';

const EMPTY = -1;
/** References from here down name a directory: -2 the first, -3 the second. */
const FIRST_DIRECTORY = -2;

/** The row of a series: 16 bytes, in one cache line. */
const WIDTH = 4;
const REF = 0;
const COUNT = 1;
const CLASS = 2;
/**
 * Where the first cut above the last value was last seen: place in the block, or position in the arena where the
 * series has a directory. Only a hint: it is tried before it is believed, and spares a search through cold memory.
 */
const HINT = 3;
const NO_HINT = -1;

/**
 * The cuts of every series, sorted, so that a value meets only the cuts that it passes: the work grows with
 * the rules whose truth may change, never with the rules there are.
 *
 * A series holds one block that doubles from 2 entries to 512, and beyond that a directory of blocks.
 * @see docs/adr/0003-sorted-thresholds-with-a-cursor.md
 */
export class ThresholdIndex {
  private readonly arena = new CutArena();
  private readonly directories: (BlockDirectory | null)[] = [];
  private readonly freeDirectories: number[] = [];
  private rows = new Int32Array(256 * WIDTH).fill(EMPTY);

  /** Makes room for series below this number. */
  reserve(seriesCount: number): void {
    const before = this.rows.length;
    if (seriesCount * WIDTH <= before) return;
    const length = Math.max(seriesCount, nextLength(before / WIDTH)) * WIDTH;
    this.rows = grown(this.rows, length).fill(EMPTY, before);
  }

  /** Adds an entry; the same cut and slot are never added twice. */
  insert(series: number, entry: Entry): void {
    const row = series * WIDTH;
    const ref = this.rows[row + REF]!;
    if (ref <= FIRST_DIRECTORY) return this.insertInDirectory(series, ref, entry);
    const count = ref === EMPTY ? 0 : this.rows[row + COUNT]!;
    if (ref === EMPTY) this.resize(series, 0, 0);
    else if (count === capacityOf(this.rows[row + CLASS]!)) {
      if (count === LARGEST_BLOCK) return this.promote(series).insert(entry);
      this.resize(series, count, this.rows[row + CLASS]! + 1);
    }
    this.arena.insert(this.rows[row + REF]!, count, entry);
    this.rows[row + COUNT] = count + 1;
  }

  remove(series: number, cut: number, slot: number): void {
    const row = series * WIDTH;
    const ref = this.rows[row + REF]!;
    if (ref === EMPTY) return;
    if (ref <= FIRST_DIRECTORY) {
      const directory = this.directoryOf(ref);
      directory.remove(cut, slot);
      this.settleDirectory(series, directory);
    } else if (this.arena.remove(ref, this.rows[row + COUNT]!, cut, slot)) {
      this.rows[row + COUNT]! -= 1;
      this.shrink(series);
    }
  }

  /** @returns the position of an entry for `wordAt` and `payloadAt`, good until the next change; or -1 */
  find(series: number, cut: number, slot: number): number {
    const ref = this.rows[series * WIDTH + REF]!;
    if (ref <= FIRST_DIRECTORY) return this.directoryOf(ref).find(cut, slot);
    return ref === EMPTY ? -1 : this.arena.find(ref, this.rows[series * WIDTH + COUNT]!, cut, slot);
  }

  wordAt(position: number): number {
    return this.arena.wordAt(position);
  }

  payloadAt(position: number): number {
    return this.arena.payloadAt(position);
  }

  /**
   * Makes the whole way of a value from `passage.last` to `passage.value`, if the hint is good and the way does not
   * leave its block: the run at hand is then all there is, and the cuts around the value are known.
   */
  passNearby(series: number, passage: Passage): boolean {
    const row = series * WIDTH;
    const hint = this.rows[row + HINT]!;
    if (hint === NO_HINT) return false;
    const ref = this.rows[row + REF]!;
    const isDirectory = ref <= FIRST_DIRECTORY;
    const place = isDirectory ? hint % LARGEST_BLOCK : hint;
    const block = isDirectory ? hint - place : ref;
    const count = isDirectory ? LARGEST_BLOCK : this.rows[row + COUNT]!;
    if (!this.arena.isBelow(block, count, place, passage.last)) return false;
    const end = this.arena.walk(block, count, place, passage);
    // At the edge of a directory's block the next cut lies in another one.
    if (isDirectory && !(Number.isFinite(passage.before) && Number.isFinite(passage.after))) return false;
    this.rows[row + HINT] = hint - place + end;
    this.arena.show(block, Math.min(place, end), Math.max(place, end), passage);
    passage.series = series;
    return true;
  }

  /** Finds the cuts around `passage.value`, and keeps where they are for the next value. */
  locate(series: number, passage: Passage): void {
    const row = series * WIDTH;
    const ref = this.rows[row + REF]!;
    if (ref <= FIRST_DIRECTORY) {
      this.rows[row + HINT] = this.directoryOf(ref).locate(passage.value, passage);
      return;
    }
    const count = ref === EMPTY ? 0 : this.rows[row + COUNT]!;
    const place = count === 0 ? 0 : this.arena.placeOf(ref, count, passage.value, SLOT_LIMIT);
    passage.before = place > 0 ? this.arena.cutAt(ref + place - 1) : Number.NEGATIVE_INFINITY;
    passage.after = place < count ? this.arena.cutAt(ref + place) : Number.POSITIVE_INFINITY;
    this.rows[row + HINT] = count === 0 ? NO_HINT : place;
  }

  /** Goes on to the next run of a passage. @returns false at its end */
  next(passage: Passage): boolean {
    const row = passage.series * WIDTH;
    const ref = this.rows[row + REF]!;
    if (ref === EMPTY) return false;
    if (ref <= FIRST_DIRECTORY) {
      if (!this.directoryOf(ref).next(passage)) return false;
    } else {
      const count = this.rows[row + COUNT]!;
      const start = this.arena.placeOf(ref, count, passage.cut, passage.slot);
      const end = this.arena.placeOf(ref, count, passage.upTo, SLOT_LIMIT);
      if (start >= end) return false;
      this.arena.show(ref, start, end, passage);
    }
    passage.leaveRun();
    return true;
  }

  /** Drops what was marked as spent in the run at hand. */
  sweep(passage: Passage): void {
    const row = passage.series * WIDTH;
    const ref = this.rows[row + REF]!;
    if (ref <= FIRST_DIRECTORY) {
      const directory = this.directoryOf(ref);
      directory.sweep(passage.block);
      this.settleDirectory(passage.series, directory);
    } else {
      this.rows[row + COUNT] = this.arena.sweep(ref, this.rows[row + COUNT]!);
      this.shrink(passage.series);
    }
  }

  private insertInDirectory(series: number, ref: number, entry: Entry): void {
    const directory = this.directoryOf(ref);
    const size = directory.size;
    directory.insert(entry);
    if (directory.size !== size) this.rows[series * WIDTH + HINT] = NO_HINT;
  }

  /** After a removal: blocks may have been joined, and a single one needs no directory. */
  private settleDirectory(series: number, directory: BlockDirectory): void {
    this.rows[series * WIDTH + HINT] = NO_HINT;
    if (directory.size === 1) this.demote(series, directory);
  }

  private shrink(series: number): void {
    const row = series * WIDTH;
    const count = this.rows[row + COUNT]!;
    const sizeClass = this.rows[row + CLASS]!;
    this.rows[row + HINT] = NO_HINT;
    if (count === 0) {
      this.arena.release(this.rows[row + REF]!, sizeClass);
      this.rows[row + REF] = EMPTY;
    } else if (sizeClass > 0 && count <= capacityOf(sizeClass) / 4) {
      let fitting = sizeClass - 1;
      while (fitting > 0 && count <= capacityOf(fitting) / 4) fitting -= 1;
      this.resize(series, count, fitting);
    }
  }

  private resize(series: number, count: number, sizeClass: number): void {
    const row = series * WIDTH;
    const ref = this.rows[row + REF]!;
    const block = this.arena.allocate(sizeClass);
    if (ref !== EMPTY) {
      this.arena.copy(ref, block, count);
      this.arena.release(ref, this.rows[row + CLASS]!);
    }
    this.rows[row + REF] = block;
    this.rows[row + CLASS] = sizeClass;
  }

  private promote(series: number): BlockDirectory {
    const row = series * WIDTH;
    const directory = new BlockDirectory(this.arena, this.rows[row + REF]!, this.rows[row + COUNT]!);
    const place = this.freeDirectories.pop() ?? this.directories.length;
    this.directories[place] = directory;
    this.rows[row + REF] = FIRST_DIRECTORY - place;
    this.rows[row + HINT] = NO_HINT;
    return directory;
  }

  private demote(series: number, directory: BlockDirectory): void {
    const row = series * WIDTH;
    const place = FIRST_DIRECTORY - this.rows[row + REF]!;
    const { block, count } = directory.first;
    this.directories[place] = null;
    this.freeDirectories.push(place);
    this.rows[row + REF] = block;
    this.rows[row + COUNT] = count;
    this.rows[row + CLASS] = LARGEST_CLASS;
    this.shrink(series);
  }

  private directoryOf(ref: number): BlockDirectory {
    return this.directories[FIRST_DIRECTORY - ref]!;
  }
}
