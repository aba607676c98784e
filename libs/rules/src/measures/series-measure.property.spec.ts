import fc from 'fast-check';
import type { Measure, Test } from '../measure';
import { openMeasure } from './open-measure';
import type { MeasureOptions, Reading, SeriesMeasure } from './series-measure';
import { SlowMeasure } from './testing/slow-measure';

const HOUR_MS = 3_600_000;

/** Few different values, so that ties and values exactly on a level are common; now and then one at the edge. */
const value = fc.oneof(
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
const MEASURES = {
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

const options: fc.Arbitrary<MeasureOptions> = fc.record({
  kind: fc.constantFrom('gauge', 'counter', 'delta'),
  scale: fc.constant(0),
  startsAtZero: fc.boolean(),
  decidesEarly: fc.boolean(),
  upTo: fc.constantFrom(0, 1, 3, 10, Number.POSITIVE_INFINITY),
});

/** How far an event or an instant lies from the one before, in the measure's own step. */
const steps = fc.oneof(fc.nat(3), fc.nat(20), fc.nat(80));

const operation = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('take'), value, steps, fromNow: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('late'), value, steps }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('advance'), steps }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('advanceToDue') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload') }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Around nights in which clocks change in one of the zones or a month ends, a quiet one, and time's own beginning. */
const beginning = fc.constantFrom(
  '1969-12-31T23:59Z',
  '2026-02-27T20:00Z',
  '2026-03-07T22:00Z',
  '2026-03-28T12:00Z',
  '2026-04-04T02:00Z',
  '2026-06-10T10:00Z',
  '2026-10-03T03:00Z',
  '2026-10-24T14:00Z',
  '2026-10-31T20:00Z',
);

/** The measure beside its slow twin. */
class Trial {
  private readonly slow: SlowMeasure;
  private fast: SeriesMeasure;
  private readonly stepMs: number;

  constructor(
    private readonly measure: Measure,
    private readonly options: MeasureOptions,
    private readonly beganAt: number,
  ) {
    this.slow = new SlowMeasure(measure, options);
    this.fast = openMeasure(measure, options, null);
    this.stepMs = stepOf(measure);
  }

  apply(operation: Operation): void {
    const lastAt = this.slow.lastAt ?? this.beganAt;
    switch (operation.kind) {
      case 'take': {
        const from = operation.fromNow ? Math.max(lastAt, this.slow.now) : lastAt;
        const at = from + operation.steps * this.stepMs;
        this.slow.take(operation.value, at);
        return this.fast.take(operation.value, at);
      }
      case 'late': {
        const at = lastAt - 1 - operation.steps * this.stepMs;
        this.slow.takeLate(operation.value, at);
        return this.fast.takeLate(operation.value, at);
      }
      case 'advance':
        return this.advance(lastAt + operation.steps * this.stepMs);
      case 'advanceToDue':
        if (Number.isFinite(this.fast.dueAt)) this.advance(this.fast.dueAt);
        return;
      case 'reload':
        this.fast = openMeasure(this.measure, this.options, JSON.parse(JSON.stringify(this.fast.save())));
    }
  }

  check(): void {
    const reading = readingOf(this.fast);
    const { dueAt } = this.fast;
    if (this.slow.now === Number.NEGATIVE_INFINITY) return expect(reading.reason).toBe('warmingUp');
    expect(reading).toEqual(this.slow.readingAt(this.slow.now));
    expect(dueAt).toBeGreaterThan(this.slow.now);
    for (const later of [1, 3 * this.stepMs, 30 * this.stepMs, 100 * 24 * HOUR_MS]) {
      expect(this.slow.readingAt(Math.min(this.slow.now + later, dueAt - 1))).toEqual(reading);
    }
  }

  private advance(t: number): void {
    this.slow.advance(t);
    this.fast.advance(t);
  }
}

function stepOf(measure: Measure): number {
  if ('timeZone' in measure) return HOUR_MS / 2;
  if (measure.kind !== 'aggregate' || measure.window.kind === 'sliding')
    return measure.kind === 'count' ? 1 : 3;
  const { period } = measure.window;
  return { hour: HOUR_MS / 12, day: HOUR_MS / 2, week: 4 * HOUR_MS, month: 12 * HOUR_MS }[period];
}

function readingOf({ code, reason }: SeriesMeasure): Reading {
  return { code, reason };
}

describe('a measure of a series', () => {
  it.each(Object.keys(MEASURES) as (keyof typeof MEASURES)[])(
    'reads as its %s worked out from every event, whatever comes late, passes by or is saved in between, and not otherwise before it is due',
    (kind) => {
      fc.assert(
        fc.property(
          MEASURES[kind] as fc.Arbitrary<Measure>,
          options,
          beginning,
          fc.array(operation, { maxLength: 60, size: 'max' }),
          (measure, options, beginning, operations) => {
            const trial = new Trial(measure, options, Date.parse(beginning));
            trial.check();
            for (const operation of operations) {
              trial.apply(operation);
              trial.check();
            }
          },
        ),
        { numRuns: 100 },
      );
    },
    60_000,
  );
});
