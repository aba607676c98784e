import { grown, nextLength } from './grown';
import { Utf8Scratch, textOf } from './utf8';

const FREE = 0;
const PAGE_BITS = 17;
const PAGE_SIZE = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_SIZE - 1;
/** Before each name stand the number of its metric and its length, two bytes each: what a search compares lies together. */
const PREFIX = 4;
const LONGEST = 0xffff;

/**
 * The series by their names: metric and subject. Subjects are kept as UTF-8, one behind the other in pages, and found
 * by open addressing: some 25 bytes a series, where a string and a place in a `Map` take about 100. A parser that
 * has only bytes finds a series without making a string.
 *
 * A cell holds one more than the number of a series, in as many bits as the table has cells for, and above them those
 * bits of its hash that do not say where it lies. Of two million series each look at another's name cost three
 * cache misses; by the bits above nearly none is looked at.
 */
export class SeriesNames {
  readonly metrics: string[] = [];
  private readonly metricNumbers = new Map<string, number>();
  private readonly scratch = new Utf8Scratch();
  private readonly pages: Uint8Array[] = [];
  private left = 0;
  private starts = new Uint32Array(256);
  private cells = new Int32Array(512);
  private mask = 511;
  size = 0;

  /** @returns the number of a series, or -1 if it was never named */
  find(metric: string, subject: string): number {
    const length = this.scratch.encode(subject);
    return this.findIn(metric, this.scratch.bytes, 0, length);
  }

  /** As `find`, for a subject in UTF-8 that reaches from `from` to before `to`. */
  findIn(metric: string, bytes: Uint8Array, from: number, to: number): number {
    const metricNumber = this.metricNumbers.get(metric);
    if (metricNumber === undefined) return -1;
    const { cells, mask } = this;
    const hash = hashOf(metricNumber, bytes, from, to);
    for (let cell = hash & mask; ; cell = (cell + 1) & mask) {
      const entry = cells[cell]!;
      if (entry === FREE) return -1;
      if (((entry ^ hash) & ~mask) !== 0) continue;
      const series = (entry & mask) - 1;
      if (this.metricNumberOf(series) === metricNumber && this.isNamed(series, bytes, from, to))
        return series;
    }
  }

  /**
   * Names a series that `find` does not find.
   * @returns its number: one more than the series named before
   * @throws RangeError if the subject has more than 65,535 bytes, or with the 65,537th metric
   */
  add(metric: string, subject: string): number {
    const metricNumber = this.numberOf(metric);
    const length = this.scratch.encode(subject);
    if (length > LONGEST) throw new RangeError(`a subject has ${LONGEST} bytes at most`);
    if ((this.size + 1) * 3 > this.cells.length * 2) this.grow();
    if (this.size === this.starts.length) this.starts = grown(this.starts, nextLength(this.size));
    const series = this.size;
    this.starts[series] = this.write(metricNumber, this.scratch.bytes, length);
    this.place(series, hashOf(metricNumber, this.scratch.bytes, 0, length));
    this.size += 1;
    return series;
  }

  metricNameOf(series: number): string {
    return this.metrics[this.metricNumberOf(series)]!;
  }

  subjectOf(series: number): string {
    const { page, at } = this.spotOf(series);
    return textOf(page, at + PREFIX, at + PREFIX + wordAt(page, at + 2));
  }

  private spotOf(series: number): { page: Uint8Array; at: number } {
    const start = this.starts[series]!;
    return { page: this.pages[start >>> PAGE_BITS]!, at: start & PAGE_MASK };
  }

  private metricNumberOf(series: number): number {
    const start = this.starts[series]!;
    return wordAt(this.pages[start >>> PAGE_BITS]!, start & PAGE_MASK);
  }

  private isNamed(series: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[series]!;
    const page = this.pages[start >>> PAGE_BITS]!;
    const at = start & PAGE_MASK;
    if (wordAt(page, at + 2) !== to - from) return false;
    let own = at + PREFIX;
    for (let i = from; i < to; i += 1, own += 1) if (page[own] !== bytes[i]) return false;
    return true;
  }

  private write(metric: number, bytes: Uint8Array, length: number): number {
    const needed = PREFIX + length;
    if (this.left < needed) {
      this.pages.push(new Uint8Array(PAGE_SIZE));
      this.left = PAGE_SIZE;
    }
    const start = this.pages.length * PAGE_SIZE - this.left;
    const page = this.pages[start >>> PAGE_BITS]!;
    const at = start & PAGE_MASK;
    page.set([metric & 0xff, metric >> 8, length & 0xff, length >> 8], at);
    page.set(bytes.subarray(0, length), at + PREFIX);
    this.left -= needed;
    return start;
  }

  private place(series: number, hash: number): void {
    let cell = hash & this.mask;
    while (this.cells[cell] !== FREE) cell = (cell + 1) & this.mask;
    this.cells[cell] = (hash & ~this.mask) | (series + 1);
  }

  private grow(): void {
    this.cells = new Int32Array(this.cells.length * 2);
    this.mask = this.cells.length - 1;
    for (let series = 0; series < this.size; series += 1) {
      const { page, at } = this.spotOf(series);
      const from = at + PREFIX;
      this.place(series, hashOf(wordAt(page, at), page, from, from + wordAt(page, at + 2)));
    }
  }

  private numberOf(metric: string): number {
    let metricNumber = this.metricNumbers.get(metric);
    if (metricNumber === undefined) {
      if (this.metrics.length > LONGEST) throw new RangeError('a partition knows 65,536 metrics at most');
      metricNumber = this.metrics.push(metric) - 1;
      this.metricNumbers.set(metric, metricNumber);
    }
    return metricNumber;
  }
}

function wordAt(page: Uint8Array, at: number): number {
  return page[at]! | (page[at + 1]! << 8);
}

/** FNV-1a with a better end (that of MurmurHash3): subjects often differ in their last digits only. */
function hashOf(metric: number, bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c_9dc5 ^ metric;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
