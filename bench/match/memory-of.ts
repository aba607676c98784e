import { armed } from './engines';
import { aWorkload } from './workload';

/**
 * A process of its own, so that nothing else is in the figure: `node memory-of.js SERIES RULES_EACH` says how many
 * bytes more it holds with all rules armed and every series at a value, of the operating system and of the heap.
 */
function main([seriesCount = 0, rulesEach = 0]: number[]): void {
  const work = aWorkload({ seriesCount, rulesEach, events: 0, step: 1 });
  const before = used();
  const matcher = armed(work);
  work.first.forEach((value, series) => matcher.match(series, value, 0, []));
  const after = used();
  process.send!({ resident: after.resident - before.resident, rules: matcher.instanceCount });
}

function used(): { resident: number } {
  globalThis.gc!();
  globalThis.gc!();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  // What the heap keeps empty after arming is neither the rules' nor lost.
  return { resident: rss - (heapTotal - heapUsed) };
}

main(process.argv.slice(2).map(Number));
