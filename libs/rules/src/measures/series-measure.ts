import type { MetricKind } from '@app/contracts';
import type { UnknownReason } from '../instance';
import type { Measure } from '../measure';

/** What a measure must know of the series it looks at. */
export interface MeasureContext {
  kind: MetricKind;
  /** Decimals of the metric. */
  scale: number;
  /** Counters begin at 0, and nothing of this series was seen before: its first value counts as growth. */
  startsAtZero: boolean;
}

export interface MeasureOptions extends MeasureContext {
  /** Counts under `above`, `atLeast` and `crossesAbove` need not wait for a full window: more can only come. */
  decidesEarly: boolean;
  /** Counts above this need not be told apart: what is read is at most one more. May be Infinity. */
  upTo: number;
}

/** What a measure says at one instant. */
export interface Reading {
  /**
   * Order-preserving integer: of an integer measure the number itself, of a fractional one `2 * floor(q)`, plus 1
   * unless q is whole. NaN while unknown.
   */
  code: number;
  /** Null while known. */
  reason: UnknownReason | null;
}

/**
 * One measure over one series: event times in epoch ms, values as scaled integers. Time never goes back: it is the
 * latest instant that any call named, and an event from before it is looked at from there.
 */
export interface SeriesMeasure extends Reading {
  readonly code: number;
  /** Costs as much as `code`: ask only where that is NaN. */
  readonly reason: UnknownReason | null;
  /** Before this instant the reading stays as it is unless an event arrives; Infinity: for ever. */
  readonly dueAt: number;
  /** An event that moves the series: `at` is not before any earlier event's. */
  take(value: number, at: number): void;
  /** An event from before the latest one, within the allowed lateness; only windows look at it. */
  takeLate(value: number, at: number): void;
  /** Time passes to `t` without an event; a `t` that has passed changes nothing. */
  advance(t: number): void;
  /** JSON-able and small; `openMeasure` with it goes on exactly. */
  save(): unknown;
}

/** 2 for averages, rates and percentages, whose numbers may be fractions, else 1: times a level it is a code. */
export function stepsOf(measure: Measure): 1 | 2 {
  if (measure.kind === 'rate' || (measure.kind === 'aggregate' && measure.of === 'avg')) return 2;
  return 'unit' in measure && measure.unit === 'percent' ? 2 : 1;
}

/** The number behind a code, rounded down, in the measure's scale. */
export function numberOf(measure: Measure, code: number): number {
  return stepsOf(measure) === 2 ? Math.floor(code / 2) : code;
}
