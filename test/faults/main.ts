import { parseArgs } from 'node:util';
import { crash, type FaultLine } from './crash';

const FAULTS: Record<string, (runs: number, seed: number) => Promise<FaultLine>> = { crash };

/** `npm run faults [-- NAME] [--runs N] [--seed S] [--json]`: exit 1 if anything was lost, or doubled without a mark. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean' },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(FAULTS);
  for (const name of names) {
    const fault = FAULTS[name];
    if (!fault)
      throw new Error(`there is no fault of that name; there are ${Object.keys(FAULTS).join(', ')}`);
    const line = await fault(Number(values.runs), Number(values.seed));
    if (line.lost > 0 || line.unmarkedDoubles > 0) process.exitCode = 1;
    console.log(values.json ? JSON.stringify(line) : inWords(line));
  }
}

function inWords(line: FaultLine): string {
  const { fault, runs, seed, expected, lost, doubled, ambiguous, unmarkedDoubles, seconds } = line;
  return `${fault} (${runs} runs, seed ${seed}): ${expected} alerts expected, ${lost} lost, ${doubled} sent twice, ${ambiguous} marked as possibly so, ${unmarkedDoubles} doubled without a mark; ${Math.round(seconds)} s`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
