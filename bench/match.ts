import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PartitionMatcher } from '@app/rules';
import { linearScan, nameOf, ourEngine } from './match/engines';
import type { Pass } from './match/engines';
import { aWorkload } from './match/workload';
import type { Workload } from './match/workload';
import { judged, median } from './report';
import type { Bench, Report } from './report';

const ROUNDS = 3;
const EVENTS = 1_000_000;

/** Many rules on few series, such as prices: 100,000 rules on 5,000 series. */
export const matchShared: Bench = {
  name: 'match-shared',
  async run(report) {
    const work = aWorkload({ seriesCount: 5_000, rulesEach: 20, events: EVENTS, step: 80 });
    compare(report, { bench: 'match-shared', case: 'rules=100000 series=5000', goal: 3 }, work, null);
    const large = aWorkload({ seriesCount: 5_000, rulesEach: 200, events: EVENTS, step: 80 });
    compare(report, { bench: 'match-shared', case: 'rules=1000000 series=5000', goal: 10 }, large, null);
  },
};

/** Few rules on many series, such as balances: 3 rules on each of 100,000 subjects. */
export const matchPrivate: Bench = {
  name: 'match-private',
  async run(report) {
    const work = aWorkload({ seriesCount: 100_000, rulesEach: 3, events: EVENTS, step: 300 });
    compare(report, { bench: 'match-private', case: 'subjects=100000 rules=3', goal: 1 }, work, null);
    const names = Array.from(work.eventSeries, nameOf);
    compare(
      report,
      { bench: 'match-private', case: 'subjects=100000 rules=3 by name', goal: 1 },
      work,
      names,
    );
  },
};

/** What rules cost that are only there, and how quickly they come and go. */
export const matchRules: Bench = {
  name: 'match-rules',
  async run(report) {
    bytesPerRule(report, { seriesCount: 5_000, rulesEach: 200 });
    bytesPerRule(report, { seriesCount: 100_000, rulesEach: 3 });
    updates(report, 5_000, 200_000);
    updates(report, 1, 50_000);
  },
};

export async function benchMatch(report: Report): Promise<void> {
  for (const bench of [matchShared, matchPrivate, matchRules]) await bench.run(report);
}

function compare(
  report: Report,
  what: { bench: string; case: string; goal: number },
  work: Workload,
  names: string[] | null,
): void {
  const engines = [ourEngine(work, names).pass, linearScan(work, names).pass];
  const rates = engines.map((): number[] => []);
  // One round to warm up, and the engines take turns, so that a slower minute of the machine meets both.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const prints = engines.map((pass, engine) => {
      const { seconds, print } = timed(pass);
      if (round > 0) rates[engine]!.push(work.eventSeries.length / seconds);
      return print;
    });
    if (prints[0] !== prints[1]) throw new Error(`${what.bench}: the engine and the scan disagree`);
  }
  const [ours = 0, theirs = 0] = rates.map(median);
  report(
    judged({ ...what, unit: 'events/s', ours, against: 'linear scan per series', theirs, better: 'higher' }),
  );
}

function timed(pass: Pass): { seconds: number; print: number } {
  const start = performance.now();
  const print = pass();
  return { seconds: (performance.now() - start) / 1_000, print };
}

function bytesPerRule(
  report: Report,
  { seriesCount, rulesEach }: { seriesCount: number; rulesEach: number },
): void {
  const work = aWorkload({ seriesCount, rulesEach, events: 0, step: 1 });
  const before = usedBytes();
  const { matcher } = ourEngine(work, null);
  const ours = (usedBytes() - before) / matcher.instanceCount;
  const name = `rules=${matcher.instanceCount} series=${seriesCount}`;
  report(judged({ bench: 'match-bytes', case: name, unit: 'bytes/rule', ours, goal: 100, better: 'lower' }));
}

function updates(report: Report, seriesCount: number, goal: number): void {
  const work = aWorkload({ seriesCount, rulesEach: 1_000_000 / seriesCount, events: 0, step: 1 });
  const { matcher } = ourEngine(work, null);
  const changes = 200_000;
  const start = performance.now();
  for (let change = 0; change < changes; change += 1)
    replaceRule(matcher, work, (change * 7_919) % 1_000_000);
  const ours = (2 * changes) / ((performance.now() - start) / 1_000);
  const name = `rules=1000000 series=${seriesCount}`;
  report(
    judged({ bench: 'match-updates', case: name, unit: 'adds and removes/s', ours, goal, better: 'higher' }),
  );
}

function replaceRule(matcher: PartitionMatcher, work: Workload, rule: number): void {
  const condition = work.rules[(rule + 1) % work.rules.length]!;
  const subject = nameOf(Math.floor((rule * work.seriesCount) / work.rules.length));
  const policy = { lifecycle: 'recurring', onCreate: 'fireIfBreached' } as const;
  matcher.disarm(rule);
  matcher.arm({ instanceId: rule, metric: 'price', subject, condition, ...policy }, null);
}

/** Heap and typed arrays, after everything unused has been collected. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
