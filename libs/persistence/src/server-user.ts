import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who runs PostgreSQL's programs. */
export interface ServerUser {
  /** Owner of the server's files; undefined where that is the current user. */
  owner: { uid: number; gid: number } | undefined;
  run(program: string, words: readonly string[]): Promise<unknown>;
}

type Owner = NonNullable<ServerUser['owner']>;

/**
 * PostgreSQL refuses to run as root, so root lends it the system user `postgres`. Where that user cannot come to
 * the files, as below a private `/root`, it is also lent root's permission to pass through folders and to read,
 * for this one program: no folder of the machine is opened to anybody.
 * @param paths that must be reachable: the programs and the data folder
 */
export async function findServerUser(paths: readonly string[]): Promise<ServerUser> {
  if (process.getuid?.() !== 0) {
    return { owner: undefined, run: (program, words) => run(program, words, { cwd: '/' }) };
  }
  const owner = await systemUser();
  if (await canReach(owner, paths)) {
    return { owner, run: (program, words) => run(program, words, { ...owner, cwd: '/' }) };
  }
  const lending = await lend(owner, paths);
  return { owner, run: (program, words) => run('setpriv', [...lending, program, ...words], { cwd: '/' }) };
}

async function systemUser(): Promise<Owner> {
  const idOf = async (flag: string): Promise<number> => Number((await run('id', [flag, 'postgres'])).stdout);
  const uid = await idOf('-u').catch(async () => {
    await run('useradd', ['--system', '--no-create-home', '--user-group', 'postgres']);
    return idOf('-u');
  });
  return { uid, gid: await idOf('-g') };
}

async function canReach(owner: Owner, paths: readonly string[]): Promise<boolean> {
  const checks = paths.map((path) => run('test', ['-x', path], { ...owner, cwd: '/' }));
  return Promise.all(checks).then(
    () => true,
    () => false,
  );
}

/** Bits of `CapPrm` in proc(5); the narrower permission first, which containers often do not have. */
const PERMISSIONS = [
  ['dac_read_search', 2n],
  ['dac_override', 1n],
] as const;

async function lend({ uid, gid }: Owner, paths: readonly string[]): Promise<string[]> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const held = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const name = PERMISSIONS.find(([, bit]) => (held >> bit) & 1n)?.[0];
  // PostgreSQL asks access(2) before it opens, which leaves permissions out for all but root unless this bit is set.
  const words = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  const lending = [...words, `--inh-caps=+${name}`, `--ambient-caps=+${name}`, '--'];
  const checks = name
    ? paths.map((path) => run('setpriv', [...lending, 'test', '-x', path]))
    : [Promise.reject()];
  await Promise.all(checks).catch((cause: unknown) => {
    throw new Error(
      `PostgreSQL refuses to run as root, and the user postgres cannot reach ${paths.join(' and ')}: ` +
        'start as another user, or in a folder that other users may enter.',
      { cause },
    );
  });
  return lending;
}
