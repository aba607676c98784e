import { BENCHES } from './benches';
import type { BenchLine } from './report';

/** `npm run bench [-- NAME] [--json]`: measures one or all, prints a line each; exit 0 if it measured, whatever it found. */
async function main(words: string[]): Promise<void> {
  const json = words.includes('--json');
  const wanted = words.filter((word) => !word.startsWith('--') && !/^\d+$/.test(word)); // a number belongs to an option
  const chosen = BENCHES.filter((bench) => wanted.length === 0 || wanted.includes(bench.name));
  if (chosen.length === 0)
    throw new Error(
      `there is no bench of that name; there are ${BENCHES.map((bench) => bench.name).join(', ')}`,
    );
  for (const bench of chosen)
    await bench.run((line) => console.log(json ? JSON.stringify(line) : inWords(line)));
}

function inWords({
  bench,
  case: name,
  ours,
  unit,
  against,
  theirs,
  ratio,
  goal,
  reached,
}: BenchLine): string {
  const compared = against === undefined ? '' : `, ${against}: ${theirs} ${unit}, ratio ${ratio?.toFixed(2)}`;
  const judged = goal === undefined ? '' : ` (goal ${goal}: ${reached ? 'reached' : 'not reached'})`;
  return `${bench} ${name}: ${ours} ${unit}${compared}${judged}`;
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
