import type { Measure, Test } from '../../measure';
import type { MeasureOptions, Reading } from '../series-measure';
import { slowStartOf } from '../../../../wall-time/src/testing/slow-calendar';

interface Seen {
  value: number;
  at: number;
  isLate: boolean;
  /** Of a counter: what it grew by as this event arrived. */
  growth: number;
}

const SLICES = 60;
const WARMING_UP = { code: Number.NaN, reason: 'warmingUp' } as const;
const UNDEFINED = { code: Number.NaN, reason: 'undefined' } as const;

/**
 * What a measure means, written down as plainly as possible: every event ever seen is in a list, every reading is
 * computed from the whole list with fractions of big integers. Nothing is shared with the measures: where the two
 * differ, one of them is wrong.
 */
export class SlowMeasure {
  private readonly seen: Seen[] = [];
  now = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly measure: Measure,
    private readonly options: MeasureOptions,
  ) {}

  take(value: number, at: number): void {
    const previous = this.moving.at(-1);
    const first = this.options.startsAtZero ? value : 0;
    const growth = previous ? (value < previous.value ? value : value - previous.value) : first;
    this.seen.push({ value, at, isLate: false, growth });
    this.advance(at);
  }

  takeLate(value: number, at: number): void {
    this.seen.push({ value, at, isLate: true, growth: 0 });
    this.advance(at);
  }

  advance(t: number): void {
    this.now = Math.max(this.now, t);
  }

  /** Time of the latest event that moved the series. */
  get lastAt(): number | undefined {
    return this.moving.at(-1)?.at;
  }

  /** @param now an instant that has come, or one at which nothing else will have happened */
  readingAt(now: number): Reading {
    return this.seen.length === 0 ? WARMING_UP : this.read(now);
  }

  private read(now: number): Reading {
    const { measure } = this;
    switch (measure.kind) {
      case 'value':
        return whole(this.moving.at(-1)?.value);
      case 'count':
        return this.count(measure, now);
      case 'countOfLast':
        return this.countOfLast(measure);
      case 'countOfPeriods':
        return this.countOfPeriods(measure, now);
      case 'aggregate':
        return this.aggregate(measure, now);
      case 'rate':
        return this.rate(measure, now);
      case 'change':
        return this.change(measure, now);
      case 'trailing':
        return this.trailing(measure);
    }
  }

  private get moving(): Seen[] {
    return this.seen.filter((event) => !event.isLate);
  }

  private count(measure: Extract<Measure, { kind: 'count' }>, now: number): Reading {
    const startedAt = this.seen[0]!.at;
    if (!this.options.decidesEarly && now <= startedAt + measure.windowMs) return WARMING_UP;
    const inside = this.seen.filter(({ at }) => at >= now - measure.windowMs && at <= now);
    const passing = inside.filter(({ value }) => !measure.where || isPassed(measure.where, value));
    return whole(Math.min(passing.length, this.options.upTo + 1));
  }

  private countOfLast(measure: Extract<Measure, { kind: 'countOfLast' }>): Reading {
    const needed = this.options.decidesEarly ? 1 : measure.last;
    if (this.moving.length < needed) return WARMING_UP;
    return whole(
      this.moving.slice(-measure.last).filter(({ value }) => isPassed(measure.where, value)).length,
    );
  }

  private countOfPeriods(measure: Extract<Measure, { kind: 'countOfPeriods' }>, now: number): Reading {
    const periodOf = (at: number): number => Math.floor(at / measure.periodMs);
    const first = this.moving[0];
    if (!first) return WARMING_UP;
    if (!this.options.decidesEarly && periodOf(now) - measure.last <= periodOf(first.at)) return WARMING_UP;
    let passing = 0;
    for (let period = periodOf(now) - measure.last; period < periodOf(now); period++) {
      const last = this.moving.findLast(({ at }) => periodOf(at) === period);
      if (last && isPassed(measure.where, last.value)) passing += 1;
    }
    return whole(passing);
  }

  private aggregate(measure: Extract<Measure, { kind: 'aggregate' }>, now: number): Reading {
    const { of, window, partial } = measure;
    if (window.kind === 'sliding') {
      if (!partial && this.isWarmingUp(window.ms, now)) return WARMING_UP;
      return this.aggregateOf(of, this.inWindow(window.ms, now));
    }
    const start = slowStartOf(window.period, window.timeZone, now);
    if (!partial && start <= this.seen[0]!.at) return WARMING_UP;
    return this.aggregateOf(
      of,
      this.seen.filter(({ at }) => at >= start),
    );
  }

  private aggregateOf(of: 'sum' | 'avg' | 'min' | 'max', events: Seen[]): Reading {
    if (of === 'sum') return whole(safe(this.sumOf(events)));
    if (events.length === 0) return UNDEFINED;
    const values = events.map(({ value }) => value);
    if (of === 'min') return whole(Math.min(...values));
    if (of === 'max') return whole(Math.max(...values));
    return fraction(
      safe(values.reduce((sum, value) => sum + BigInt(value), 0n)),
      BigInt(1),
      BigInt(values.length),
    );
  }

  private rate(measure: Extract<Measure, { kind: 'rate' }>, now: number): Reading {
    if (!measure.partial && this.isWarmingUp(measure.windowMs, now)) return WARMING_UP;
    const sum = safe(this.sumOf(this.inWindow(measure.windowMs, now)));
    return fraction(sum, BigInt(measure.perMs), BigInt(measure.windowMs));
  }

  private change(measure: Extract<Measure, { kind: 'change' }>, now: number): Reading {
    const latest = this.moving.at(-1);
    if (!latest) return WARMING_UP;
    const reference = this.referenceOf(measure, now);
    if (typeof reference !== 'number') return reference;
    const difference = BigInt(latest.value) - BigInt(reference);
    if (measure.unit === 'amount') return whole(safe(difference));
    return fraction(difference, 10_000n, BigInt(Math.abs(reference)));
  }

  private referenceOf(measure: Extract<Measure, { kind: 'change' }>, now: number): number | Reading {
    if (measure.against === 'previous') return this.moving.at(-2)?.value ?? WARMING_UP;
    if (measure.against === 'dayOpen') {
      const start = slowStartOf('day', measure.timeZone, now);
      return this.moving.find(({ at }) => at >= start)?.value ?? WARMING_UP;
    }
    if (this.isWarmingUp(measure.windowMs, now)) return WARMING_UP;
    return this.windowReferenceOf(measure.against, measure.windowMs, now);
  }

  private windowReferenceOf(
    against: 'windowStart' | 'windowHigh' | 'windowLow',
    windowMs: number,
    now: number,
  ): number | Reading {
    if (against === 'windowStart') {
      const outside = this.outOfWindow(windowMs, now).sort((a, b) => a.at - b.at);
      return outside.at(-1)?.value ?? WARMING_UP;
    }
    const values = this.inWindow(windowMs, now).map(({ value }) => value);
    if (values.length === 0) return UNDEFINED;
    return against === 'windowHigh' ? Math.max(...values) : Math.min(...values);
  }

  private trailing(measure: Extract<Measure, { kind: 'trailing' }>): Reading {
    const latest = this.moving.at(-1);
    if (!latest) return WARMING_UP;
    const values = this.moving.map(({ value }) => value);
    const extreme = measure.from === 'high' ? Math.max(...values) : Math.min(...values);
    const sign = measure.from === 'high' ? 1n : -1n;
    const distance = sign * (BigInt(extreme) - BigInt(latest.value));
    if (measure.unit === 'amount') return whole(safe(distance));
    return extreme <= 0 ? UNDEFINED : fraction(distance, 10_000n, BigInt(extreme));
  }

  private sumOf(events: Seen[]): bigint {
    const isCounter = this.options.kind === 'counter';
    return events.reduce((sum, { value, growth }) => sum + BigInt(isCounter ? growth : value), 0n);
  }

  private isWarmingUp(windowMs: number, now: number): boolean {
    return sliceOf(now, windowMs) < sliceOf(this.seen[0]!.at, windowMs) + SLICES;
  }

  private inWindow(windowMs: number, now: number): Seen[] {
    return this.seen.filter(({ at }) => sliceOf(at, windowMs) > sliceOf(now, windowMs) - SLICES);
  }

  private outOfWindow(windowMs: number, now: number): Seen[] {
    return this.seen.filter(({ at }) => sliceOf(at, windowMs) <= sliceOf(now, windowMs) - SLICES);
  }
}

function sliceOf(at: number, windowMs: number): number {
  return Math.floor(at / Math.ceil(windowMs / SLICES));
}

function isPassed({ operator, threshold, upper }: Test, value: number): boolean {
  switch (operator) {
    case 'above':
      return value > threshold;
    case 'atLeast':
      return value >= threshold;
    case 'below':
      return value < threshold;
    case 'atMost':
      return value <= threshold;
    case 'between':
      return value >= threshold && value <= upper!;
    case 'outside':
      return value < threshold || value > upper!;
    case 'equals':
      return value === threshold;
  }
}

/** What a double cannot hold exactly is not known. */
function safe(number: bigint): bigint | null {
  return Number.isSafeInteger(Number(number)) ? number : null;
}

function whole(number: number | bigint | null | undefined): Reading {
  if (number === undefined) return WARMING_UP;
  return number === null ? UNDEFINED : { code: Number(number), reason: null };
}

function fraction(number: bigint | null, times: bigint, by: bigint): Reading {
  if (number === null || by === 0n) return UNDEFINED;
  let floor = (number * times) / by;
  if (floor * by > number * times) floor -= 1n;
  return whole(safe(2n * floor + (floor * by === number * times ? 0n : 1n)));
}
