import { FaultWindow } from './fault-window';

const NOW = 1_700_000_000_000;

function after(calls: number, faults: number): FaultWindow {
  const window = new FaultWindow();
  for (let n = 0; n < calls; n += 1) window.add(NOW + (n % 1_000), n < faults);
  return window;
}

describe('the last minute of a carrier', () => {
  it.each([
    ['half of ten calls failed', 10, 5, true],
    ['less than half of them did', 100, 49, false],
    ['nine calls are too few to tell', 9, 9, false],
    ['more than fifty failed, however many went well', 100_000, 51, true],
    ['fifty among very many are not', 100_000, 50, false],
  ])('says whether it ails: %s', (_what, calls, faults, ails) => {
    expect(after(calls, faults).ails(NOW)).toBe(ails);
  });

  it('forgets what is older than a minute', () => {
    const window = after(20, 20);
    expect(window.ails(NOW + 50_000)).toBe(true);
    expect(window.ails(NOW + 61_000)).toBe(false);
    expect(window.ratio(NOW + 61_000)).toBe(0);
  });

  it('counts on where a clock goes back', () => {
    const window = after(20, 10);
    window.add(NOW - 600_000, true);
    expect(window.ratio(NOW)).toBeCloseTo(11 / 21);
  });
});
