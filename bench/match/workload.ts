/** Rules over series, and events with values: columns of plain numbers, made before anything is timed. */
export interface Workload {
  seriesCount: number;
  /** Rule r belongs to series r / rulesEach, rounded down; its number is its instance id. */
  rulesEach: number;
  threshold: Float64Array;
  /** 1 where the rule is `above`, 0 where it is `below`. */
  isAbove: Uint8Array;
  /** The first value of each series. */
  first: Float64Array;
  eventSeries: Int32Array;
  eventValue: Float64Array;
}

interface Wanted {
  seriesCount: number;
  rulesEach: number;
  events: number;
  /** Largest step of the walk; thresholds lie anywhere in 0 to 10,000,000. */
  step: number;
}

export const RANGE = 10_000_000;

/** Thresholds spread evenly, values that walk in small steps: prices, balances. The same seed gives the same work. */
export function aWorkload({ seriesCount, rulesEach, events, step }: Wanted): Workload {
  const random = lehmer(20_261_120);
  const rules = seriesCount * rulesEach;
  const threshold = new Float64Array(rules);
  const isAbove = new Uint8Array(rules);
  for (let rule = 0; rule < rules; rule += 1) {
    isAbove[rule] = random(2);
    threshold[rule] = random(RANGE);
  }
  const first = Float64Array.from({ length: seriesCount }, () => random(RANGE));
  const now = Float64Array.from(first);
  const eventSeries = new Int32Array(events);
  const eventValue = new Float64Array(events);
  for (let event = 0; event < events; event += 1) {
    const series = random(seriesCount);
    const moved = now[series]! + random(2 * step + 1) - step;
    now[series] = Math.min(RANGE, Math.max(0, moved));
    eventSeries[event] = series;
    eventValue[event] = now[series]!;
  }
  return { seriesCount, rulesEach, threshold, isAbove, first, eventSeries, eventValue };
}

/** The same rules and series with the first `events` events only. */
export function beginningOf(work: Workload, events: number): Workload {
  return {
    ...work,
    eventSeries: work.eventSeries.subarray(0, events),
    eventValue: work.eventValue.subarray(0, events),
  };
}

/** Repeatable numbers below a bound (Lehmer, 48271). */
function lehmer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}
