import fc from 'fast-check';
import { PLAIN_FACTS } from '../composed/metric-facts';
import type { HistoryPoint } from '../history/history-point';
import type { InstanceChange } from '../instance';
import type { Measure } from '../measure';
import { openMeasure } from '../measures/open-measure';
import { stepsOf } from '../measures/series-measure';
import { isCrossing, toCuts } from '../plain/cuts';
import { aComposedInstance, aLeaf } from '../testing/a-composed-instance';
import { replayPast } from './replay-past';
import { countFirings, turningCodes } from './turning-codes';

const SLIDING = { kind: 'sliding', ms: 600 } as const;
const WHERE = { operator: 'above', threshold: 0, upper: null } as const;
const measure = fc.constantFrom<Measure>(
  { kind: 'value' },
  { kind: 'count', where: WHERE, windowMs: 300 },
  { kind: 'countOfLast', where: WHERE, last: 4 },
  { kind: 'countOfPeriods', where: WHERE, last: 3, periodMs: 100 },
  { kind: 'aggregate', of: 'avg', window: SLIDING, partial: true },
  { kind: 'aggregate', of: 'sum', window: SLIDING, partial: false },
  { kind: 'change', against: 'windowHigh', windowMs: 600, unit: 'amount' },
  { kind: 'trailing', from: 'low', unit: 'amount' },
);

const condition = fc.record({
  operator: fc.constantFrom('above', 'atLeast', 'crossesAbove', 'below', 'atMost', 'crossesBelow'),
  threshold: fc.integer({ min: -5, max: 5 }),
  upper: fc.constant(null),
  recovery: fc.constant(null),
});

/** In order, with pauses; what came late was not long on the way. */
const past = fc
  .array(
    fc.record({ value: fc.integer({ min: -6, max: 6 }), step: fc.constantFrom(0, 1, 20, 90, 700, -15) }),
    {
      minLength: 10,
      maxLength: 60,
    },
  )
  .map((events) => {
    let clock = 1_000_000;
    return events.map(({ value, step }): HistoryPoint => {
      clock += Math.max(0, step);
      return { value, at: clock + Math.min(0, step), clock };
    });
  });

describe('firings counted on what a measure read', () => {
  it('are those of the matcher', () => {
    let firings = 0;
    fc.assert(
      fc.property(measure, condition, past, (asked, level, points) => {
        const until = points.at(-1)!.clock + 1_000;
        const changes: InstanceChange[] = [];
        const { composed } = aComposedInstance({ tree: aLeaf({ measure: asked, ...level }) });
        const rule = { metric: 'price', lifecycle: 'recurring', onCreate: 'fireIfBreached' } as const;
        const watched = { ...rule, condition: level, composed: composed!, metrics: { price: PLAIN_FACTS } };
        replayPast(watched, [level], { subject: 'a', series: [{ metric: 'price', points }], until }, changes);
        const expected = changes.filter(({ transition }) => transition === 'fired').length;
        firings += expected;

        const decidesEarly = ['above', 'atLeast', 'crossesAbove'].includes(level.operator);
        const options = { ...PLAIN_FACTS, decidesEarly, upTo: Number.POSITIVE_INFINITY };
        const turns = turningCodes(openMeasure(asked, options, null), {
          ...{ points, until, allowedLatenessMs: PLAIN_FACTS.allowedLatenessMs },
        });
        const cuts = toCuts({ ...level, threshold: level.threshold * stepsOf(asked) });
        const waits = isCrossing(level.operator);
        expect(countFirings(turns, cuts, { waits, most: Number.POSITIVE_INFINITY })).toBe(expected);
        expect(countFirings(turns, cuts, { waits, most: 1 })).toBe(Math.min(expected, 2));
      }),
      { numRuns: 600 },
    );
    expect(firings).toBeGreaterThan(600);
  });
});
