import { grown, nextLength } from './grown';
import { Utf8Scratch, textOf } from './utf8';

const FREE = 0;
const PAGE_BITS = 17;
const PAGE_SIZE = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_SIZE - 1;
/** The length before each name, in bytes. */
const PREFIX = 2;
const LONGEST = 0xffff;

/**
 * The series by their names: metric and subject. Subjects are kept as UTF-8, one behind the other in pages, and found
 * by open addressing: some 25 bytes a series, where a string and a place in a `Map` take about 100. A parser that
 * has only bytes finds a series without making a string.
 */
export class SeriesNames {
  readonly metrics: string[] = [];
  private readonly metricNumbers = new Map<string, number>();
  private readonly scratch = new Utf8Scratch();
  private readonly pages: Uint8Array[] = [];
  private left = 0;
  private metricOf = new Uint16Array(256);
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
    const hash = hashOf(metricNumber, bytes, from, to);
    for (let cell = hash & this.mask; ; cell = (cell + 1) & this.mask) {
      const entry = this.cells[cell]!;
      if (entry === FREE) return -1;
      if (this.metricOf[entry - 1] === metricNumber && this.isNamed(entry - 1, bytes, from, to))
        return entry - 1;
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
    if (this.size === this.starts.length) {
      this.starts = grown(this.starts, nextLength(this.size));
      this.metricOf = grown(this.metricOf, this.starts.length);
    }
    const series = this.size;
    this.metricOf[series] = metricNumber;
    this.starts[series] = this.write(this.scratch.bytes, length);
    this.place(series, hashOf(metricNumber, this.scratch.bytes, 0, length));
    this.size += 1;
    return series;
  }

  metricNameOf(series: number): string {
    return this.metrics[this.metricOf[series]!]!;
  }

  subjectOf(series: number): string {
    const start = this.starts[series]!;
    const page = this.pages[start >>> PAGE_BITS]!;
    const from = (start & PAGE_MASK) + PREFIX;
    return textOf(page, from, from + this.lengthOf(series));
  }

  private lengthOf(series: number): number {
    const start = this.starts[series]!;
    const page = this.pages[start >>> PAGE_BITS]!;
    return page[start & PAGE_MASK]! | (page[(start & PAGE_MASK) + 1]! << 8);
  }

  private isNamed(series: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.lengthOf(series) !== to - from) return false;
    const start = this.starts[series]!;
    const page = this.pages[start >>> PAGE_BITS]!;
    let own = (start & PAGE_MASK) + PREFIX;
    for (let i = from; i < to; i += 1, own += 1) if (page[own] !== bytes[i]) return false;
    return true;
  }

  private write(bytes: Uint8Array, length: number): number {
    const needed = PREFIX + length;
    if (this.left < needed) {
      this.pages.push(new Uint8Array(PAGE_SIZE));
      this.left = PAGE_SIZE;
    }
    const start = this.pages.length * PAGE_SIZE - this.left;
    const page = this.pages[start >>> PAGE_BITS]!;
    page[start & PAGE_MASK] = length & 0xff;
    page[(start & PAGE_MASK) + 1] = length >> 8;
    page.set(bytes.subarray(0, length), (start & PAGE_MASK) + PREFIX);
    this.left -= needed;
    return start;
  }

  private place(series: number, hash: number): void {
    let cell = hash & this.mask;
    while (this.cells[cell] !== FREE) cell = (cell + 1) & this.mask;
    this.cells[cell] = series + 1;
  }

  private grow(): void {
    this.cells = new Int32Array(this.cells.length * 2);
    this.mask = this.cells.length - 1;
    for (let series = 0; series < this.size; series += 1) {
      const start = this.starts[series]!;
      const from = (start & PAGE_MASK) + PREFIX;
      const page = this.pages[start >>> PAGE_BITS]!;
      this.place(series, hashOf(this.metricOf[series]!, page, from, from + this.lengthOf(series)));
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

/** FNV-1a with a better end (that of MurmurHash3): subjects often differ in their last digits only. */
function hashOf(metric: number, bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c_9dc5 ^ metric;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
