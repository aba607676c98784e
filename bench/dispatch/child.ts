import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const DISPATCHER = resolve('dist/apps/dispatcher/apps/dispatcher/src/main.js');

/** The real dispatcher in a process of its own. */
export async function startDispatcher(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [DISPATCHER], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, DISPATCHER_PORT: '0', LOG_LEVEL: 'info', ...env },
  });
  await new Promise<void>((ready, fail) => {
    child.once('exit', () => fail(new Error('the dispatcher ended before it was ready')));
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('dispatcher is ready') && ready());
  });
  return child;
}

export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await ended;
}

/** Memory of a process in MB, as Linux counts it. */
export async function residentMb(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
