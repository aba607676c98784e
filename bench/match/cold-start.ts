import { PartitionMatcher } from '@app/rules';
import type { InstanceState } from '@app/rules';
import { judged } from '../report';
import type { Bench } from '../report';
import { timed } from './cpu-clock';
import { METRIC, definitionOf, nameOf } from './engines';
import { aWorkload } from './workload';
import type { Workload } from './workload';

const OK: InstanceState = { state: 'ok', armed: true, spent: false, transitionSeq: 1 };
const SERIES = 5_000;

/** A worker that is given a partition: the part in memory, without reading the store. */
export const coldStart: Bench = {
  name: 'cold-start',
  async run(report) {
    for (const { rulesEach, goal } of [
      { rulesEach: 200, goal: 5 },
      { rulesEach: 2_000, goal: 45 },
    ]) {
      const work = aWorkload({ seriesCount: SERIES, rulesEach, events: 0, step: 1 });
      const { seconds: ours } = timed(() => load(work));
      const name = `rules=${SERIES * rulesEach} in process`;
      report(judged({ bench: 'cold-start', case: name, unit: 's', ours, goal, better: 'lower' }));
    }
  },
};

/** Last values first, then the rules as their states stand; in no order of series, as a store gives them. */
function load(work: Workload): PartitionMatcher {
  const matcher = new PartitionMatcher();
  const names = Array.from({ length: work.seriesCount }, (_, series) => nameOf(series));
  work.first.forEach((value, series) => matcher.restore(METRIC, names[series]!, value, 0));
  for (let place = 0; place < work.rulesEach; place += 1) {
    for (let series = 0; series < work.seriesCount; series += 1) {
      const rule = series * work.rulesEach + place;
      matcher.resume(definitionOf(work, rule, names[series]!), OK);
    }
  }
  return matcher;
}
