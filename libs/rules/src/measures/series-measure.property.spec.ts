import fc from 'fast-check';
import type { Measure } from '../measure';
import { openMeasure } from './open-measure';
import type { MeasureOptions, Reading, SeriesMeasure } from './series-measure';
import { HOUR_MS, MEASURES, options, value } from './testing/a-measure';
import { SlowMeasure } from './testing/slow-measure';

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
