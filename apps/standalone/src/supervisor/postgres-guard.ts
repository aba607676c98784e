import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOfProcess } from './process-identity';

/**
 * Ends the embedded PostgreSQL if this process is killed without a chance to do it itself: a shell of 1 MB
 * waits on a pipe that only we hold, and whose end it can read only when we are gone. SIGINT is PostgreSQL's
 * fast shutdown.
 *
 * @returns the guard's dismissal, for an orderly stop
 */
export async function guardPostgres(folder: string): Promise<() => void> {
  const pid = await postmasterPid(folder);
  if (pid === null) return () => undefined;
  const guard: ChildProcess = spawn('/bin/sh', ['-c', 'read dismissed || kill -INT "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  guard.unref();
  return () => void guard.stdin?.end('dismissed\n');
}

const LOOK_EVERY_MS = 1_000;

/**
 * Notices that the embedded PostgreSQL ended by itself, which a lack of memory or a person can cause.
 * @returns a function that ends the watch
 */
export async function watchPostgres(folder: string, onGone: () => void): Promise<() => void> {
  const pid = await postmasterPid(folder);
  if (pid === null) return () => undefined;
  const timer = setInterval(() => {
    void startOfProcess(pid).then((start) => {
      if (start !== null) return;
      clearInterval(timer);
      onGone();
    });
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** The first line of `postmaster.pid` is the server's process number. */
async function postmasterPid(folder: string): Promise<number | null> {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}
