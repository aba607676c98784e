/** Numbers in [0, 1) that a seed repeats (mulberry32), so that a failing run can be run again. */
export class SeededRandom {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** In [0, below). */
  whole(below: number): number {
    return Math.floor(this.next() * below);
  }

  happens(chance: number): boolean {
    return this.next() < chance;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.whole(choices.length)] as T;
  }
}
