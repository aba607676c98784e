import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@app/persistence';
import type { StandaloneConfig } from '../standalone.config';
import type { Program } from './built-programs';
import { freePort } from './free-port';
import { guardPostgres, watchPostgres } from './postgres-guard';
import type { Secrets } from './secrets';
import { SupervisedProcess } from './supervised-process';

export interface SystemPlan {
  config: StandaloneConfig;
  /** Already known to be free. */
  port: number;
  programs: Record<Program, string>;
  secrets: Secrets;
  /** What the children inherit of the environment. */
  inherited: Record<string, string>;
  say: (line: string) => void;
  /** Given up while starting. */
  signal: AbortSignal;
}

const RESTART_PAUSE_MS = 1_000;

/** PostgreSQL, the API and the dispatcher, running. */
export class RunningSystem {
  private readonly undo: (() => Promise<void>)[] = [];
  private readonly processes: SupervisedProcess[] = [];
  private stopping = false;
  private repair: Promise<void> = Promise.resolve();
  private leavePostgres: () => void = () => undefined;

  apiUrl = '';
  dispatcherUrl = '';
  databaseUrl = '';

  private constructor(private readonly plan: SystemPlan) {}

  /** @throws StartFailure, or what kept PostgreSQL from starting; what had been started is stopped again */
  static async start(plan: SystemPlan): Promise<RunningSystem> {
    const system = new RunningSystem(plan);
    try {
      await system.startAll();
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** In the opposite order of the start: first the dispatcher drains, PostgreSQL is last. Safe to repeat. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (let step = this.undo.pop(); step; step = this.undo.pop()) await step();
  }

  /** For an impatient person: nobody drains. What was being sent is taken over at the next start. */
  kill(): void {
    for (const child of this.processes) child.kill();
  }

  private async startAll(): Promise<void> {
    const { config, port, signal } = this.plan;
    this.databaseUrl = config.databaseUrl ?? (await this.startPostgres());
    signal.throwIfAborted();
    const dispatcherPort = await freePort(config.dispatcherPort);
    if (dispatcherPort === null) throw new Error(`DISPATCHER_PORT ${config.dispatcherPort} is taken.`);
    this.apiUrl = `http://127.0.0.1:${port}`;
    this.dispatcherUrl = `http://127.0.0.1:${dispatcherPort}`;
    const env = this.environment(dispatcherPort);
    // Both bring the schema up to date as they start; the one that comes second waits for the first.
    const api = this.supervise('api', env, this.apiUrl);
    const dispatcher = this.supervise('dispatcher', env, this.dispatcherUrl);
    signal.addEventListener('abort', () => this.processes.forEach((child) => void child.stop()));
    const started = await Promise.allSettled([api.start(), dispatcher.start()]);
    const failed = started.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async startPostgres(): Promise<string> {
    const { folder } = this.plan.config;
    // A server that the guard is ending just now may be gone between being seen and being stopped: once more.
    const start = (): ReturnType<typeof startEmbeddedPostgres> =>
      startEmbeddedPostgres({ folder, throwaway: false });
    const postgres = await start().catch(start);
    this.undo.push(async () => {
      await this.repair;
      await postgres.stop().finally(() => this.leavePostgres());
    });
    await this.attend(postgres);
    return postgres.url;
  }

  /** From here on PostgreSQL ends with us, and is started again if it ends alone. */
  private async attend(postgres: EmbeddedPostgres): Promise<void> {
    const { folder } = this.plan.config;
    const dismissGuard = await guardPostgres(folder);
    const endWatch = await watchPostgres(folder, () => {
      this.repair = this.bringBack(postgres);
    });
    this.leavePostgres = () => {
      endWatch();
      dismissGuard();
    };
  }

  /** What a killed server leaves behind may keep a new one from starting for a moment. */
  private async bringBack(postgres: EmbeddedPostgres): Promise<void> {
    this.leavePostgres();
    this.plan.say('PostgreSQL ended by itself; it starts again');
    for (let problem: unknown = null; !this.stopping;) {
      try {
        await postgres.restart();
        await this.attend(postgres);
        return this.plan.say('PostgreSQL is back');
      } catch (error) {
        if (!problem) this.plan.say(`PostgreSQL does not start: ${(error as Error).message.trim()}`);
        problem = error;
        await delay(RESTART_PAUSE_MS);
      }
    }
  }

  private environment(dispatcherPort: number): Record<string, string> {
    const { secrets, port, inherited } = this.plan;
    return {
      ...inherited,
      TIDINGS_EMBEDDED: '1',
      // A request is a line at `info`; a desk machine should not fill with them.
      LOG_LEVEL: inherited.LOG_LEVEL ?? 'warn',
      // Each call under way may hold a connection, and each connection costs PostgreSQL a process.
      SEND_CONCURRENCY: inherited.SEND_CONCURRENCY ?? '8',
      DATABASE_POOL_SIZE: inherited.DATABASE_POOL_SIZE ?? '8',
      JWKS_URL: '',
      JWT_ISSUER: '',
      JWT_AUDIENCE: '',
      HOST: '127.0.0.1',
      PORT: String(port),
      DISPATCHER_PORT: String(dispatcherPort),
      DATABASE_URL: this.databaseUrl,
      PUBLIC_URL: inherited.PUBLIC_URL || this.apiUrl,
      LINK_SECRET: secrets.linkSecret,
      JWT_SECRET: secrets.jwtSecret,
      TIDINGS_BOOTSTRAP_KEY_ADMIN: secrets.adminKey,
      TIDINGS_BOOTSTRAP_KEY_SYSTEM: secrets.systemKey,
    };
  }

  private supervise(name: Program, env: Record<string, string>, url: string): SupervisedProcess {
    const child = new SupervisedProcess({
      name,
      script: this.plan.programs[name],
      env,
      readyUrl: `${url}/health/ready`,
      logFile: join(this.plan.config.folder, 'logs', `${name}.log`),
      say: this.plan.say,
    });
    this.processes.push(child);
    this.undo.push(() => child.stop());
    return child;
  }
}
