import { afterChange, calmAt, isFlapping, LOOK_MS, step } from './flapping';

/** Walks looks as Kapacitor's and Nagios's tests write them: `c` the state changed, `.` it did not. */
function walk(looks: string, was = false): boolean {
  let steps = 0;
  let flapping = was;
  for (const look of looks) {
    steps = step(steps, look === 'c');
    flapping = isFlapping(steps, flapping);
  }
  return flapping;
}

describe('flapping (G13: a history of 21, on above one half, off below one quarter)', () => {
  it('begins with the eleventh change among the last twenty steps, not with the tenth', () => {
    expect(walk('c'.repeat(10))).toBe(false);
    expect(walk('c'.repeat(11))).toBe(true);
    expect(walk('c.'.repeat(10))).toBe(false);
    expect(walk('c.'.repeat(9) + 'ccc')).toBe(true);
  });

  it('ends when fewer than five of them are changes, and stays what it was in between', () => {
    expect(walk('c'.repeat(11) + '.'.repeat(15))).toBe(true); // five left
    expect(walk('c'.repeat(11) + '.'.repeat(16))).toBe(false); // four left
    expect(walk('.'.repeat(10) + 'c'.repeat(10))).toBe(false);
  });

  it('knows of no more than twenty-one states', () => {
    expect(walk('c'.repeat(10) + '.'.repeat(20) + 'c'.repeat(10))).toBe(false);
  });
});

describe('flapping over time', () => {
  function after(changes: readonly number[]): { steps: number; slot: number } {
    let history = null as { steps: number; slot: number } | null;
    for (const at of changes) history = afterChange(history, at);
    return history ?? { steps: 0, slot: 0 };
  }

  it('a change an hour is not flapping, one every four minutes is', () => {
    const hourly = Array.from({ length: 50 }, (_, i) => i * 3_600_000);
    const quick = Array.from({ length: 50 }, (_, i) => i * 240_000);
    expect(isFlapping(after(hourly).steps, false)).toBe(false);
    expect(isFlapping(after(quick).steps, false)).toBe(true);
  });

  it('calm comes when enough quiet slots have passed, and not a millisecond before', () => {
    const history = after(Array.from({ length: 11 }, (_, i) => i * 1_000));
    expect(calmAt(history)).toBe(17 * LOOK_MS); // its own slot, and sixteen quiet ones
    const later = afterChange(history, 17 * LOOK_MS - 1);
    expect(isFlapping(later.steps, true)).toBe(true);
    expect(isFlapping(afterChange(history, 18 * LOOK_MS).steps, true)).toBe(false);
  });

  it('a change dated before the last one counts as one of its slot', () => {
    expect(after([10 * LOOK_MS, 2 * LOOK_MS])).toEqual({ steps: 3, slot: 10 });
  });
});
