import { judged, median } from '../report';
import type { Bench, Report } from '../report';
import { cpuSeconds, timed } from './cpu-clock';
import { linearScan, ourEngine } from './engines';
import type { Pass } from './engines';
import { engineForAll, enginePerSeries } from './json-rules';
import type { Peer } from './peer';
import { postgresIndex } from './postgres-index';
import { aWorkload, beginningOf } from './workload';
import type { Workload } from './workload';

const ROUNDS = 3;
const UNIT = 'events/s';

interface Case {
  name: string;
  rulesEach: number;
  seriesCount: number;
  step: number;
  /** What the ratio to a linear scan has to reach. */
  scan: number;
  /** Events for json-rules-engine, which needs some 10 microseconds for each rule that it looks at. */
  rulesEngine: number;
}

const CASES: readonly Case[] = [
  {
    name: '2 rules a series',
    rulesEach: 2,
    seriesCount: 5_000,
    step: 80_000,
    scan: 0.9,
    rulesEngine: 20_000,
  },
  {
    name: '20 rules a series',
    rulesEach: 20,
    seriesCount: 5_000,
    step: 8_000,
    scan: 0.9,
    rulesEngine: 5_000,
  },
  { name: '200 rules a series', rulesEach: 200, seriesCount: 500, step: 800, scan: 30, rulesEngine: 1_000 },
  { name: '2000 rules a series', rulesEach: 2_000, seriesCount: 50, step: 80, scan: 30, rulesEngine: 100 },
  {
    name: '3 rules a subject',
    rulesEach: 3,
    seriesCount: 30_000,
    step: 50_000,
    scan: 0.9,
    rulesEngine: 20_000,
  },
];

/** The same events over the same rules in other engines, with the same transitions, proved by their fingerprint. */
export const matchPeers: Bench = {
  name: 'match-peers',
  async run(report) {
    for (const each of CASES) {
      const work = aWorkload({ ...each, events: 500_000 });
      againstScan(report, each, work);
      await againstPeer(report, beginningOf(work, each.rulesEngine), {
        ...{ case: each.name, against: 'json-rules-engine 7.3.1, one for each series', goal: 7 },
        prepare: async (some) => enginePerSeries(some),
      });
    }
    const work = aWorkload({ seriesCount: 5_000, rulesEach: 20, events: 5_000, step: 8_000 });
    await againstPeer(report, beginningOf(work, 3), {
      ...{ case: 'rules=100000', against: 'json-rules-engine 7.3.1, one for all', goal: 1_000 },
      prepare: async (some) => engineForAll(some),
    });
    await againstPeer(report, work, {
      ...{ case: '20 rules a series', against: 'PostgreSQL, asked by index', goal: 30 },
      prepare: postgresIndex,
    });
  },
};

/** The engines take turns, so that a slower minute of the machine meets both. */
function againstScan(report: Report, { name, scan }: Case, work: Workload): void {
  const passes = [ourEngine(work).pass, linearScan(work).pass];
  const rates = passes.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    const prints = passes.map((pass, engine) => {
      const { seconds, result } = timed(pass);
      if (round > 0) rates[engine]!.push(work.eventSeries.length / seconds);
      return result;
    });
    if (prints[0] !== prints[1]) throw new Error(`match-peers: the engine and the scan disagree at ${name}`);
  }
  const [ours = 0, theirs = 0] = rates.map(median);
  const line = { bench: 'match-peers', case: name, unit: UNIT, against: 'linear scan per series' } as const;
  report(judged({ ...line, ours, theirs, goal: scan, better: 'higher' }));
}

interface Against {
  case: string;
  against: string;
  goal: number;
  prepare(work: Workload): Promise<Peer>;
}

async function againstPeer(report: Report, work: Workload, { prepare, ...what }: Against): Promise<void> {
  const peer = await prepare(work);
  const start = peer.clock();
  const print = await peer.pass();
  const theirs = work.eventSeries.length / (peer.clock() - start);
  await peer.end();
  const ours = rateOnly(work, print);
  report(judged({ bench: 'match-peers', ...what, unit: UNIT, ours, theirs, better: 'higher' }));
}

/** Our rate for work that may be over in microseconds: repeated until it can be measured. */
function rateOnly(work: Workload, expected: number): number {
  const { pass } = ourEngine(work);
  if (pass() !== expected) throw new Error('match-peers: the engine and the peer disagree');
  const start = cpuSeconds();
  let passes = 0;
  for (; cpuSeconds() - start < 0.2; passes += 1) repeat(pass, 100);
  return (passes * 100 * work.eventSeries.length) / (cpuSeconds() - start);
}

function repeat(pass: Pass, times: number): void {
  for (let i = 0; i < times; i += 1) pass();
}
