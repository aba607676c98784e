import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAIN = join(__dirname, '../../dist/apps/standalone/apps/standalone/src/main.js');

export interface StandaloneWishes {
  folder: string;
  port: number;
  words?: string[];
}

/** What `npm start` runs, as a process of its own; it needs `npm run build`. */
export class StandaloneProcess {
  output = '';
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private readonly child: ChildProcess;
  private readonly onOutput = new Set<() => void>();

  constructor({ folder, port, words = [] }: StandaloneWishes) {
    const { PATH, HOME, TMPDIR } = process.env;
    const env = { PATH, HOME, TMPDIR, PORT: String(port), TIDINGS_DATA: folder };
    this.child = spawn(process.execPath, [MAIN, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const read = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
      for (const look of this.onOutput) look();
    };
    this.child.stdout?.on('data', read);
    this.child.stderr?.on('data', read);
    this.exit = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        resolve({ code, signal });
        for (const look of this.onOutput) look();
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves when the output matches; rejects with all of it when the process ends or the time is over. */
  async says(pattern: RegExp, withinMs = 25_000): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.onOutput.delete(look);
        settle();
      };
      const fail = (): void =>
        finish(() => reject(new Error(`it never said ${String(pattern)}, but:\n${this.output}`)));
      const timer = setTimeout(fail, withinMs);
      const look = (): void => {
        const found = pattern.exec(this.output);
        if (found) finish(() => resolve(found));
        else if (this.child.exitCode !== null || this.child.signalCode !== null) fail();
      };
      this.onOutput.add(look);
      look();
    });
  }
}

/** The process itself, everything below it, and the PostgreSQL of its folder with its workers. */
export async function familyOf(pid: number, folder: string): Promise<number[]> {
  const postmaster = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const family = new Set([pid, Number(postmaster.split('\n')[0])].filter((known) => known > 1));
  const processes = await livingProcesses();
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { id, parent } of processes) if (family.has(parent)) family.add(id);
  }
  return [...family].filter((id) => processes.some((process) => process.id === id));
}

/** Zombies do not live: where the test's machine has no init that reaps, they would stay. */
export async function livingProcesses(): Promise<{ id: number; parent: number; command: string }[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,stat=,args=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map(([id, parent, , ...words]) => ({
      id: Number(id),
      parent: Number(parent),
      command: words.join(' '),
    }));
}
