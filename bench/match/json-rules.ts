import { Engine } from 'json-rules-engine';
import type { RuleProperties } from 'json-rules-engine';
import { cpuSeconds } from './cpu-clock';
import { truthAtFirst } from './engines';
import { mix } from './fingerprint';
import type { Peer } from './peer';
import type { Workload } from './workload';

/**
 * json-rules-engine as its users put it to such work: an engine for each account, with that account's rules. It says
 * which rules are true; what changed since the last event is kept beside it, in one bit for each rule.
 */
export function enginePerSeries(work: Workload): Peer {
  const { rulesEach, eventSeries } = work;
  const engines = new Map<number, Engine>();
  for (const series of eventSeries) {
    if (engines.has(series)) continue;
    const rules = Array.from({ length: rulesEach }, (_, i) => ruleOf(work, series * rulesEach + i, []));
    engines.set(series, new Engine(rules));
  }
  return peerOf(work, (series, value) => engines.get(series)!.run({ value }));
}

/** One engine with the rules of everybody, each of which first asks for its series. */
export function engineForAll(work: Workload): Peer {
  const rules = Array.from(work.threshold, (_, rule) => {
    const series = Math.floor(rule / work.rulesEach);
    return ruleOf(work, rule, [{ fact: 'series', operator: 'equal', value: series }]);
  });
  const engine = new Engine(rules);
  return peerOf(work, (series, value) => engine.run({ series, value }));
}

type Conditions = { fact: string; operator: string; value: number }[];

function ruleOf({ threshold, isAbove }: Workload, rule: number, first: Conditions): RuleProperties {
  const operator = isAbove[rule] === 1 ? 'greaterThan' : 'lessThan';
  const level = { fact: 'value', operator, value: threshold[rule]! };
  return { conditions: { all: [...first, level] }, event: { type: 'true', params: { rule } } };
}

function peerOf(work: Workload, run: (series: number, value: number) => ReturnType<Engine['run']>): Peer {
  const { rulesEach, eventSeries, eventValue } = work;
  const truth = truthAtFirst(work);
  const now = new Uint8Array(rulesEach);
  const pass = async (): Promise<number> => {
    let print = 0;
    for (let event = 0; event < eventSeries.length; event += 1) {
      const series = eventSeries[event]!;
      const { events } = await run(series, eventValue[event]!);
      now.fill(0);
      const start = series * rulesEach;
      for (const { params } of events) now[(params as { rule: number }).rule - start] = 1;
      for (let i = 0; i < rulesEach; i += 1) {
        if (now[i] === truth[start + i]) continue;
        truth[start + i] = now[i]!;
        print = mix(print, start + i, event, now[i] === 1);
      }
    }
    return print;
  };
  return { pass, clock: cpuSeconds, end: async () => undefined };
}
