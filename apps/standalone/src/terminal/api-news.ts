import type { Channel } from '@app/contracts';
import type { TidingsClient } from '../demonstration/tidings-client';
import type { FreshAlert, Messages, NewsSource } from './feed';
import type { Counts } from './lines';

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

interface AlertView {
  alertId: string;
  customerId: string;
  metricTitle: string;
  subject: string;
  condition: string;
  openedAt: string;
  openedValue: string;
}

interface DeliveryView {
  kind: string;
  channel: Channel;
  state: string;
}

const PAGE = 50;
const UNDER_WAY = new Set(['pending', 'sending', 'retry']);
/** Pages of news read in one look; what is beyond is counted in the status line only. */
const MOST_PAGES = 4;

/** Reads the news through the API, as any client would: lists come newest first. */
export class ApiNews implements NewsSource {
  private readonly seen = new Set<string>();
  private hasLooked = false;
  private readonly names = new Map<string, Promise<string>>();

  constructor(private readonly client: TidingsClient) {}

  /** Alerts of different partitions may appear a little out of order, so each look goes over a whole page again. */
  async newAlerts(): Promise<FreshAlert[]> {
    const isFirstLook = !this.hasLooked;
    const fresh: AlertView[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < (isFirstLook ? 1 : MOST_PAGES); page += 1) {
      const { items, nextCursor }: Page<AlertView> = await this.page('/v1/alerts', cursor);
      const oldest = items.at(-1);
      const reachesKnown = !oldest || this.seen.has(oldest.alertId);
      fresh.push(...items.filter(({ alertId }) => !this.seen.has(alertId)));
      cursor = nextCursor;
      if (reachesKnown || cursor === null) break;
    }
    this.hasLooked = true;
    this.remember(fresh);
    return isFirstLook ? [] : Promise.all(fresh.reverse().map((alert) => this.inWords(alert)));
  }

  async messagesOf(alertIds: readonly string[]): Promise<Map<string, Messages>> {
    const found = new Map<string, Messages>();
    await Promise.all(
      alertIds.slice(0, PAGE).map(async (alertId) => {
        const { items } = await this.client.get<Page<DeliveryView>>(`/v1/deliveries?alertId=${alertId}`);
        const firing = items.filter(({ kind }) => kind === 'alertFired');
        if (firing.length === 0) return;
        found.set(alertId, {
          accepted: firing.filter(({ state }) => state === 'accepted').map(({ channel }) => channel),
          underWay: firing.filter(({ state }) => UNDER_WAY.has(state)).length,
        });
      }),
    );
    return found;
  }

  async counts(): Promise<Omit<Counts, 'eventsPerSecond'>> {
    return this.client.get<Omit<Counts, 'eventsPerSecond'>>('/v1/summary');
  }

  private remember(alerts: readonly AlertView[]): void {
    for (const { alertId } of [...alerts].reverse()) this.seen.add(alertId);
    for (const oldest of this.seen) {
      if (this.seen.size <= MOST_PAGES * PAGE * 2) break;
      this.seen.delete(oldest);
    }
  }

  private async inWords({ customerId, openedAt, openedValue, ...alert }: AlertView): Promise<FreshAlert> {
    const customerName = await this.nameOf(customerId);
    return { ...alert, at: Date.parse(openedAt), customerName, value: openedValue };
  }

  private nameOf(customerId: string): Promise<string> {
    const known = this.names.get(customerId);
    if (known) return known;
    const asked = this.client.get<{ name: string }>(`/v1/customers/${encodeURIComponent(customerId)}`).then(
      ({ name }) => name,
      () => customerId, // erased meanwhile
    );
    this.names.set(customerId, asked);
    return asked;
  }

  private page<Item>(path: string, cursor: string | null): Promise<Page<Item>> {
    const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    return this.client.get<Page<Item>>(`${path}?limit=${PAGE}${from}`);
  }
}
