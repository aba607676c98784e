import fc from 'fast-check';
import { TimingWheel } from './timing-wheel';

/** Takes everything that is due: `[instant, timer]`, in the order in which it comes up. */
function takeDue(wheel: TimingWheel, clock: number): [number, number][] {
  const taken: [number, number][] = [];
  for (let due = wheel.peek(clock); due <= clock; due = wheel.peek(clock)) taken.push([due, wheel.take()]);
  return taken;
}

describe('a timing wheel', () => {
  it('ends timers at their exact instant and in order, however they share its slots', () => {
    const dues = [5_500, 5_100, 5_100 + 4_096_000, 900, 5_499];
    const wheel = new TimingWheel((timer) => dues[timer]!);
    dues.forEach((due, timer) => wheel.schedule(timer, due));
    expect(takeDue(wheel, 5_498)).toEqual([
      [900, 3],
      [5_100, 1],
    ]);
    expect(wheel.nextDue).toBe(5_499);
    expect(takeDue(wheel, 5_500)).toEqual([
      [5_499, 4],
      [5_500, 0],
    ]);
    expect(takeDue(wheel, 4_000_000)).toEqual([]);
    expect(takeDue(wheel, 4_101_100)).toEqual([[4_101_100, 2]]);
    expect(wheel.nextDue).toBe(Number.POSITIVE_INFINITY);
  });

  it('asks a timer that was moved later only when it comes up, and forgets one that was stopped', () => {
    const dues = [1_000, 1_000];
    let questions = 0;
    const wheel = new TimingWheel((timer) => {
      questions += 1;
      return dues[timer]!;
    });
    wheel.schedule(0, 1_000);
    wheel.schedule(1, 1_000);
    for (let clock = 0; clock < 900; clock += 1) dues[0] = clock + 1_000;
    dues[1] = Number.POSITIVE_INFINITY;
    expect(questions).toBe(0);
    expect(takeDue(wheel, 1_898)).toEqual([]);
    expect(takeDue(wheel, 1_899)).toEqual([[1_899, 0]]);
  });

  it('finds what is due next, whatever is scheduled, moved and stopped', () => {
    const step = fc.record({
      timer: fc.nat(20),
      due: fc.oneof(fc.nat(20_000), fc.nat(20_000_000), fc.constant(Number.POSITIVE_INFINITY)),
      wait: fc.oneof(fc.nat(3), fc.nat(3_000), fc.nat(9_000_000)),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const dues: number[] = new Array<number>(21).fill(Number.POSITIVE_INFINITY);
        const wheel = new TimingWheel((timer) => dues[timer]!);
        let clock = 0;
        for (const { timer, due, wait } of steps) {
          dues[timer] = clock + due;
          wheel.schedule(timer, clock + due);
          clock += wait;
          const expected = dues.flatMap((each, n) => (each <= clock ? [[each, n]] : []));
          expect(wheel.nextDue).toBeLessThanOrEqual(Math.min(...dues));
          const taken: number[][] = [];
          for (let next = wheel.peek(clock); next <= clock; next = wheel.peek(clock)) {
            const ended = wheel.take();
            dues[ended] = Number.POSITIVE_INFINITY;
            taken.push([next, ended]);
          }
          expect(taken.map(([each]) => each)).toEqual(
            expected.map(([each]) => each).sort((one, other) => one! - other!),
          );
          expect(new Set(taken.map(([, n]) => n))).toEqual(new Set(expected.map(([, n]) => n)));
        }
      }),
      { numRuns: 500 },
    );
  });
});
