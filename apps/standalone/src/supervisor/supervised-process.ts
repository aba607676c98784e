import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { lastWords } from './last-words';
import { openLog } from './log-file';

export interface ProcessPlan {
  name: string;
  script: string;
  env: Record<string, string>;
  /** Answers 200 once the process can do its work. */
  readyUrl: string;
  logFile: string;
  /** Where a person hears of crashes and restarts. */
  say: (line: string) => void;
}

/** The process ended or stayed unready; `lastLines` is what it said last. */
export class StartFailure extends Error {
  constructor(
    message: string,
    readonly lastLines: string[],
    readonly logFile: string,
  ) {
    super(message);
  }
}

const READY_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 100;
const STOP_WITHIN_MS = 12_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A process that ran this long has recovered: its next crash starts with the shortest pause again. */
const STEADY_AFTER_MS = 60_000;
/** Limits for V8, MB, with which all processes and PostgreSQL stay well under 1 GB together. */
const HEAP = ['--max-old-space-size=160', '--max-semi-space-size=2'];

/**
 * Keeps one program running. It gets a session of its own, so that a ctrl-C in the terminal reaches the
 * supervisor alone, which ends things in order; and a channel whose loss tells it that the supervisor died.
 */
export class SupervisedProcess {
  private child: ChildProcess | undefined;
  private ended: Promise<string> = Promise.resolve('never started');
  private stopping: Promise<void> | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private readonly stopped = new AbortController();

  constructor(private readonly plan: ProcessPlan) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Resolves once the program is ready; from then on it is restarted whenever it ends by itself.
   * @throws StartFailure
   */
  async start(): Promise<void> {
    const logFrom = await this.launch();
    try {
      await this.becomeReady();
    } catch (error) {
      const lines = await lastWords(this.plan.logFile, logFrom);
      await this.stop();
      throw new StartFailure((error as Error).message, lines, this.plan.logFile);
    }
    void this.keepRunning();
  }

  /** Asks it to end and waits; after 12 s it is ended by force. May be called again. */
  stop(): Promise<void> {
    this.stopping ??= this.askToEnd();
    return this.stopping;
  }

  kill(): void {
    void this.stop();
    this.child?.kill('SIGKILL');
  }

  private async askToEnd(): Promise<void> {
    this.stopped.abort();
    this.child?.kill('SIGTERM');
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), STOP_WITHIN_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private async launch(): Promise<number> {
    const { handle, size } = await openLog(this.plan.logFile);
    try {
      const child = spawn(process.execPath, [...HEAP, this.plan.script], {
        env: this.plan.env,
        detached: true,
        stdio: ['ignore', handle.fd, handle.fd, 'ipc'],
      });
      this.child = child;
      this.ended = new Promise((resolve) => {
        child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
        child.once('error', (error) => resolve(error.message));
      });
    } finally {
      await handle.close();
    }
    return size;
  }

  private async becomeReady(): Promise<void> {
    const until = Date.now() + READY_WITHIN_MS;
    let end: string | undefined;
    void this.ended.then((how) => (end = how));
    while (Date.now() < until) {
      if (await this.isReady()) return;
      await delay(ASK_EVERY_MS);
      if (end !== undefined) throw new Error(`${this.plan.name} ended while starting (${end})`);
    }
    throw new Error(`${this.plan.name} was not ready after ${READY_WITHIN_MS / 1000} s`);
  }

  private async isReady(): Promise<boolean> {
    return fetch(this.plan.readyUrl, { signal: AbortSignal.timeout(2000) }).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  private async keepRunning(): Promise<void> {
    while (!this.stopping) {
      const startedAt = Date.now();
      const how = await this.ended;
      if (this.stopping) return;
      if (Date.now() - startedAt > STEADY_AFTER_MS) this.pauseMs = FIRST_PAUSE_MS;
      this.plan.say(
        `${this.plan.name} ended by itself (${how}); it starts again in ${this.pauseMs / 1000} s`,
      );
      await delay(this.pauseMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
      if (!this.stopping) await this.relaunch();
    }
  }

  private async relaunch(): Promise<void> {
    await this.launch();
    await this.becomeReady().then(
      () => this.plan.say(`${this.plan.name} is back`),
      () => undefined, // it ended again, which the loop sees, or it is slow, which its readiness page tells
    );
  }
}
