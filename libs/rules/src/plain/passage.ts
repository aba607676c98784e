/**
 * What a value passed on its way: the slots named by the cuts in (from, upTo], and the gap around each end.
 * One object is filled again and again, since a passage happens for every value that crosses anything.
 */
export class Passage {
  from = 0;
  upTo = 0;
  /** Slots of the cuts passed, in ascending order of the cuts; an instance with two cuts may stand there twice. */
  slots = new Uint32Array(1024);
  count = 0;
  /** The nearest cuts: the last one at or below `from`, the first one above `upTo`; infinite where there is none. */
  before = 0;
  after = 0;
  /** The first and the last cut passed; meaningful if `count` is not 0. */
  first = 0;
  last = 0;

  begin(from: number, upTo: number): void {
    this.from = from;
    this.upTo = upTo;
    this.count = 0;
    this.before = Number.NEGATIVE_INFINITY;
    this.after = Number.POSITIVE_INFINITY;
  }

  add(cut: number, slot: number): void {
    if (this.count === this.slots.length) this.grow(this.count + 1);
    if (this.count === 0) this.first = cut;
    this.last = cut;
    this.slots[this.count] = slot;
    this.count += 1;
  }

  /** Adds the slots of a whole block whose last cut is given; only after a first `add`. */
  addAll(slots: Uint32Array, last: number): void {
    if (this.count + slots.length > this.slots.length) this.grow(this.count + slots.length);
    this.slots.set(slots, this.count);
    this.count += slots.length;
    this.last = last;
  }

  private grow(needed: number): void {
    const larger = new Uint32Array(Math.max(needed, this.slots.length * 2));
    larger.set(this.slots.subarray(0, this.count));
    this.slots = larger;
  }
}
