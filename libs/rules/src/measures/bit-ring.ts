/** A ring of yes and no, 32 to a number, that knows how many are yes. */
export class BitRing {
  private readonly words: number[];

  constructor(
    readonly size: number,
    public held = 0,
    words?: readonly number[],
  ) {
    this.words = words ? words.slice() : new Array<number>(Math.ceil(size / 32)).fill(0);
  }

  /** @param position any whole number; it goes around */
  has(position: number): boolean {
    const place = this.placeOf(position);
    return ((this.words[place >>> 5]! >>> (place & 31)) & 1) === 1;
  }

  set(position: number, isHeld: boolean): void {
    if (this.has(position) === isHeld) return;
    const place = this.placeOf(position);
    this.words[place >>> 5]! ^= 1 << (place & 31);
    this.held += isHeld ? 1 : -1;
  }

  save(): number[] {
    return this.words.slice();
  }

  private placeOf(position: number): number {
    const place = position % this.size;
    return place < 0 ? place + this.size : place;
  }
}
