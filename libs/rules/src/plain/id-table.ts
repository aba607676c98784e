const FREE = 0;

/**
 * Finds the slot of an instance id. Open addressing over slots, with the ids kept by the caller: 6 to 12 bytes
 * an entry, where a `Map` takes about 50.
 */
export class IdTable {
  private cells = new Int32Array(512);
  private mask = 511;
  private size = 0;

  /** @param idOf reads the id of a slot that is in the table */
  constructor(private readonly idOf: (slot: number) => number) {}

  /** @returns the slot, or -1 */
  find(id: number): number {
    for (let cell = this.home(id); ; cell = (cell + 1) & this.mask) {
      const entry = this.cells[cell]!;
      if (entry === FREE) return -1;
      if (this.idOf(entry - 1) === id) return entry - 1;
    }
  }

  /** Adds a slot whose id is not in the table. */
  add(slot: number): void {
    if ((this.size + 1) * 3 > this.cells.length * 2) this.grow();
    this.place(slot);
    this.size += 1;
  }

  remove(id: number): void {
    let cell = this.home(id);
    while (this.cells[cell] !== FREE && this.idOf(this.cells[cell]! - 1) !== id)
      cell = (cell + 1) & this.mask;
    if (this.cells[cell] === FREE) return;
    this.closeGap(cell);
    this.size -= 1;
  }

  /** Moves back what would no longer be found past the gap (Knuth, 6.4 algorithm R), so that no tombstones gather. */
  private closeGap(from: number): void {
    let gap = from;
    for (let cell = (gap + 1) & this.mask; this.cells[cell] !== FREE; cell = (cell + 1) & this.mask) {
      const home = this.home(this.idOf(this.cells[cell]! - 1));
      if (((cell - home) & this.mask) < ((cell - gap) & this.mask)) continue;
      this.cells[gap] = this.cells[cell]!;
      gap = cell;
    }
    this.cells[gap] = FREE;
  }

  private place(slot: number): void {
    let cell = this.home(this.idOf(slot));
    while (this.cells[cell] !== FREE) cell = (cell + 1) & this.mask;
    this.cells[cell] = slot + 1;
  }

  private grow(): void {
    const entries = this.cells;
    this.cells = new Int32Array(entries.length * 2);
    this.mask = this.cells.length - 1;
    for (const entry of entries) if (entry !== FREE) this.place(entry - 1);
  }

  private home(id: number): number {
    const high = Math.floor(id / 0x1_0000_0000);
    const mixed = Math.imul((id | 0) ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
    return (mixed ^ (mixed >>> 15)) & this.mask;
  }
}
