import type { ChangeUnit, Measure, Test } from '@app/rules';
import { latest, type History, type Seen } from './history';
import { fraction, unknown, whole, type Reading } from './reading';
import { nextPeriodStart, periodStart } from './wall-clock';

/** A sliding window has 60 slices, rounded up to whole milliseconds. */
const SLICES = 60;
const sliceOf = (instant: number, windowMs: number): number =>
  Math.floor(instant / Math.ceil(windowMs / SLICES));

type Of<K extends Measure['kind']> = Extract<Measure, { kind: K }>;
/** Everything but `trailing`, which is about an instance: see `trailing.ts`. */
export type SeriesMeasure = Exclude<Measure, { kind: 'trailing' }>;

/** What a measure is asked with. */
interface Question {
  history: History;
  /** What this measure has seen, in order of arrival; not empty. */
  events: Seen[];
  /** Time of the first event it saw. */
  start: number;
  /** Event time now; no event that was taken is later. */
  t: number;
  /** The three counts need no full window for "more than" and "at least": what they have can only grow. */
  decidesAtOnce: boolean;
}

/** Section 3: what a measure says at an instant, from nothing but the list of events. */
export function read(
  measure: SeriesMeasure,
  history: History,
  { t, decidesAtOnce }: { t: number; decidesAtOnce: boolean },
): Reading {
  if (measure.kind === 'value') return history.last ? whole(history.last.value) : unknown('warmingUp');
  const { events, start } = history.seenBy(measure);
  if (start === null || events.length === 0) return unknown('warmingUp');
  const question = { history, events, start, t, decidesAtOnce };
  switch (measure.kind) {
    case 'count':
      return count(measure, question);
    case 'countOfLast':
      return countOfLast(measure, question);
    case 'countOfPeriods':
      return countOfPeriods(measure, question);
    case 'aggregate':
      return aggregate(measure, question);
    case 'rate':
      return rate(measure, question);
    case 'change':
      return change(measure, question);
  }
}

/** Both ends of the window are included: an event leaves one millisecond after it. */
function count({ where, windowMs }: Of<'count'>, { events, start, t, decidesAtOnce }: Question): Reading {
  if (t <= start + windowMs && !decidesAtOnce) return unknown('warmingUp');
  return whole(
    events.filter(({ at, value }) => at >= t - windowMs && at <= t && passes(where, value)).length,
  );
}

function countOfLast({ where, last }: Of<'countOfLast'>, { events, decidesAtOnce }: Question): Reading {
  const moves = events.filter(({ moved }) => moved);
  if (moves.length < (decidesAtOnce ? 1 : last)) return unknown('warmingUp');
  return whole(moves.slice(-last).filter(({ value }) => passes(where, value)).length);
}

/** The current period is not full; one without an event does not pass. */
function countOfPeriods(
  { where, last, periodMs }: Of<'countOfPeriods'>,
  { events, start, t, decidesAtOnce }: Question,
): Reading {
  const periodOf = (instant: number): number => Math.floor(instant / periodMs);
  const current = periodOf(t);
  if (current - periodOf(start) <= last && !decidesAtOnce) return unknown('warmingUp');
  let passing = 0;
  for (let period = current - last; period < current; period += 1) {
    const closing = latest(events.filter(({ at }) => periodOf(at) === period));
    if (closing && passes(where, closing.value)) passing += 1;
  }
  return whole(passing);
}

/** The current slice and the 59 before it. */
function inSliding(windowMs: number, { events, t }: Question): Seen[] {
  const now = sliceOf(t, windowMs);
  return events.filter(({ at }) => sliceOf(at, windowMs) > now - SLICES && sliceOf(at, windowMs) <= now);
}

function isFull(windowMs: number, { start, t }: Question): boolean {
  return sliceOf(t, windowMs) >= sliceOf(start, windowMs) + SLICES;
}

function aggregate({ of, window, partial }: Of<'aggregate'>, question: Question): Reading {
  const { start, t, history } = question;
  const beginning = window.kind === 'calendar' ? periodStart(t, window.period, window.timeZone) : 0;
  const full = window.kind === 'sliding' ? isFull(window.ms, question) : beginning > start;
  if (!full && !partial) return unknown('warmingUp');
  const events =
    window.kind === 'sliding'
      ? inSliding(window.ms, question)
      : question.events.filter(({ at }) => at >= beginning);
  if (of === 'sum') return whole(sumOf(history, events));
  if (events.length === 0) return unknown('undefined');
  const values = events.map(({ value }) => value);
  if (of === 'min') return whole(lowest(values));
  if (of === 'max') return whole(highest(values));
  const total = totalOf(values);
  return 'unknown' in whole(total) ? unknown('undefined') : fraction(total, BigInt(values.length));
}

/** Of a counter the growth, of anything else the values. */
function sumOf({ metric }: History, events: Seen[]): bigint {
  return totalOf(events.map(({ value, growth }) => (metric.kind === 'counter' ? growth : value)));
}

function rate({ windowMs, perMs, partial }: Of<'rate'>, question: Question): Reading {
  if (!isFull(windowMs, question) && !partial) return unknown('warmingUp');
  const sum = sumOf(question.history, inSliding(windowMs, question));
  return 'unknown' in whole(sum) ? unknown('undefined') : fraction(sum * BigInt(perMs), BigInt(windowMs));
}

function change(measure: Of<'change'>, question: Question): Reading {
  const reference = referenceOf(measure, question);
  if (typeof reference !== 'number') return reference;
  return difference(question.history.last!.value, reference, measure.unit);
}

/** What the latest value is compared with, or why there is nothing to compare it with. */
function referenceOf(measure: Of<'change'>, question: Question): number | Reading {
  const { events, t } = question;
  const moves = events.filter(({ moved }) => moved);
  switch (measure.against) {
    case 'previous':
      return moves.at(-2)?.value ?? unknown('warmingUp');
    case 'windowStart': {
      const edge = sliceOf(t, measure.windowMs) - SLICES;
      const before = latest(events.filter(({ at }) => sliceOf(at, measure.windowMs) <= edge));
      return before?.value ?? unknown('warmingUp');
    }
    case 'windowHigh':
    case 'windowLow': {
      if (!isFull(measure.windowMs, question)) return unknown('warmingUp');
      const values = inSliding(measure.windowMs, question).map(({ value }) => value);
      if (values.length === 0) return unknown('undefined');
      return measure.against === 'windowHigh' ? highest(values) : lowest(values);
    }
    case 'dayOpen': {
      const beginning = periodStart(t, 'day', measure.timeZone);
      return moves.find(({ at }) => at >= beginning)?.value ?? unknown('undefined');
    }
  }
}

/** In the metric's unit, or in hundredths of a percent of the reference's size. */
function difference(value: number, reference: number, unit: ChangeUnit): Reading {
  const amount = BigInt(value) - BigInt(reference);
  if (unit === 'amount') return whole(amount);
  if (reference === 0) return unknown('undefined');
  return fraction(10_000n * amount, BigInt(Math.abs(reference)));
}

/**
 * The instants at which a measure may say something else though no event comes: something leaves the window, a period
 * ends, warming up ends. Asking at an instant where nothing changes does no harm; missing one would.
 */
export function turningPoints(measure: SeriesMeasure, history: History): number[] {
  const { events, start } = history.seenBy(measure);
  if (start === null) return [];
  const times = [start, ...events.map(({ at }) => at)];
  const leavesSlices = (windowMs: number): number[] =>
    times.map((at) => (sliceOf(at, windowMs) + SLICES) * Math.ceil(windowMs / SLICES));
  switch (measure.kind) {
    case 'count':
      return times.map((at) => at + measure.windowMs + 1);
    case 'countOfPeriods':
      return times.flatMap((at) => {
        const next = Math.floor(at / measure.periodMs) + 1;
        return [next * measure.periodMs, (next + measure.last) * measure.periodMs];
      });
    case 'aggregate':
      return measure.window.kind === 'sliding'
        ? leavesSlices(measure.window.ms)
        : [nextPeriodStart(history.last!.at, measure.window.period, measure.window.timeZone)];
    case 'rate':
      return leavesSlices(measure.windowMs);
    case 'change':
      if (measure.against === 'previous') return [];
      return measure.against === 'dayOpen'
        ? [nextPeriodStart(history.last!.at, 'day', measure.timeZone)]
        : leavesSlices(measure.windowMs);
    case 'value':
    case 'countOfLast':
      return [];
  }
}

function passes(test: Test | null, value: number): boolean {
  if (!test) return true;
  const { operator, threshold, upper } = test;
  const top = upper ?? threshold;
  const table: Record<Test['operator'], boolean> = {
    above: value > threshold,
    atLeast: value >= threshold,
    below: value < threshold,
    atMost: value <= threshold,
    between: threshold <= value && value <= top,
    outside: value < threshold || value > top,
    equals: value === threshold,
  };
  return table[operator];
}

const totalOf = (values: number[]): bigint => values.reduce((sum, value) => sum + BigInt(value), 0n);
const highest = (values: number[]): number => values.reduce((one, other) => Math.max(one, other));
const lowest = (values: number[]): number => values.reduce((one, other) => Math.min(one, other));
