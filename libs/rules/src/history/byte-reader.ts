/** Reads what `ByteWriter` wrote. */
export class ByteReader {
  private next = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.next >= this.bytes.length;
  }

  /** @throws Error where the bytes end inside a number */
  byte(): number {
    const byte = this.bytes[this.next];
    if (byte === undefined) throw new Error('history is cut off inside a number');
    this.next += 1;
    return byte;
  }

  natural(): number {
    return this.from(0, 1);
  }

  integer(): number {
    const first = this.byte();
    const low = first & 0x3f;
    const size = first < 0x80 ? low : this.from(low, 0x40);
    return (first & 0x40) !== 0 && size !== 0 ? -size : size;
  }

  private from(low: number, unit: number): number {
    let value = low;
    let worth = unit;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * worth;
      if (byte < 0x80) return value;
      worth *= 0x80;
    }
  }
}
