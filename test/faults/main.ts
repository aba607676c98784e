import { parseArgs } from 'node:util';
import { crash } from './crash';
import { deliver } from './deliver';
import type { FaultLine, FaultOptions } from './fault-line';
import { oracle } from './oracle';

const FAULTS: Record<string, (options: FaultOptions) => Promise<FaultLine[]>> = {
  crash,
  deliver,
  oracle,
};

/** Some minutes for each. */
const USUAL_RUNS: Record<string, number> = { crash: 10, deliver: 60, oracle: 1 };

const LOGS = { postgres: ['postgres'], kafka: ['kafka'], both: ['postgres', 'kafka'] } as const;

/**
 * `npm run faults [-- NAME] [--runs N] [--seed S] [--log kafka|postgres|both] [--json]`: exit 1 if anything was lost, or
 * doubled without a mark.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      log: { type: 'string', default: 'both' },
      json: { type: 'boolean' },
    },
  });
  const logs = LOGS[values.log as keyof typeof LOGS];
  if (!logs) throw new Error('--log is postgres, kafka or both');
  const names = positionals.length > 0 ? positionals : Object.keys(FAULTS);
  for (const name of names) {
    const fault = FAULTS[name];
    if (!fault)
      throw new Error(`there is no fault of that name; there are ${Object.keys(FAULTS).join(', ')}`);
    const runs = Number(values.runs ?? USUAL_RUNS[name]);
    for (const line of await fault({ runs, seed: Number(values.seed), logs })) {
      if (line.lost > 0 || line.unmarkedDoubles > 0) process.exitCode = 1;
      console.log(values.json ? JSON.stringify(line) : inWords(line));
    }
  }
}

function inWords(line: FaultLine): string {
  const { fault, runs, seed, expected, lost, doubled, ambiguous, unmarkedDoubles, seconds } = line;
  const where = line.case ? ` on ${line.case}` : '';
  return `${fault}${where} (${runs} runs, seed ${seed}): ${expected} expected, ${lost} lost, ${doubled} sent twice, ${ambiguous} marked as possibly so, ${unmarkedDoubles} doubled without a mark; ${Math.round(seconds)} s`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
