import { PartitionMatcher, TransitionLog } from '@app/rules';
import type { InstanceDefinition } from '@app/rules';
import { mix } from './fingerprint';
import type { Workload } from './workload';

/** Events between two looks at their transitions, as the worker takes a batch from the log. */
const BATCH = 500;

/** Processes all events once. @returns the fingerprint of the transitions */
export type Pass = () => number;

export const METRIC = 'price';

export function nameOf(series: number): string {
  return `subject:${series}`;
}

export function definitionOf(work: Workload, rule: number, subject: string): InstanceDefinition {
  const operator = work.isAbove[rule] === 1 ? 'above' : 'below';
  const condition = { operator, threshold: work.threshold[rule]!, upper: null, recovery: null } as const;
  const policy = { lifecycle: 'recurring', onCreate: 'fireIfBreached' } as const;
  return { instanceId: rule, metric: METRIC, subject, condition, ...policy };
}

/** The engine of production, with every rule armed; series have the numbers of the workload. */
export function armed(work: Workload): PartitionMatcher {
  const matcher = new PartitionMatcher();
  for (let series = 0; series < work.seriesCount; series += 1) {
    const subject = nameOf(series);
    for (let rule = series * work.rulesEach; rule < (series + 1) * work.rulesEach; rule += 1)
      matcher.arm(definitionOf(work, rule, subject), null);
  }
  return matcher;
}

/** Armed, and every series at its first value. */
export function ourEngine(work: Workload): { pass: Pass; matcher: PartitionMatcher } {
  const matcher = armed(work);
  const { eventSeries, eventValue } = work;
  const out = new TransitionLog();
  work.first.forEach((value, series) => {
    out.clear();
    matcher.match(series, value, 0, out);
    while (matcher.isUnfinished) matcher.continue(out);
  });
  let at = 0;
  const ends = new Int32Array(BATCH);
  const pass = () => {
    let print = 0;
    for (let from = 0; from < eventSeries.length; from += BATCH) {
      const upTo = Math.min(from + BATCH, eventSeries.length);
      out.clear();
      for (let event = from; event < upTo; event += 1) {
        at += 1;
        matcher.match(eventSeries[event]!, eventValue[event]!, at, out);
        while (matcher.isUnfinished) matcher.continue(out);
        ends[event - from] = out.length;
      }
      print = (print + printOf(out, from, ends.subarray(0, upTo - from))) | 0;
    }
    return print;
  };
  return { pass, matcher };
}

/**
 * Reads the ids of a batch one after the other and nothing else in between: with millions of rules each lies in cold
 * memory, and the processor fetches several at a time if it may.
 * @param ends how long the log was after each event from number `from` on
 */
function printOf(log: TransitionLog, from: number, ends: Int32Array): number {
  const ids = new Float64Array(log.length);
  for (let row = 0; row < ids.length; row += 1) ids[row] = log.instanceIdAt(row);
  let print = 0;
  let row = 0;
  ends.forEach((end, i) => {
    for (; row < end; row += 1) {
      const transition = log.transitionAt(row);
      if (transition !== 'none') print = mix(print, ids[row]!, from + i, transition === 'fired');
    }
  });
  return print;
}

/**
 * The quickest thing that is easy to write: the rules of a series side by side in typed arrays, all of them
 * looked at for each event. It keeps less than the engine does: no event times, no recovery levels, no checkpoint.
 */
export function linearScan(work: Workload): { pass: Pass } {
  const { threshold, isAbove, rulesEach, eventSeries, eventValue } = work;
  const truth = truthAtFirst(work);
  const pass = () => {
    let print = 0;
    for (let event = 0; event < eventSeries.length; event += 1) {
      const value = eventValue[event]!;
      const start = eventSeries[event]! * rulesEach;
      for (let rule = start; rule < start + rulesEach; rule += 1) {
        const holds = (isAbove[rule] === 1 ? value > threshold[rule]! : value < threshold[rule]!) ? 1 : 0;
        if (holds === truth[rule]) continue;
        truth[rule] = holds;
        print = mix(print, rule, event, holds === 1);
      }
    }
    return print;
  };
  return { pass };
}

/** For each rule 1 if it holds at the first value of its series. */
export function truthAtFirst({ threshold, isAbove, rulesEach, first }: Workload): Uint8Array {
  return Uint8Array.from(threshold, (level, rule) => {
    const value = first[Math.floor(rule / rulesEach)]!;
    return (isAbove[rule] === 1 ? value > level : value < level) ? 1 : 0;
  });
}
