import { access } from 'node:fs/promises';
import { join } from 'node:path';

export type Program = 'api' | 'dispatcher';

export class NotBuilt extends Error {}

/** Nest builds each application into a folder of its own under `dist/apps`; this file is in ours. */
const DIST_APPS = join(__dirname, '..', '..', '..', '..', '..');

/**
 * Where the other programs were built to.
 * @throws NotBuilt with what to do about it
 */
export async function findBuiltPrograms(distApps = DIST_APPS): Promise<Record<Program, string>> {
  const api = join(distApps, 'api', 'apps', 'api', 'src', 'main.js');
  const dispatcher = join(distApps, 'dispatcher', 'apps', 'dispatcher', 'src', 'main.js');
  for (const file of [api, dispatcher]) {
    await access(file).catch(() => {
      throw new NotBuilt(`${file} is missing: run \`npm ci\` or \`npm run build\` first.`);
    });
  }
  return { api, dispatcher };
}
