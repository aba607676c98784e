import { randomBytes } from 'node:crypto';
import { chmod, link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Made once for each data folder; an installation with settings of its own has no use for them. */
export interface Secrets {
  jwtSecret: string;
  adminKey: string;
  systemKey: string;
}

/** The file is readable by its owner alone; a torn file cannot exist, since it appears by a link. */
export async function readSecrets(folder: string): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known) return JSON.parse(known) as Secrets;
  const secrets: Secrets = {
    jwtSecret: randomBytes(32).toString('base64url'),
    adminKey: `tdg_${randomBytes(24).toString('hex')}`,
    systemKey: `tdg_${randomBytes(24).toString('hex')}`,
  };
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await link(draft, file);
  await rm(draft);
  return secrets;
}
