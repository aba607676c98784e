import type { Measure } from '@app/rules';
import { JUDGES, leaf, MINUTE, Scene } from '../golden/scene';

const HOUR = 60 * MINUTE;
const SUM: Measure = { kind: 'aggregate', of: 'sum', window: { kind: 'sliding', ms: HOUR }, partial: true };
const PERIODS: Measure = {
  kind: 'countOfPeriods',
  where: { operator: 'above', threshold: 100, upper: null },
  last: 1,
  periodMs: HOUR,
};
const LEVELS = [
  { severity: 'info' as const, threshold: 60, recovery: 50 },
  { severity: 'warning' as const, threshold: 70, recovery: 60 },
  { severity: 'critical' as const, threshold: 80, recovery: 70 },
];

describe.each(JUDGES)('to %s', (_name, judge) => {
  const scene = (): Scene => new Scene(judge);

  describe('what a window says from an instant on comes before what is due at that instant', () => {
    it('a sum that falls as its hour is over has not held for longer, and opens nothing', () => {
      const it = scene();
      it.rule(1, { tree: leaf('above', 100, { measure: SUM }), forMs: HOUR });
      it.see(150, 0);
      expect(it.until(3 * HOUR)).toEqual([]);
    });

    it('what has ended as its cool-down is over does not open anew', () => {
      const it = scene();
      it.rule(1, { tree: leaf('atLeast', 1, { measure: PERIODS }), rearmAfterMs: HOUR });
      it.see(150, 10 * MINUTE);
      it.see(50, 70 * MINUTE);
      it.until(4 * HOUR);
      expect(it.told).toEqual([`1 fired at ${HOUR}`, `1 recovered at ${2 * HOUR}`]);
    });

    it('what holds again as it would have been over for long enough goes on', () => {
      const it = scene();
      it.rule(1, { tree: leaf('atMost', 0, { measure: PERIODS }), keepFiringMs: HOUR });
      for (const [n, value] of [50, 50, 150, 50, 50].entries()) it.see(value, n * HOUR + 10 * MINUTE);
      expect(it.told).toEqual([`1 fired at ${2 * HOUR}`]);
    });

    it('but the end of the rule comes first of all', () => {
      const it = scene();
      it.rule(1, { tree: leaf('atLeast', 1, { measure: PERIODS }), expiresAt: Date.UTC(2026, 0, 5, 1) });
      it.see(150, 10 * MINUTE);
      expect(it.until(4 * HOUR)).toEqual([]);
    });
  });

  it('a cool-down that is over opens anew at once, however long `for` is: it has held for that long', () => {
    const it = scene();
    it.rule(1, { tree: leaf('below', 100), forMs: 5 * MINUTE, rearmAfterMs: HOUR });
    it.see(90, 0);
    it.until(70 * MINUTE);
    expect(it.told).toEqual([
      `1 fired at ${5 * MINUTE}`,
      `1 recovered (rearmed) at ${65 * MINUTE}`,
      `1 fired at ${65 * MINUTE}`,
    ]);
  });

  describe('a level', () => {
    it('that no longer holds while it is counted starts over, however far its recovery is', () => {
      const it = scene();
      it.rule(1, { tree: leaf('above', 60), levels: LEVELS, forMs: 5 * MINUTE });
      it.see(61, 0);
      it.see(55, MINUTE);
      expect(it.until(HOUR)).toEqual([]);
    });

    it.each([
      [85, 58],
      [73, 56],
    ])(
      'that is left from %i to %i is info until that is over: the alert ends at 50 and nowhere else',
      (high, low) => {
        const it = scene();
        it.rule(1, { tree: leaf('above', 60), levels: LEVELS });
        it.see(high, 0);
        expect(it.see(low, 1)).toEqual(['1 levelChanged level 1 at 1']);
        expect(it.see(61, 2)).toEqual([]);
        expect(it.see(50, 3)).toEqual(['1 recovered at 3']);
      },
    );
  });

  it('an alert that silence keeps open is not ended by a cool-down that nothing follows: the next event decides', () => {
    const it = scene();
    const noData = { afterMs: HOUR, treat: 'keep' } as const;
    it.rule(1, { tree: leaf('below', 100), rearmAfterMs: 2 * HOUR, noData });
    it.see(90, 10 * MINUTE);
    expect(it.until(5 * HOUR)).toEqual([]);
    it.see(90, 5 * HOUR);
    expect(it.told.slice(1)).toEqual([`1 recovered (rearmed) at ${5 * HOUR}`, `1 fired at ${5 * HOUR}`]);
  });

  it('an alert of silence never ends before it began, however late the event comes that ends it', () => {
    const it = scene();
    it.rule(1, { tree: leaf('below', 100), noData: { afterMs: 75 * MINUTE, treat: 'alert' } });
    it.see(150, 10 * MINUTE, 'value', 28 * MINUTE);
    it.see(150, 100 * MINUTE, 'value', 118 * MINUTE);
    expect(it.told).toEqual([
      `1 fired (noData) at ${103 * MINUTE}`,
      `1 recovered (dataReturned) at ${103 * MINUTE}`,
    ]);
  });

  describe('silence that counts as over', () => {
    it.each(['below', 'crossesBelow'] as const)(
      'is what a rule waited for that was made while %s was so already',
      (operator) => {
        const it = scene();
        it.see(90, 0);
        const noData = { afterMs: HOUR, treat: 'ok' } as const;
        it.rule(1, { tree: leaf(operator, 100), onCreate: 'waitForCross', noData });
        it.until(2 * HOUR);
        expect(it.see(80, 3 * HOUR)).toEqual([`1 fired at ${3 * HOUR}`]);
      },
    );

    it('has said how things stood, also before a window was full', () => {
      const it = scene();
      const measure: Measure = {
        kind: 'aggregate',
        of: 'avg',
        window: { kind: 'sliding', ms: 4 * HOUR },
        partial: false,
      };
      const noData = { afterMs: 2 * HOUR, treat: 'ok' } as const;
      it.rule(1, { tree: leaf('below', 100, { measure }), onCreate: 'waitForCross', noData });
      for (const ms of [HOUR, 4 * HOUR, 5.5 * HOUR]) it.see(50, ms);
      expect(it.told).toHaveLength(1);
    });
  });
});
