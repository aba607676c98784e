import { setTimeout as delay } from 'node:timers/promises';
import type { MetricEventOnTheWire } from '@app/contracts';
import { CAST } from './cast';
import { customerToken } from './customer-token';
import { ProgressFile } from './progress';
import { replay } from './replay';
import { sendServiceAlert } from './service-alert';
import { setUp, type Clients } from './set-up';
import { readStreams } from './streams/read-streams';
import { TidingsClient } from './tidings-client';
import { layOut, type Beat } from './timeline';

export interface DemonstrationPlan {
  apiUrl: string;
  databaseUrl: string;
  folder: string;
  systemKey: string;
  adminKey: string;
  jwtSecret: string;
  speed: number;
  signal: AbortSignal;
  /** One line for a person. */
  say: (line: string) => void;
}

/** What the API promises of a new rule: before that, the first measurements might pass it by. */
const RULES_TAKE_EFFECT_MS = 1_000;

/** Real data, played through the same doors that a host organisation uses. Nothing here knows the inside. */
export class Demonstration {
  private phase: 'settingUp' | 'playing' | 'finished' = 'settingUp';
  private share = 0;

  constructor(private readonly plan: DemonstrationPlan) {}

  /** What is going on, in a few words; empty when it is over. */
  doing(): string {
    switch (this.phase) {
      case 'settingUp':
        return 'registering the demonstration’s people';
      case 'playing':
        return `demonstration ${Math.floor(this.share * 100)} %`;
      case 'finished':
        return '';
      default:
        return this.phase satisfies never;
    }
  }

  /** Resolves at the end of the data; goes on where an earlier run stopped. Rejects with AbortError if stopped. */
  async run(): Promise<void> {
    const { folder, databaseUrl, say } = this.plan;
    const [streams, progress] = await Promise.all([readStreams(), ProgressFile.open(folder, databaseUrl)]);
    const timeline = layOut(streams);
    const clients = this.clients();
    if (!progress.now.isSetUp) {
      await setUp(CAST, clients);
      await delay(RULES_TAKE_EFFECT_MS, undefined, { signal: this.plan.signal });
      await progress.record({ isSetUp: true });
    }
    this.phase = 'playing';
    if (progress.now.played > 0 && progress.now.played < timeline.length) {
      say('The demonstration goes on where it stopped.');
    }
    await this.play(timeline, progress, clients).finally(() => (this.phase = 'finished'));
  }

  private async play(timeline: Beat[], progress: ProgressFile, clients: Clients): Promise<void> {
    const newsAfter = timeline.findIndex(({ event }) => event.wire.id === CAST.serviceAlert.afterEvent);
    const played = async (upTo: number): Promise<void> => {
      await progress.record({ played: upTo });
      this.share = upTo / timeline.length;
      if (upTo > newsAfter) await this.tellNews(clients.admin, progress);
    };
    await played(progress.now.played);
    await replay({
      timeline,
      from: progress.now.played,
      speed: this.plan.speed,
      signal: this.plan.signal,
      publish: (events) => this.publish(clients.system, events),
      played,
    });
  }

  private async publish(system: TidingsClient, events: MetricEventOnTheWire[]): Promise<void> {
    const answer = await system.call<{ refused: { reason: string; detail: string }[] }>({
      method: 'POST',
      path: '/v1/events',
      body: { events },
    });
    const refused = answer.body.refused[0];
    if (refused) this.plan.say(`An event of the demonstration was refused: ${refused.detail}`);
  }

  private async tellNews(admin: TidingsClient, progress: ProgressFile): Promise<void> {
    const people = await sendServiceAlert(admin, CAST.serviceAlert, progress);
    if (people === null) return;
    const { title } = CAST.serviceAlert.draft;
    this.plan.say(`The airline tells ${people} people who hold or follow the flight: “${title}”`);
  }

  private clients(): Clients {
    const { apiUrl, systemKey, adminKey, jwtSecret, signal } = this.plan;
    return {
      system: new TidingsClient(apiUrl, systemKey, signal),
      admin: new TidingsClient(apiUrl, adminKey, signal),
      customer: async (id) => new TidingsClient(apiUrl, await customerToken(id, jwtSecret), signal),
    };
  }
}
