import type { SeriesMeasure } from '../measures/series-measure';
import { FALLING, type Cuts } from '../plain/cuts';
import type { HistoryPoint } from '../history/history-point';

/** What a measure is asked over. */
export interface CodesOf {
  points: readonly HistoryPoint[];
  allowedLatenessMs: number;
  /** Log clock up to which time goes on, epoch ms. */
  until: number;
}

/**
 * What a measure read through the past, as far as it matters which levels it passed: where it turned round. Time goes
 * as it does in the matcher.
 */
export function turningCodes(
  measure: SeriesMeasure,
  { points, allowedLatenessMs, until }: CodesOf,
): number[] {
  const turns: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let lag = 0;
  const passTo = (t: number): void => {
    while (measure.dueAt <= t) {
      measure.advance(measure.dueAt);
      turn(turns, measure.code);
    }
  };
  for (const { value, at, clock } of points) {
    passTo(Math.max(at, clock - lag));
    if (at >= last) {
      measure.take(value, at);
      [last, lag] = [at, clock - at];
    } else if (at >= last - allowedLatenessMs) measure.takeLate(value, at);
    else continue;
    turn(turns, measure.code);
  }
  passTo(until - lag);
  return turns;
}

/** Replaces the last code where the new one goes on in its direction; an unknown one changes nothing. */
function turn(turns: number[], code: number): void {
  const { length } = turns;
  const last = turns[length - 1];
  if (Number.isNaN(code) || code === last) return;
  const before = turns[length - 2];
  if (before !== undefined && code > last! === last! > before) turns[length - 1] = code;
  else turns.push(code);
}

/**
 * How often a rising or falling level fired, if nothing but the measure had a say.
 * @param waits does not fire on what held from the beginning
 * @param most counting ends with one more than this
 */
export function countFirings(
  turns: readonly number[],
  cuts: Cuts,
  { waits, most }: { waits: boolean; most: number },
): number {
  const { way, held, notClear } = upwards(cuts);
  let firings = 0;
  let isOpen = false;
  let isArmed = !waits;
  for (let i = 0; i < turns.length && firings <= most; i += 1) {
    const code = way * turns[i]!;
    if (code >= held) {
      if (isArmed && !isOpen) firings += 1;
      isOpen ||= isArmed;
    } else {
      isArmed = true;
      if (code < notClear) isOpen = false;
    }
  }
  return firings;
}

/** Below a level is above it with all signs turned: from `first - 1` down is from `1 - first` up. */
function upwards({ shape, first, second }: Cuts): { way: 1 | -1; held: number; notClear: number } {
  if (shape === FALLING) return { way: -1, held: 1 - first, notClear: 1 - second };
  return { way: 1, held: first, notClear: second };
}
