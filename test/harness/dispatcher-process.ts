import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const MAIN = resolve('dist/apps/dispatcher/apps/dispatcher/src/main.js');

/** The built dispatcher in a process of its own, so that a test can kill it as a machine would. */
export class DispatcherProcess {
  private child: ChildProcess | undefined;

  constructor(private readonly env: Record<string, string>) {
    if (!existsSync(MAIN)) throw new Error('the dispatcher is not built: npm run build');
  }

  /** Resolves when it says that it is ready. */
  async start(): Promise<void> {
    const child = this.spawn();
    await new Promise<void>((ready, fail) => {
      let said = '';
      child.once('exit', (code, signal) =>
        fail(new Error(`it ended with ${code ?? signal} before it was ready: ${said}`)),
      );
      child.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('dispatcher is ready')) ready();
      });
    });
  }

  /** Resolves at once; what it is doing when it is killed is up to chance. */
  spawn(): ChildProcess {
    const env = {
      PATH: process.env.PATH ?? '',
      DISPATCHER_PORT: '0',
      EVENT_LOG_PARTITIONS: '2',
      ...this.env,
    };
    this.child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout?.resume();
    return this.child;
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }
}
