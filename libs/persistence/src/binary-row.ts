/** PostgreSQL counts microseconds from the year 2000. */
const ITS_EPOCH_MS = Date.UTC(2000, 0, 1);

const NULL = -1;
const WORDS_AT_MOST = 256;

/** One row in COPY's binary format; its columns are read one after the other, each by what its type asks for. */
export class BinaryRow {
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  private readonly words = new Map<number, { bytes: Buffer; text: string }>();

  /** @param at where the first column begins */
  begin(bytes: Buffer, at: number): void {
    this.bytes = bytes;
    this.at = at;
  }

  /** Where the next column begins, or the next row. */
  get end(): number {
    return this.at;
  }

  /** An `integer`. */
  int(): number | null {
    return this.length() === NULL ? null : this.bytes.readInt32BE(this.skip(4));
  }

  /** A `bigint`, below 2^53 as all of ours are. */
  bigint(): number | null {
    if (this.length() === NULL) return null;
    const from = this.skip(8);
    return this.bytes.readInt32BE(from) * 2 ** 32 + this.bytes.readUInt32BE(from + 4);
  }

  /** A `timestamptz`, epoch ms. */
  instant(): number | null {
    const micros = this.bigint();
    return micros === null ? null : Math.round(micros / 1000) + ITS_EPOCH_MS;
  }

  boolean(): boolean {
    return this.length() !== NULL && this.bytes[this.skip(1)] !== 0;
  }

  text(): string | null {
    const length = this.length();
    if (length === NULL) return null;
    const from = this.skip(length);
    return this.bytes.toString('utf8', from, from + length);
  }

  /** A text of which there are few different ones, as names of metrics: the same string again, not one more. */
  word(): string | null {
    const length = this.length();
    if (length === NULL) return null;
    const from = this.skip(length);
    const known = this.words.get(this.keyOf(from, length));
    if (known?.bytes.length === length && this.isAt(known.bytes, from)) return known.text;
    return this.remember(from, length);
  }

  private remember(from: number, length: number): string {
    const bytes = Buffer.from(this.bytes.subarray(from, from + length));
    const word = { bytes, text: bytes.toString('utf8') };
    if (this.words.size < WORDS_AT_MOST) this.words.set(this.keyOf(from, length), word);
    return word.text;
  }

  /** Words that share it are told apart by their bytes; the first one keeps it. */
  private keyOf(from: number, length: number): number {
    if (length === 0) return 0;
    return (length << 16) | (this.bytes[from]! << 8) | this.bytes[from + length - 1]!;
  }

  private isAt(word: Buffer, from: number): boolean {
    for (let i = 0; i < word.length; i += 1) if (word[i] !== this.bytes[from + i]) return false;
    return true;
  }

  private length(): number {
    return this.bytes.readInt32BE(this.skip(4));
  }

  private skip(bytes: number): number {
    const from = this.at;
    this.at = from + bytes;
    return from;
  }
}
