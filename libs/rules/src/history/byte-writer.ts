/** Writes integers of up to 2^53 in as few bytes as they need; small ones take one. */
export class ByteWriter {
  private bytes = new Uint8Array(256);
  private length = 0;

  byte(value: number): void {
    this.reserve();
    this.bytes[this.length] = value;
    this.length += 1;
  }

  /** Seven bits a byte, the lowest first, the highest bit says that more follow. */
  natural(value: number): void {
    this.reserve();
    this.rest(value);
  }

  /** As `natural`, with the sign in the first byte, which leaves it six bits; doubling it would leave 2^53. */
  integer(value: number): void {
    this.reserve();
    const size = value < 0 ? -value : value;
    const sign = value < 0 ? 0x40 : 0;
    if (size < 0x40) this.bytes[this.length++] = size | sign;
    else {
      this.bytes[this.length++] = (size % 0x40) | sign | 0x80;
      this.rest(Math.floor(size / 0x40));
    }
  }

  /** A copy of what was written, and an empty writer again. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  private rest(value: number): void {
    let left = value;
    while (left >= 0x80) {
      this.bytes[this.length++] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    this.bytes[this.length++] = left;
  }

  /** Room for one number of any size. */
  private reserve(): void {
    if (this.length + 10 <= this.bytes.length) return;
    const wider = new Uint8Array(this.bytes.length * 2);
    wider.set(this.bytes);
    this.bytes = wider;
  }
}
