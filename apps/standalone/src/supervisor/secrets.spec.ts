import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSecrets } from './secrets';

describe('the secrets of a data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidings-secrets-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are made once, kept for their owner alone, and the same ever after', async () => {
    const made = await readSecrets(folder);
    expect(await readSecrets(folder)).toEqual(made);
    expect(new Set(Object.values(made)).size).toBe(4);
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  it('of an older version stay as they are, and get what they have not', async () => {
    const old = { jwtSecret: 'j'.repeat(43), adminKey: 'tdg_a', systemKey: 'tdg_s' };
    await writeFile(join(folder, 'secrets.json'), JSON.stringify(old));
    const secrets = await readSecrets(folder);
    expect(secrets).toMatchObject({ ...old, linkSecret: expect.stringMatching(/^[\w-]{43}$/) });
    expect(JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))).toEqual(secrets);
  });
});
