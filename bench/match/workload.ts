import type { Condition } from '@app/rules';

/** Rules over series, and events with values: plain numbers, made before anything is timed. */
export interface Workload {
  seriesCount: number;
  /** One after the other in the order of their series; `ruleStart[s]` to `ruleStart[s + 1]` are those of series s. */
  rules: Condition[];
  ruleStart: Int32Array;
  /** The first value of each series. */
  first: Float64Array;
  eventSeries: Int32Array;
  eventValue: Float64Array;
}

interface Wanted {
  seriesCount: number;
  rulesEach: number;
  events: number;
  /** Largest step of the walk; thresholds lie anywhere in 0 to 100,000. */
  step: number;
}

const RANGE = 100_000;

/** Thresholds spread evenly, values that walk in small steps: prices, balances. The same seed gives the same work. */
export function aWorkload({ seriesCount, rulesEach, events, step }: Wanted): Workload {
  const random = lehmer(20_261_120);
  const rules = Array.from({ length: seriesCount * rulesEach }, (): Condition => {
    const operator = random(2) === 0 ? 'above' : 'below';
    return { operator, threshold: random(RANGE), upper: null, recovery: null };
  });
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
  const ruleStart = Int32Array.from({ length: seriesCount + 1 }, (_, series) => series * rulesEach);
  return { seriesCount, rules, ruleStart, first, eventSeries, eventValue };
}

/** Repeatable numbers below a bound (Lehmer, 48271). */
function lehmer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}
