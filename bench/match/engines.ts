import { PartitionMatcher, TransitionLog } from '@app/rules';
import type { Workload } from './workload';

/** Processes all events once. @returns a fingerprint of (rule, event, fired or recovered), in any order of rules */
export type Pass = () => number;

const METRIC = 'price';

export function nameOf(series: number): string {
  return `subject:${series}`;
}

/** The engine of production, with every rule armed and every series at its first value. */
export function ourEngine(work: Workload, names: string[] | null): { pass: Pass; matcher: PartitionMatcher } {
  const matcher = new PartitionMatcher();
  for (let series = 0; series < work.seriesCount; series += 1) {
    for (let rule = work.ruleStart[series]!; rule < work.ruleStart[series + 1]!; rule += 1) {
      const condition = work.rules[rule]!;
      const rest = {
        metric: METRIC,
        subject: nameOf(series),
        lifecycle: 'recurring',
        onCreate: 'fireIfBreached',
      } as const;
      matcher.arm({ instanceId: rule, condition, ...rest }, null);
    }
  }
  const out = new TransitionLog();
  const numbers = Int32Array.from({ length: work.seriesCount }, (_, series) =>
    matcher.seriesOf(METRIC, nameOf(series)),
  );
  work.first.forEach((value, series) => matcher.match(numbers[series]!, value, 0, out));
  let at = 0;
  const pass = () => {
    let print = 0;
    const { eventSeries, eventValue } = work;
    for (let event = 0; event < eventSeries.length; event += 1) {
      const series = eventSeries[event]!;
      const number = names ? matcher.seriesOf(METRIC, names[event]!) : numbers[series]!;
      out.clear();
      at += 1;
      matcher.match(number, eventValue[event]!, at, out);
      while (matcher.isUnfinished) matcher.continue(out);
      for (let i = 0; i < out.length; i += 1) {
        const transition = out.transitionAt(i);
        if (transition !== 'none') print = mix(print, out.instanceIdAt(i), event, transition === 'fired');
      }
    }
    return print;
  };
  return { pass, matcher };
}

/**
 * The quickest thing that is easy to write: the rules of a series side by side in typed arrays, all of them
 * looked at for each event. It keeps less than the engine does: no event times, no recovery levels, no checkpoint.
 */
export function linearScan(work: Workload, names: string[] | null): { pass: Pass } {
  const { ruleStart, eventSeries, eventValue } = work;
  const threshold = Float64Array.from(work.rules, (rule) => rule.threshold);
  const isAbove = Uint8Array.from(work.rules, (rule) => (rule.operator === 'above' ? 1 : 0));
  const truth = new Uint8Array(work.rules.length);
  const byName = new Map(Array.from({ length: work.seriesCount }, (_, series) => [nameOf(series), series]));
  let out: { rule: number; truth: number }[] = [];
  const see = (series: number, value: number) => {
    const end = ruleStart[series + 1]!;
    for (let rule = ruleStart[series]!; rule < end; rule += 1) {
      const holds = (isAbove[rule] === 1 ? value > threshold[rule]! : value < threshold[rule]!) ? 1 : 0;
      if (holds === truth[rule]) continue;
      truth[rule] = holds;
      out.push({ rule, truth: holds });
    }
  };
  work.first.forEach((value, series) => see(series, value));
  const pass = () => {
    let print = 0;
    for (let event = 0; event < eventSeries.length; event += 1) {
      out.length = 0;
      see(names ? byName.get(names[event]!)! : eventSeries[event]!, eventValue[event]!);
      for (const each of out) print = mix(print, each.rule, event, each.truth === 1);
    }
    return print;
  };
  out = [];
  return { pass };
}

/** A sum, since engines report the rules of one event in orders of their own. */
function mix(print: number, rule: number, event: number, fired: boolean): number {
  return (print + Math.imul(Math.imul(rule + 1, 0x9e37_79b1) ^ event, fired ? 0x85eb_ca6b : 0xc2b2_ae35)) | 0;
}
