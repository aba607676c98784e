import type { Channel } from '@app/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import type { AlertNews, Counts } from './lines';
import { alertLine, statusLine } from './lines';
import type { Screen } from './screen';

/** Where the feed gets its news; see `api-news.ts`. */
export interface NewsSource {
  /** Alerts opened since the last call, oldest first; the first call gives none. */
  newAlerts(): Promise<FreshAlert[]>;
  /** How far the messages about each alert's firing are; nothing for an alert that has none yet. */
  messagesOf(alertIds: readonly string[]): Promise<Map<string, Messages>>;
  counts(): Promise<Omit<Counts, 'eventsPerSecond'>>;
}

export interface Messages {
  /** Where they were handed over. */
  accepted: Channel[];
  /** How many are still on their way. */
  underWay: number;
}

export type FreshAlert = Omit<AlertNews, 'channels'> & { alertId: string };

const EVERY_MS = 1_000;
/** How many looks an alert's line waits for its messages to be handed over. */
const PATIENCE = 3;

interface Waiting {
  alert: FreshAlert;
  looks: number;
}

/** The living part of the terminal: a line for each alert, and the counts below. */
export class Feed {
  private waiting: Waiting[] = [];
  private last: { at: number; events: number } | null = null;

  constructor(
    private readonly source: NewsSource,
    private readonly screen: Screen,
    private readonly doing: () => string,
  ) {}

  /** Sees what there is already, which is no news. */
  async begin(): Promise<void> {
    await this.source.newAlerts();
  }

  /** Runs until stopped; a source that does not answer is asked again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look().catch(() => undefined);
      await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async look(): Promise<void> {
    const fresh = await this.source.newAlerts();
    this.waiting.push(...fresh.map((alert) => ({ alert, looks: 0 })));
    await this.tellAlerts();
    const counts = await this.source.counts();
    this.screen.showStatus(
      statusLine({ ...counts, eventsPerSecond: this.rate(counts.events) }, this.doing()),
    );
  }

  /** In their order: one that waits for its messages holds up those after it, though never for long. */
  private async tellAlerts(): Promise<void> {
    if (this.waiting.length === 0) return;
    const messages = await this.source.messagesOf(this.waiting.map(({ alert }) => alert.alertId));
    while (this.waiting[0]) {
      const { alert, looks } = this.waiting[0];
      const { accepted, underWay } = messages.get(alert.alertId) ?? { accepted: [], underWay: 1 };
      if (underWay > 0 && looks < PATIENCE) break;
      this.screen.row(alertLine({ ...alert, channels: accepted }, Date.now()));
      this.waiting.shift();
    }
    for (const one of this.waiting) one.looks += 1;
  }

  private rate(events: number): number {
    const now = performance.now();
    const before = this.last;
    this.last = { at: now, events };
    return before && now > before.at ? ((events - before.events) * 1000) / (now - before.at) : 0;
  }
}
