import type { Channel } from '@app/contracts';
import type { TidingsClient } from '../demonstration/tidings-client';
import type { FreshAlert, NewsSource } from './feed';
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
  alertId: string | null;
  kind: string;
  channel: Channel;
  state: string;
}

const PAGE = 50;
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

  async channelsOf(alertIds: readonly string[]): Promise<Map<string, Channel[]>> {
    const wanted = new Set(alertIds);
    const found = new Map<string, Channel[]>();
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { items, nextCursor }: Page<DeliveryView> = await this.page('/v1/deliveries', cursor);
      for (const { alertId, kind, channel, state } of items) {
        if (alertId === null || kind !== 'alertFired' || state !== 'accepted' || !wanted.has(alertId))
          continue;
        found.set(alertId, [...(found.get(alertId) ?? []), channel]);
      }
      cursor = nextCursor;
      if (cursor === null || found.size === wanted.size) break;
    }
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
