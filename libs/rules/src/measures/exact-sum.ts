/** A sum is kept as `high * 2^32 + low`, 0 <= low < 2^32: exact for 2^32 addends of any safe integer. */
export const HALF = 0x1_0000_0000;

/** The part of an amount above its low 32 bits; what is left is `amount - highOf(amount) * HALF`. */
export function highOf(amount: number): number {
  return Math.floor(amount / HALF);
}

/** A running sum that survives its own overflow: what leaves it later brings it back into range unharmed. */
export class ExactSum {
  constructor(
    public high = 0,
    public low = 0,
  ) {}

  /** The sum, NaN while it is beyond 2^53. */
  get value(): number {
    const sum = this.high * HALF + this.low;
    return Number.isSafeInteger(sum) ? sum : Number.NaN;
  }

  add(high: number, low: number): void {
    this.high += high;
    this.low += low;
    if (this.low < HALF) return;
    this.low -= HALF;
    this.high += 1;
  }

  remove(high: number, low: number): void {
    this.high -= high;
    this.low -= low;
    if (this.low >= 0) return;
    this.low += HALF;
    this.high -= 1;
  }

  clear(): void {
    this.high = 0;
    this.low = 0;
  }
}
