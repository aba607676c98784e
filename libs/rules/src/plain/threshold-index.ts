import { BlockDirectory } from './block-directory';
import { CutArena, LARGEST_BLOCK, LARGEST_CLASS, capacityOf } from './cut-arena';
import { grown, nextLength } from './grown';
import { Passage } from './passage';

const EMPTY = -1;
/** References from here down name a directory: -2 the first, -3 the second. */
const FIRST_DIRECTORY = -2;

/**
 * The cuts of every series, sorted, so that a value meets only the cuts that it passes: the work grows with
 * the rules whose truth may change, never with the rules there are.
 *
 * A series holds one block that doubles from 4 pairs to 512, and beyond that a directory of blocks.
 * @see docs/adr/0003-sorted-thresholds-with-a-cursor.md
 */
export class ThresholdIndex {
  private readonly arena = new CutArena();
  private readonly passage = new Passage();
  private readonly directories: (BlockDirectory | null)[] = [];
  private readonly freeDirectories: number[] = [];
  private refs = new Int32Array(256).fill(EMPTY);
  private counts = new Uint16Array(256);
  private classes = new Uint8Array(256);

  /** Makes room for series below this number. */
  reserve(seriesCount: number): void {
    const before = this.refs.length;
    if (seriesCount <= before) return;
    const length = Math.max(seriesCount, nextLength(before));
    this.refs = grown(this.refs, length).fill(EMPTY, before);
    this.counts = grown(this.counts, length);
    this.classes = grown(this.classes, length);
  }

  /** Adds a cut that names a slot; the same pair is never added twice. */
  insert(series: number, cut: number, slot: number): void {
    const ref = this.refs[series]!;
    if (ref <= FIRST_DIRECTORY) {
      this.directories[FIRST_DIRECTORY - ref]!.insert(cut, slot);
      return;
    }
    const count = this.counts[series]!;
    if (ref === EMPTY) this.resize(series, 0);
    else if (count === capacityOf(this.classes[series]!)) {
      if (count === LARGEST_BLOCK) {
        this.promote(series).insert(cut, slot);
        return;
      }
      this.resize(series, this.classes[series]! + 1);
    }
    this.arena.insert(this.refs[series]!, count, cut, slot);
    this.counts[series] = count + 1;
  }

  remove(series: number, cut: number, slot: number): void {
    const ref = this.refs[series]!;
    if (ref === EMPTY) return;
    if (ref <= FIRST_DIRECTORY) {
      const directory = this.directories[FIRST_DIRECTORY - ref]!;
      directory.remove(cut, slot);
      if (directory.size === 1) this.demote(series, directory);
      return;
    }
    if (!this.arena.remove(ref, this.counts[series]!, cut, slot)) return;
    this.counts[series]! -= 1;
    this.shrink(series);
  }

  /** What a value passes that moves from one end of (from, upTo] to the other. Good until the next call. */
  pass(series: number, from: number, upTo: number): Passage {
    const passage = this.passage;
    passage.begin(from, upTo);
    const ref = this.refs[series]!;
    if (ref <= FIRST_DIRECTORY) this.directories[FIRST_DIRECTORY - ref]!.collect(passage);
    else if (ref !== EMPTY) this.arena.collect(ref, this.counts[series]!, passage);
    return passage;
  }

  private shrink(series: number): void {
    const count = this.counts[series]!;
    const sizeClass = this.classes[series]!;
    if (count === 0) {
      this.arena.release(this.refs[series]!, sizeClass);
      this.refs[series] = EMPTY;
    } else if (sizeClass > 0 && count <= capacityOf(sizeClass) / 4) {
      this.resize(series, sizeClass - 1);
    }
  }

  private resize(series: number, sizeClass: number): void {
    const [ref, count] = [this.refs[series]!, this.counts[series]!];
    const block = this.arena.allocate(sizeClass);
    if (ref !== EMPTY) {
      this.arena.copy(ref, block, count);
      this.arena.release(ref, this.classes[series]!);
    }
    this.refs[series] = block;
    this.classes[series] = sizeClass;
  }

  private promote(series: number): BlockDirectory {
    const directory = new BlockDirectory(this.arena, this.refs[series]!, this.counts[series]!);
    const place = this.freeDirectories.pop() ?? this.directories.length;
    this.directories[place] = directory;
    this.refs[series] = FIRST_DIRECTORY - place;
    return directory;
  }

  private demote(series: number, directory: BlockDirectory): void {
    const place = FIRST_DIRECTORY - this.refs[series]!;
    const { block, count } = directory.first;
    this.directories[place] = null;
    this.freeDirectories.push(place);
    this.refs[series] = block;
    this.counts[series] = count;
    this.classes[series] = LARGEST_CLASS;
  }
}
