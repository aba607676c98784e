import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Made once for each data folder; an installation with settings of its own has no use for them. */
export interface Secrets {
  jwtSecret: string;
  adminKey: string;
  systemKey: string;
  /** Signs the links in messages. */
  linkSecret: string;
}

/**
 * What the folder has no secret for yet, being new or of an older version, is made and kept. The file is readable by its
 * owner alone; a torn file cannot exist, since it appears by a rename, and the folder's lock keeps others away.
 */
export async function readSecrets(folder: string): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  const known = await readFile(file, 'utf8').catch(() => '{}');
  const kept = JSON.parse(known) as Partial<Secrets>;
  const secrets: Secrets = {
    jwtSecret: kept.jwtSecret ?? randomBytes(32).toString('base64url'),
    adminKey: kept.adminKey ?? `tdg_${randomBytes(24).toString('hex')}`,
    systemKey: kept.systemKey ?? `tdg_${randomBytes(24).toString('hex')}`,
    linkSecret: kept.linkSecret ?? randomBytes(32).toString('base64url'),
  };
  const text = `${JSON.stringify(secrets, null, 2)}\n`;
  if (text === known) return secrets;
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
  return secrets;
}
