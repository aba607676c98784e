import type { PartitionMatcher } from '@app/rules';
import { judged } from '../report';
import type { Bench } from '../report';
import { timed } from './cpu-clock';
import { definitionOf, nameOf, ourEngine } from './engines';
import { aWorkload } from './workload';
import type { Workload } from './workload';

const RULES = 1_000_000;
const CHANGES = 200_000;

/** How quickly rules come and go where a million are, each removed by its id and added with another level. */
export const updates: Bench = {
  name: 'updates',
  async run(report) {
    for (const { seriesCount, goal } of [
      { seriesCount: 5_000, goal: 200_000 },
      { seriesCount: 1, goal: 50_000 },
    ]) {
      const work = aWorkload({ seriesCount, rulesEach: RULES / seriesCount, events: 0, step: 1 });
      const { matcher } = ourEngine(work);
      const { seconds } = timed(() => {
        for (let change = 0; change < CHANGES; change += 1)
          replaceRule(matcher, work, (change * 7_919) % RULES);
      });
      const name = `rules=${RULES} series=${seriesCount}`;
      const ours = (2 * CHANGES) / seconds;
      const unit = 'adds and removes/s';
      report(judged({ bench: 'updates', case: name, unit, ours, goal, better: 'higher' }));
    }
  },
};

function replaceRule(matcher: PartitionMatcher, work: Workload, rule: number): void {
  const definition = definitionOf(work, (rule + 1) % RULES, nameOf(Math.floor(rule / work.rulesEach)));
  matcher.disarm(rule);
  matcher.arm({ ...definition, instanceId: rule }, null);
}
