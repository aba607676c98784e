import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { EventLog } from '@app/event-log';
import { hasPendingMigrations, type Database } from '@app/persistence';

const ANSWER_WITHIN_MS = 2_000;

export interface ReadinessReport {
  status: 'ready' | 'notReady';
  parts: Record<'process' | 'database' | 'migrations' | 'eventLog', string>;
}

/** Asks every part that a request needs, each for two seconds at most. */
export class Readiness implements BeforeApplicationShutdown {
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  async report(): Promise<ReadinessReport> {
    const [database, migrations, eventLog] = await Promise.all([
      answer(async () => ((await this.database.query('select 1')).length === 1 ? 'ok' : 'does not answer')),
      answer(async () => ((await hasPendingMigrations(this.database)) ? 'pending' : 'ok')),
      answer(async () => ((await this.log.healthy()) ? 'ok' : 'does not answer')),
    ]);
    const parts = { process: this.isStopping ? 'stopping' : 'ok', database, migrations, eventLog };
    const isReady = Object.values(parts).every((part) => part === 'ok');
    return { status: isReady ? 'ready' : 'notReady', parts };
  }

  /** A load balancer should send no new requests while those in flight end. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }
}

async function answer(ask: () => Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('does not answer'), ANSWER_WITHIN_MS);
  });
  return Promise.race([ask().catch(() => 'does not answer'), late]).finally(() => clearTimeout(timer));
}
