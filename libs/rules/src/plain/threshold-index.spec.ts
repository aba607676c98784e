import fc from 'fast-check';
import { SLOT_SHIFT } from './entry-word';
import { Passage, wordIndex } from './passage';
import { ThresholdIndex } from './threshold-index';

interface Pair {
  cut: number;
  slot: number;
}

/** The index beside a plain sorted list of the same pairs. */
class Trial {
  readonly index = new ThresholdIndex();
  private readonly pairs: Pair[] = [];
  walks = 0;

  constructor(private readonly series = 0) {
    this.index.reserve(series + 1);
  }

  get size(): number {
    return this.pairs.length;
  }

  insert(cut: number, slot: number): void {
    if (this.pairs.some((pair) => pair.cut === cut && pair.slot === slot)) return;
    this.index.insert(this.series, { cut, word: slot << SLOT_SHIFT, payload: slot + 1 });
    this.pairs.push({ cut, slot });
  }

  /** @returns the cut that was removed */
  remove(place: number): number {
    const [pair = { cut: 0, slot: 0 }] = this.pairs.splice(place % this.pairs.length, 1);
    this.index.remove(this.series, pair.cut, pair.slot);
    return pair.cut;
  }

  removeAbsent(cut: number): void {
    this.index.remove(this.series, cut, 60_000_000);
  }

  /** Compares what a value passes between two levels, and the neighbours of both. */
  check(from: number, upTo: number): void {
    const sorted = [...this.pairs].sort((one, other) => one.cut - other.cut || one.slot - other.slot);
    const passed = sorted.filter(({ cut }) => cut > from && cut <= upTo);
    expect(slotsPassed(this.index, this.series, from, upTo)).toEqual(passed.map(({ slot }) => slot));
    const passage = new Passage();
    passage.value = upTo;
    this.index.locate(this.series, passage);
    expect(passage.before).toBe(sorted.findLast(({ cut }) => cut <= upTo)?.cut ?? -Infinity);
    expect(passage.after).toBe(sorted.find(({ cut }) => cut > upTo)?.cut ?? Infinity);
    this.walk(passage, sorted, from);
  }

  /** From the place just found back to the other end: the way that most values take. */
  private walk(passage: Passage, sorted: Pair[], to: number): void {
    const from = passage.value;
    passage.last = from;
    passage.value = to;
    if (!this.index.passNearby(this.series, passage)) return;
    this.walks += 1;
    const passed = sorted.filter(({ cut }) => cut > Math.min(from, to) && cut <= Math.max(from, to));
    expect(slotsOf(passage)).toEqual(passed.map(({ slot }) => slot));
    expect(passage.before).toBe(sorted.findLast(({ cut }) => cut <= to)?.cut ?? -Infinity);
    expect(passage.after).toBe(sorted.find(({ cut }) => cut > to)?.cut ?? Infinity);
  }
}

function slotsPassed(index: ThresholdIndex, series: number, from: number, upTo: number): number[] {
  const passage = new Passage();
  passage.begin(series, from, upTo);
  const slots: number[] = [];
  while (index.next(passage)) slots.push(...slotsOf(passage));
  return slots;
}

function slotsOf({ words, start, end }: Passage): number[] {
  return Array.from({ length: end - start }, (_, i) => words[wordIndex(start + i)]! >>> SLOT_SHIFT);
}

describe('the sorted cuts of a series', () => {
  it('name what lies between two levels and next to it, whatever was added and removed', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ add: fc.integer({ min: -20, max: 20 }), slot: fc.nat(30) }) },
      { weight: 2, arbitrary: fc.record({ take: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ from: fc.integer({ min: -22, max: 22 }), by: fc.nat(20) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
        const trial = new Trial(3);
        for (const each of steps) {
          if ('add' in each) trial.insert(each.add, each.slot);
          else if ('take' in each && trial.size > 0) trial.remove(each.take);
          else if ('from' in each) trial.check(each.from, each.from + each.by);
        }
        trial.check(-Infinity, Infinity);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['spread out', 1_000_003],
    ['crowded on a few levels', 5],
    ['all on one level', 1],
  ])('stay in order while thousands come and go, %s', (_, levels) => {
    const trial = new Trial();
    for (let i = 0; i < 2_500; i += 1) trial.insert((i * 7_919) % levels, (i * 104_729) % 100_003);
    trial.check(-Infinity, Infinity);
    trial.check(levels / 4, levels / 2);
    trial.check(0, 0);
    for (let i = 0; trial.size > 0; i += 1) {
      const removed = trial.remove(i * 31);
      trial.removeAbsent(i % levels);
      if (i % 10 === 0) trial.check(removed - 0.5, Infinity);
      if (i % 250 === 0) trial.check(levels / 5, levels / 1.5);
    }
    trial.check(-Infinity, Infinity);
    for (let i = 0; i < 600; i += 1) trial.insert(i, i);
    trial.check(100, 599);
    expect(trial.walks).toBeGreaterThan(10);
  });

  it('of one series are not those of another, though they share their pages', () => {
    const index = new ThresholdIndex();
    index.reserve(1_000);
    for (let series = 0; series < 1_000; series += 1) {
      for (let i = 0; i < 1 + (series % 40); i += 1)
        index.insert(series, { cut: i, word: (series * 100 + i) << SLOT_SHIFT, payload: 0 });
    }
    for (let series = 0; series < 1_000; series += 2) {
      for (let i = 0; i < 1 + (series % 40); i += 1) index.remove(series, i, series * 100 + i);
    }
    for (let series = 1; series < 1_000; series += 2) {
      const expected = Array.from({ length: 1 + (series % 40) }, (_, i) => series * 100 + i);
      expect(slotsPassed(index, series, -Infinity, Infinity)).toEqual(expected);
    }
    expect(slotsPassed(index, 0, -Infinity, Infinity)).toEqual([]);
  });
});
