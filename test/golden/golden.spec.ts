import type { Measure } from '@app/rules';
import { JUDGES, leaf, MINUTE, Scene, SECOND, START } from './scene';

/** Sequences that others publish for their engines, and what must come of them: each test names its source. */
describe.each(JUDGES)('%s keeps to', (_name, judge) => {
  const scene = (): Scene => new Scene(judge);

  it('Kapacitor, pipeline/alert.go: a severity falls only when its own reset is reached', () => {
    const it = scene();
    const levels = [
      { severity: 'info' as const, threshold: 60, recovery: 49 },
      { severity: 'warning' as const, threshold: 70, recovery: 59 },
      { severity: 'critical' as const, threshold: 80, recovery: 69 },
    ];
    it.rule(1, { tree: leaf('above', 60), levels });
    [61, 73, 64, 85, 62, 56, 47].forEach((value, n) => it.see(value, n));
    // From 85 to 58 at once Kapacitor is at OK; ours stays at info until its own reset (at-one-instant.spec.ts).
    expect(it.told).toEqual([
      '1 fired level 1 at 0',
      '1 levelChanged level 2 at 1',
      '1 levelChanged level 3 at 3',
      '1 levelChanged level 1 at 4',
      '1 recovered at 6',
    ]);
  });

  describe('Vega, trailing stops 0014-ORDT-059 to 064', () => {
    const trailing = (from: 'high' | 'low'): Measure => ({ kind: 'trailing', from, unit: 'percent' });

    it('5 % below the high since 50, after 60: at 57, not at 58', () => {
      const it = scene();
      it.see(50, 0);
      it.rule(1, { tree: leaf('atLeast', 500, { measure: trailing('high') }) });
      [60, 58].forEach((value, n) => expect(it.see(value, n + 1)).toEqual([]));
      expect(it.see(57, 3)).toEqual(['1 fired at 3']);
    });

    it('5 % above the low since 50, after 40: at 42, not at 41', () => {
      const it = scene();
      it.see(50, 0);
      it.rule(1, { tree: leaf('atLeast', 500, { measure: trailing('low') }) });
      [40, 41].forEach((value, n) => expect(it.see(value, n + 1)).toEqual([]));
      expect(it.see(42, 3)).toEqual(['1 fired at 3']);
    });

    it('25 % below the high: the high stays at 60 while the price goes 50, 57; at 45, not at 46', () => {
      const it = scene();
      it.see(50, 0);
      it.rule(1, { tree: leaf('atLeast', 2_500, { measure: trailing('high') }) });
      [60, 50, 57, 46].forEach((value, n) => expect(it.see(value, n + 1)).toEqual([]));
      expect(it.see(45, 5)).toEqual(['1 fired at 5']);
    });
  });

  it('Vega, inclusivity 0014-ORDT-047 and 049: at 75 or higher, at 25 or lower; the strict ones not', () => {
    const it = scene();
    it.see(50, 0);
    it.rule(1, { tree: leaf('atLeast', 75) });
    it.rule(2, { tree: leaf('above', 75) });
    it.rule(3, { tree: leaf('atMost', 25) });
    it.rule(4, { tree: leaf('below', 25) });
    expect(it.see(75, 1)).toEqual(['1 fired at 1']);
    expect(it.see(25, 2).sort()).toEqual(['1 recovered at 2', '3 fired at 2']);
    expect(it.see(24, 3)).toEqual(['4 fired at 3']);
  });

  it('Vega, breached on entry 0014-ORDT-048 and 050: at once, or only after a fresh cross', () => {
    const it = scene();
    it.see(50, 0);
    expect(it.rule(1, { tree: leaf('atLeast', 25) })).toEqual(['1 fired at 0']);
    expect(it.rule(2, { tree: leaf('atMost', 75) })).toEqual(['2 fired at 0']);
    expect(it.rule(3, { tree: leaf('atLeast', 25), onCreate: 'waitForCross' })).toEqual([]);
    expect(it.rule(4, { tree: leaf('atMost', 75), onCreate: 'waitForCross' })).toEqual([]);
    expect(it.see(51, 1)).toEqual([]);
    expect(it.see(20, 2)).toEqual(['1 recovered at 2']);
    expect(it.see(30, 3).sort()).toEqual(['1 fired at 3', '3 fired at 3']);
  });

  describe('Vega, expiry and pairs 0014-ORDT-004, 041, 052, 053, 056', () => {
    it('at T it is gone before an event at T', () => {
      const it = scene();
      it.rule(1, { tree: leaf('above', 10), expiresAt: START + 100 });
      it.see(5, 99);
      expect(it.see(20, 100)).toEqual([]);
      expect(it.see(5, 101)).toEqual([]);
      expect(it.see(20, 102)).toEqual([]);
    });

    it('what has fired once cannot fire again', () => {
      const it = scene();
      it.rule(1, { tree: leaf('above', 10), lifecycle: 'once' });
      [20, 5, 20].forEach((value, n) => it.see(value, n));
      expect(it.told).toEqual(['1 fired at 0', '1 recovered at 1']);
    });

    it('unfired at T: nothing, or a firing stamped T, as it was asked', () => {
      const it = scene();
      it.rule(1, { tree: leaf('above', 10), expiresAt: START + 100 });
      it.rule(2, { tree: leaf('above', 10), expiresAt: START + 100, onExpiry: 'trigger' });
      it.see(5, 50);
      it.until(99);
      expect(it.told).toEqual([]);
      expect(it.until(5_000)).toEqual(['2 fired (expiry) at 100', '2 recovered (expired) at 100']);
    });

    it('of a pair, one that fires ends the other', () => {
      const it = scene();
      it.see(50, 0);
      it.rule(1, { tree: leaf('atLeast', 75), partnerInstanceId: 2 });
      it.rule(2, { tree: leaf('atMost', 25), partnerInstanceId: 1 });
      expect(it.see(75, 1)).toEqual(['1 fired at 1']);
      expect(it.see(25, 2)).toEqual(['1 recovered at 2']);
    });
  });

  it('Zabbix, problem and recovery expression: only (false, true) resolves', () => {
    const it = scene();
    it.rule(1, { tree: leaf('above', 10, { recovery: 8 }) });
    it.see(11, 0);
    expect(it.see(12, 1)).toEqual([]);
    expect(it.see(9, 2)).toEqual([]);
    expect(it.see(10, 3)).toEqual([]);
    expect(it.see(8, 4)).toEqual(['1 recovered at 4']);
  });

  it('Zabbix, nodata after a start: silence needs one full period from where watching began again', () => {
    const it = scene();
    it.rule(1, { tree: leaf('above', 10), noData: { afterMs: 60 * SECOND, treat: 'alert' } });
    it.see(5, 0);
    it.resume(10 * MINUTE);
    expect(it.until(11 * MINUTE - 1)).toEqual([]);
    expect(it.until(11 * MINUTE)).toEqual([`1 fired (noData) at ${11 * MINUTE}`]);
    expect(it.see(5, 12 * MINUTE)).toEqual([`1 recovered (dataReturned) at ${12 * MINUTE}`]);
  });

  describe('CloudWatch, composite alarms with a suppressor, WaitPeriod 120 s and ExtensionPeriod 180 s', () => {
    /** Suppression is a `not` in the tree. One `for` plays both parts, so it is set to that of the case in question. */
    const suppressed = { all: [leaf('above', 10), { not: leaf('above', 0, { metric: 'other' }) }] };

    it('the suppressor comes within the wait: nothing is told', () => {
      const it = scene();
      it.rule(1, { tree: suppressed, forMs: 120 * SECOND });
      it.see(0, 0, 'other');
      it.see(20, 1 * SECOND);
      it.see(1, 61 * SECOND, 'other');
      expect(it.until(600 * SECOND)).toEqual([]);
    });

    it('it does not come: told when the wait is over', () => {
      const it = scene();
      it.rule(1, { tree: suppressed, forMs: 120 * SECOND });
      it.see(0, 0, 'other');
      it.see(20, 1 * SECOND);
      expect(it.until(121 * SECOND - 1)).toEqual([]);
      expect(it.until(121 * SECOND)).toEqual([`1 fired at ${121 * SECOND}`]);
    });

    it('it goes: told after the extension, unless all has ended by then', () => {
      const it = scene();
      it.rule(1, { tree: suppressed, forMs: 180 * SECOND });
      it.see(1, 0, 'other');
      it.see(20, 10 * SECOND);
      it.see(0, 300 * SECOND, 'other');
      it.see(5, 400 * SECOND);
      expect(it.until(481 * SECOND)).toEqual([]);
      it.see(1, 500 * SECOND, 'other');
      it.see(20, 510 * SECOND);
      it.see(0, 600 * SECOND, 'other');
      expect(it.until(780 * SECOND - 1)).toEqual([]);
      expect(it.until(780 * SECOND)).toEqual([`1 fired at ${780 * SECOND}`]);
    });
  });

  describe('Prometheus, rules/alerting.go', () => {
    it('fires at the first instant at which it has held for as long as asked, not before', () => {
      const it = scene();
      it.rule(1, { tree: leaf('above', 10), forMs: 5 * MINUTE });
      for (let minute = 0; minute < 5; minute += 1) expect(it.see(11, minute * MINUTE)).toEqual([]);
      expect(it.until(5 * MINUTE - 1)).toEqual([]);
      expect(it.see(11, 5 * MINUTE)).toEqual([`1 fired at ${5 * MINUTE}`]);
    });

    it('one false evaluation starts the count anew', () => {
      const it = scene();
      it.rule(1, { tree: leaf('above', 10), forMs: 5 * MINUTE });
      it.see(11, 0);
      it.see(9, 4 * MINUTE);
      it.see(11, 5 * MINUTE);
      expect(it.see(11, 10 * MINUTE - 1)).toEqual([]);
      expect(it.see(11, 10 * MINUTE)).toEqual([`1 fired at ${10 * MINUTE}`]);
    });

    it('unlike there, more rules never end an alert that is open', () => {
      const it = scene();
      it.rule(1, { tree: leaf('above', 10) });
      it.see(11, 0);
      for (let id = 2; id < 500; id += 1) it.rule(id, { tree: leaf('above', 100) });
      expect(it.see(12, 1)).toEqual([]);
      expect(it.see(9, 2)).toEqual(['1 recovered at 2']);
    });
  });

  describe('ElastAlert 2, docs/ruletypes.rst', () => {
    const three: Measure = { kind: 'count', where: null, windowMs: 5 * MINUTE };

    it('frequency: the third event inside the timeframe fires, both its ends included', () => {
      const it = scene();
      it.rule(1, { tree: leaf('atLeast', 3, { measure: three }) });
      [0, 2 * MINUTE].forEach((ms) => expect(it.see(1, ms)).toEqual([]));
      expect(it.see(1, 5 * MINUTE)).toEqual([`1 fired at ${5 * MINUTE}`]);
    });

    it('frequency: a millisecond later it does not', () => {
      const it = scene();
      it.rule(1, { tree: leaf('atLeast', 3, { measure: three }) });
      [0, 2 * MINUTE].forEach((ms) => it.see(1, ms));
      expect(it.see(1, 5 * MINUTE + 1)).toEqual([]);
    });

    it('spike: nothing before the past to compare with is there; ours is a value, so one timeframe suffices', () => {
      const it = scene();
      const measure: Measure = { kind: 'change', against: 'windowStart', windowMs: MINUTE, unit: 'percent' };
      it.rule(1, { tree: leaf('atLeast', 20_000, { measure }) });
      it.see(10, 0);
      expect(it.see(100, 30 * SECOND)).toEqual([]);
      expect(it.see(100, MINUTE)).toEqual([`1 fired at ${MINUTE}`]);
    });
  });
});
