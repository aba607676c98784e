import { judged, median } from '../report';
import type { Bench } from '../report';
import { timed } from './cpu-clock';
import { linearScan, ourEngine } from './engines';
import type { Workload } from './workload';
import { aWorkload, beginningOf } from './workload';

const ROUNDS = 3;
const EVENTS = 1_000_000;
const CHECKED = 20_000;
const SERIES = 5_000;
/** One event in 125 crosses a level with 20 rules on a series, 8 of 100 with 200, 8 of 10 with 2,000. */
const STEP = 8_000;

/** Many rules on few series, such as prices. */
export const matchShared: Bench = {
  name: 'match-shared',
  async run(report) {
    const unit = 'events/s';
    for (const { rulesEach, goal } of [
      { rulesEach: 20, goal: 10_000_000 },
      { rulesEach: 200, goal: 10_000_000 },
      { rulesEach: 2_000, goal: 5_000_000 },
    ]) {
      const ours = rateOf(aWorkload({ seriesCount: SERIES, rulesEach, events: EVENTS, step: STEP }));
      const name = `rules=${SERIES * rulesEach} series=${SERIES}`;
      report(judged({ bench: 'match-shared', case: name, unit, ours, goal, better: 'higher' }));
    }
    const cost = (rulesEach: number): number =>
      1 / rateOf(aWorkload({ seriesCount: SERIES, rulesEach, events: EVENTS, step: 160_000 / rulesEach }));
    report(
      judged({
        ...{
          bench: 'match-shared',
          case: 'cost of an event, rules=10000000 over rules=100000, equal crossings',
        },
        ...{ unit: 'times', ours: cost(2_000) / cost(20), goal: 2, better: 'lower' },
      }),
    );
  },
};

/** Events a second, after a beginning of which the transitions are compared with those of a scan. */
function rateOf(work: Workload): number {
  const beginning = beginningOf(work, CHECKED);
  if (ourEngine(beginning).pass() !== linearScan(beginning).pass())
    throw new Error('the engine and the scan disagree');
  const { pass } = ourEngine(work);
  pass();
  const rates = Array.from({ length: ROUNDS }, () => EVENTS / timed(pass).seconds);
  return median(rates);
}
