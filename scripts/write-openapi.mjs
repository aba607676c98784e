// Writes docs/openapi.json from the built API; `--check` only says whether it is fresh. Run `nest build api` first.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { describeApi } = require('../dist/apps/api/apps/api/src/describe-api.js');

const file = new URL('../docs/openapi.json', import.meta.url);
const text = `${JSON.stringify(await describeApi(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== text) {
    console.error('docs/openapi.json is not what the code says: run node scripts/write-openapi.mjs');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}
