import type { ChangeUnit, Leaf, Measure, Test, Window } from '@app/rules';
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

/** When, by whom and how a measure is asked. */
interface Asked {
  t: number;
  key: string;
  decidesAtOnce: boolean;
}

/** Counts may decide before their window is full where more events can only make them more. */
export function decidesAtOnce({ measure, condition }: Leaf): boolean {
  return (
    measure.kind.startsWith('count') && ['above', 'atLeast', 'crossesAbove'].includes(condition.operator)
  );
}

/** Leaves with equal keys share what has been seen, and so when it began. */
export function measureKey(leaf: Leaf): string {
  let key = keys.get(leaf);
  if (key === undefined) keys.set(leaf, (key = JSON.stringify([leaf.measure, decidesAtOnce(leaf)])));
  return key;
}

const keys = new WeakMap<Leaf, string>();

/** Section 3: what a measure says at an instant, from nothing but the list of events. */
export function read(measure: SeriesMeasure, history: History, { t, key, decidesAtOnce }: Asked): Reading {
  if (measure.kind === 'value') return history.last ? whole(history.last.value) : unknown('warmingUp');
  const { events, start } = history.seenBy(key);
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
  if (moves.length < last && !decidesAtOnce) return unknown('warmingUp');
  return whole(moves.slice(-last).filter(({ value }) => passes(where, value)).length);
}

/** Of events that moved the series. The current period is not full; one without an event does not pass. */
function countOfPeriods({ where, last, periodMs }: Of<'countOfPeriods'>, question: Question): Reading {
  const { start, t, decidesAtOnce } = question;
  const periodOf = (instant: number): number => Math.floor(instant / periodMs);
  const current = periodOf(t);
  if (current - periodOf(start) <= last && !decidesAtOnce) return unknown('warmingUp');
  let passing = 0;
  for (let period = current - last; period < current; period += 1) {
    if (periodPasses(where, question, { periodMs, period })) passing += 1;
  }
  return whole(passing);
}

/** The last event of a period that moved the series stands for the period. */
function periodPasses(
  where: Test,
  { events }: Question,
  { periodMs, period }: { periodMs: number; period: number },
): boolean {
  const closing = latest(events.filter(({ at, moved }) => moved && Math.floor(at / periodMs) === period));
  return closing !== null && passes(where, closing.value);
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
  const { start, t } = question;
  const beginning = window.kind === 'calendar' ? periodStart(t, window.period, window.timeZone) : 0;
  const full = window.kind === 'sliding' ? isFull(window.ms, question) : beginning > start;
  if (!full && !partial) return unknown('warmingUp');
  const events =
    window.kind === 'sliding'
      ? inSliding(window.ms, question)
      : question.events.filter(({ at }) => at >= beginning);
  if (of === 'sum') return whole(sumOf(question, events));
  if (events.length === 0) return unknown('undefined');
  const values = events.map(({ value }) => value);
  if (of === 'min') return whole(lowest(values));
  if (of === 'max') return whole(highest(values));
  const total = totalOf(values);
  return 'unknown' in whole(total) ? unknown('undefined') : fraction(total, BigInt(values.length));
}

/** Of a counter the growth, of anything else the values. */
function sumOf({ history, events: seen }: Question, inside: Seen[]): bigint {
  if (history.metric.kind !== 'counter') return totalOf(inside.map(({ value }) => value));
  const moves = seen.filter(({ moved }) => moved);
  return totalOf(
    moves.map((event, n) => (inside.includes(event) ? growthTo(event, moves[n - 1], history) : 0)),
  );
}

/**
 * By how much a counter grew since the event before, as far as the measure saw it; what comes late adds nothing. One that
 * falls has been reset and has grown by its new value. The first event of a series may count from a declared zero.
 */
function growthTo({ value, order }: Seen, before: Seen | undefined, { metric }: History): number {
  if (!before) return metric.startsAtZero && order === 1 ? value : 0;
  return value >= before.value ? value - before.value : value;
}

function rate({ windowMs, perMs, partial }: Of<'rate'>, question: Question): Reading {
  if (!isFull(windowMs, question) && !partial) return unknown('warmingUp');
  const sum = sumOf(question, inSliding(windowMs, question));
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
      if (!isFull(measure.windowMs, question)) return unknown('warmingUp');
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
      return moves.find(({ at }) => at >= beginning)?.value ?? unknown('warmingUp');
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
 * The next instant after which a measure may say something else though no event comes: warming up ends, something leaves
 * the window, a period ends. Infinity where there is nothing that could.
 */
export function turningPoint(
  measure: SeriesMeasure,
  history: History,
  { t, key, decidesAtOnce }: Asked,
): number {
  const { events, start } = history.seenBy(key);
  if (start === null) return NEVER;
  const question = { history, events, start, t, decidesAtOnce };
  const [first = NEVER] = pointsOf(measure, question).filter((point) => point > t);
  return first;
}

const NEVER = Number.POSITIVE_INFINITY;

/** In order; may begin with some that are past. */
function pointsOf(measure: SeriesMeasure, question: Question): number[] {
  const { events, start, t, decidesAtOnce } = question;
  const ofSlices = (windowMs: number, counting: Seen[], warm: boolean): number[] => {
    const leaving = (at: number): number => (sliceOf(at, windowMs) + SLICES) * Math.ceil(windowMs / SLICES);
    return warm || isFull(windowMs, question)
      ? sorted(counting.map(({ at }) => leaving(at)))
      : [leaving(start)];
  };
  switch (measure.kind) {
    case 'count': {
      const passing = events.filter(({ value }) => passes(measure.where, value));
      const leaving = sorted(passing.map(({ at }) => at + measure.windowMs + 1));
      return decidesAtOnce || t > start + measure.windowMs ? leaving : [start + measure.windowMs + 1];
    }
    case 'countOfPeriods': {
      const { where, last, periodMs } = measure;
      const current = Math.floor(t / periodMs);
      const known = Math.floor(start / periodMs) + last + 1;
      if (!decidesAtOnce && current < known) return [known * periodMs];
      const counts = [...Array(last + 1).keys()].some((back) =>
        periodPasses(where, question, { periodMs, period: current - back }),
      );
      return counts ? [(current + 1) * periodMs] : [];
    }
    case 'aggregate': {
      const { of, window, partial } = measure;
      if (window.kind === 'calendar') return endOfPeriod(window, partial, question);
      const inside = inSliding(window.ms, question);
      if (of === 'min' || of === 'max') return ofSlices(window.ms, holders(inside, of), partial);
      return ofSlices(window.ms, of === 'avg' ? inside : adding(inside, question), partial);
    }
    case 'rate':
      return ofSlices(
        measure.windowMs,
        adding(inSliding(measure.windowMs, question), question),
        measure.partial,
      );
    case 'change': {
      if (measure.against === 'previous') return [];
      if (measure.against === 'dayOpen') return endOfDay(measure.timeZone, question);
      const inside = inSliding(measure.windowMs, question);
      if (measure.against === 'windowStart') return ofSlices(measure.windowMs, inside, false);
      return ofSlices(
        measure.windowMs,
        holders(inside, measure.against === 'windowHigh' ? 'max' : 'min'),
        false,
      );
    }
    case 'value':
    case 'countOfLast':
      return [];
  }
}

/** A period in which nothing happened leaves nothing to end. */
function endOfPeriod(
  { period, timeZone }: Extract<Window, { kind: 'calendar' }>,
  partial: boolean,
  { events, start, t }: Question,
): number[] {
  const beginning = periodStart(t, period, timeZone);
  const isAtRest = (partial || beginning > start) && events.every(({ at }) => at < beginning);
  return isAtRest ? [] : [nextPeriodStart(t, period, timeZone)];
}

function endOfDay(timeZone: string, { events, t }: Question): number[] {
  const opened = events.some(({ at, moved }) => moved && at >= periodStart(t, 'day', timeZone));
  return opened ? [nextPeriodStart(t, 'day', timeZone)] : [];
}

/** The newest of those that hold the extreme: while it is there, others may leave and nothing changes. */
function holders(inside: Seen[], of: 'min' | 'max'): Seen[] {
  if (inside.length === 0) return [];
  const values = inside.map(({ value }) => value);
  const extreme = of === 'max' ? highest(values) : lowest(values);
  return [latest(inside.filter(({ value }) => value === extreme))!];
}

/** What adds nothing to a sum leaves it without a change. */
function adding(inside: Seen[], question: Question): Seen[] {
  return inside.filter((event) => sumOf(question, [event]) !== 0n);
}

const sorted = (numbers: number[]): number[] => numbers.sort((one, other) => one - other);

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
