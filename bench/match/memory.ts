import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { judged } from '../report';
import type { Bench } from '../report';

/** What rules cost that are only there, everything of the matcher included: resident memory of a process of its own. */
export const memory: Bench = {
  name: 'memory',
  async run(report) {
    for (const [series, rulesEach] of [
      [5_000, 2_000],
      [5_000, 200],
      [3_333_333, 3],
      [333_333, 3],
    ] as const) {
      const name = `rules=${series * rulesEach} series=${series}`;
      const ours = await bytesPerRule(series, rulesEach);
      report(judged({ bench: 'memory', case: name, unit: 'bytes/rule', ours, goal: 100, better: 'lower' }));
    }
  },
};

async function bytesPerRule(series: number, rulesEach: number): Promise<number> {
  const child = fork(join(__dirname, 'memory-of.js'), [String(series), String(rulesEach)], {
    execArgv: ['--expose-gc'],
  });
  const ended = once(child, 'exit');
  const [said] = (await Promise.race([once(child, 'message'), ended.then(() => [null])])) as [
    { resident: number; rules: number } | null,
  ];
  await ended;
  if (!said || said.rules !== series * rulesEach) throw new Error('memory: the child did not arm all rules');
  return said.resident / said.rules;
}
