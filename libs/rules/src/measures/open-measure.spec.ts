import type { Measure } from '../measure';
import { openMeasure } from './open-measure';
import type { MeasureOptions, SeriesMeasure } from './series-measure';
import { numberOf, stepsOf } from './series-measure';

const GAUGE: MeasureOptions = {
  kind: 'gauge',
  scale: 0,
  startsAtZero: false,
  decidesEarly: false,
  upTo: Number.POSITIVE_INFINITY,
};
const MINUTE_MS = 60_000;

function open(measure: Measure, options: Partial<MeasureOptions> = {}): SeriesMeasure {
  return openMeasure(measure, { ...GAUGE, ...options }, null);
}

/** What the measure says after each of some values, a second apart. */
function codesAfter(measure: SeriesMeasure, values: number[]): number[] {
  return values.map((value, index) => {
    measure.take(value, index * 1000);
    return measure.code;
  });
}

describe('a measure', () => {
  it('counts three declines within five minutes to the millisecond, and forgets the first right after', () => {
    const declines = open(
      { kind: 'count', where: { operator: 'equals', threshold: 0, upper: null }, windowMs: 5 * MINUTE_MS },
      { decidesEarly: true, upTo: 2 },
    );
    declines.take(0, 0);
    declines.take(1, 1);
    declines.take(0, 2);
    declines.take(0, 5 * MINUTE_MS);
    expect([declines.code, declines.dueAt]).toEqual([3, 5 * MINUTE_MS + 1]);
    declines.advance(5 * MINUTE_MS + 1);
    expect([declines.code, declines.dueAt]).toEqual([2, 5 * MINUTE_MS + 3]);
  });

  it('waits with too few until a whole window has been seen', () => {
    const calls = open({ kind: 'count', where: null, windowMs: MINUTE_MS });
    calls.take(1, 0);
    expect([calls.code, calls.reason, calls.dueAt]).toEqual([Number.NaN, 'warmingUp', MINUTE_MS + 1]);
    calls.advance(MINUTE_MS + 1);
    expect([calls.code, calls.reason]).toEqual([0, null]);
  });

  it.each([
    ['counts the first value of a counter that began at 0', true, [1, 1, 4, 6]],
    ['counts from the first value of a counter that began elsewhere', false, [0, 0, 3, 5]],
  ])('%s, and a reset from 0', (_promise, startsAtZero, expected) => {
    const failures: Measure = {
      kind: 'aggregate',
      of: 'sum',
      window: { kind: 'sliding', ms: MINUTE_MS },
      partial: true,
    };
    expect(codesAfter(open(failures, { kind: 'counter', startsAtZero }), [1, 1, 4, 2])).toEqual(expected);
  });

  it('falls 5 % from its high at 57 after 60 but not at 58, and 25 % at 45 but not at 46', () => {
    const trailing: Measure = { kind: 'trailing', from: 'high', unit: 'percent' };
    const isDown = (percent: number, values: number[]): boolean =>
      codesAfter(open(trailing), values).at(-1)! >= percent * 100 * stepsOf(trailing);
    expect([isDown(5, [50, 60, 57]), isDown(5, [50, 60, 58])]).toEqual([true, false]);
    expect([isDown(25, [50, 60, 50, 57, 45]), isDown(25, [50, 60, 50, 57, 46])]).toEqual([true, false]);
  });

  it('rises 5 % from its low at 42 after 40 but not at 41', () => {
    const trailing: Measure = { kind: 'trailing', from: 'low', unit: 'percent' };
    const isUp = (values: number[]): boolean => codesAfter(open(trailing), values).at(-1)! >= 500 * 2;
    expect([isUp([50, 40, 42]), isUp([50, 40, 41])]).toEqual([true, false]);
  });

  it('tells an average apart from the whole numbers around it', () => {
    const average: Measure = {
      kind: 'aggregate',
      of: 'avg',
      window: { kind: 'sliding', ms: MINUTE_MS },
      partial: true,
    };
    expect(codesAfter(open(average), [3, 4, -20])).toEqual([6, 7, -9]);
    expect([6, 7, -9].map((code) => numberOf(average, code))).toEqual([3, 3, -5]);
  });

  it('says nothing while a sum is too large to be exact, and is exact again after', () => {
    const sum = open({ kind: 'aggregate', of: 'sum', window: { kind: 'sliding', ms: 60 }, partial: true });
    sum.take(Number.MAX_SAFE_INTEGER, 0);
    sum.take(5, 1);
    expect([sum.code, sum.reason]).toEqual([Number.NaN, 'undefined']);
    sum.advance(sum.dueAt);
    expect([sum.code, sum.reason]).toEqual([5, null]);
  });

  it('starts the sum of a day anew at its midnight, without an event', () => {
    const spent = open({
      kind: 'aggregate',
      of: 'sum',
      window: { kind: 'calendar', period: 'day', timeZone: 'Europe/Berlin' },
      partial: true,
    });
    spent.take(70, Date.parse('2026-03-29T21:59Z'));
    expect([spent.code, spent.dueAt]).toEqual([70, Date.parse('2026-03-29T22:00Z')]);
    spent.advance(spent.dueAt);
    expect([spent.code, spent.dueAt]).toEqual([0, Number.POSITIVE_INFINITY]);
  });
});
