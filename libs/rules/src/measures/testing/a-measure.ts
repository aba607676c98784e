import fc from 'fast-check';
import type { Measure, Test } from '../../measure';
import type { MeasureOptions } from '../series-measure';

export const HOUR_MS = 3_600_000;

/** Few different values, so that ties and values exactly on a level are common; now and then one at the edge. */
export const value = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -6, max: 6 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1_000, max: 1_000_000 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      Number.MAX_SAFE_INTEGER,
      -Number.MAX_SAFE_INTEGER,
      2 ** 52,
      -(2 ** 52) - 1,
      3_333_333_333_333,
    ),
  },
);

const test: fc.Arbitrary<Test> = fc
  .record({
    operator: fc.constantFrom('above', 'atLeast', 'below', 'atMost', 'between', 'outside', 'equals'),
    threshold: fc.integer({ min: -4, max: 4 }),
    width: fc.nat(3),
  })
  .map(({ operator, threshold, width }): Test => {
    const isRange = operator === 'between' || operator === 'outside';
    return { operator, threshold, upper: isRange ? threshold + width : null };
  });

const testOrAll = fc.option(test, { freq: 3 });

/** Slices of 1 ms, of more, and of a length that does not divide the window. */
const windowMs = fc.constantFrom(60, 61, 150, 600, 1_000);
const unit = fc.constantFrom('amount', 'percent');
const of = fc.constantFrom('sum', 'avg', 'min', 'max');
const timeZone = fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Havana');

/** Every kind of measure by the name of the promise that is made for it. */
export const MEASURES = {
  'latest value': fc.constant({ kind: 'value' }),
  'count in a window': fc.record({
    kind: fc.constant('count'),
    where: testOrAll,
    windowMs: fc.constantFrom(1, 10, 60, 100),
  }),
  'count of the last events': fc.record({
    kind: fc.constant('countOfLast'),
    where: test,
    last: fc.constantFrom(1, 2, 5, 32, 33),
  }),
  'count of periods': fc.record({
    kind: fc.constant('countOfPeriods'),
    where: test,
    last: fc.constantFrom(1, 2, 5, 31, 40),
    periodMs: fc.constantFrom(1, 10, 25),
  }),
  'aggregate of a sliding window': fc.record({
    kind: fc.constant('aggregate'),
    of,
    window: fc.record({ kind: fc.constant('sliding'), ms: windowMs }),
    partial: fc.boolean(),
  }),
  'aggregate of a calendar period': fc.record({
    kind: fc.constant('aggregate'),
    of,
    window: fc.record({
      kind: fc.constant('calendar'),
      period: fc.constantFrom('hour', 'day', 'week', 'month'),
      timeZone,
    }),
    partial: fc.boolean(),
  }),
  rate: fc.record({
    kind: fc.constant('rate'),
    windowMs,
    perMs: fc.constantFrom(1, 60, 1_000, HOUR_MS),
    partial: fc.boolean(),
  }),
  'change from the previous value': fc.record({
    kind: fc.constant('change'),
    against: fc.constant('previous'),
    unit,
  }),
  'change within a window': fc.record({
    kind: fc.constant('change'),
    against: fc.constantFrom('windowStart', 'windowHigh', 'windowLow'),
    windowMs,
    unit,
  }),
  'change since the day began': fc.record({
    kind: fc.constant('change'),
    against: fc.constant('dayOpen'),
    timeZone,
    unit,
  }),
  'trailing distance': fc.record({
    kind: fc.constant('trailing'),
    from: fc.constantFrom('high', 'low'),
    unit,
  }),
} satisfies Record<string, fc.Arbitrary<Measure>>;

export const options: fc.Arbitrary<MeasureOptions> = fc.record({
  kind: fc.constantFrom('gauge', 'counter', 'delta'),
  scale: fc.constant(0),
  startsAtZero: fc.boolean(),
  decidesEarly: fc.boolean(),
  upTo: fc.constantFrom(0, 1, 3, 10, Number.POSITIVE_INFINITY),
});
