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
  metric: string;
  subject: string;
  condition: string;
  openedAt: string;
  openedValue: string;
}

interface DeliveryView {
  alertId: string | null;
  channel: Channel;
  state: string;
}

interface MetricView {
  name: string;
  title: string;
  unit: string;
}

const PAGE = 50;
/** Pages of news read in one look; what is beyond is counted in the status line only. */
const MOST_PAGES = 4;

/** Reads the news through the API, as any client would: lists come newest first. */
export class ApiNews implements NewsSource {
  private newestSeen: string | null = null;
  private hasLooked = false;
  private readonly names = new Map<string, Promise<string>>();
  private readonly metrics = new Map<string, MetricView>();

  constructor(private readonly client: TidingsClient) {}

  async newAlerts(): Promise<FreshAlert[]> {
    const fresh: AlertView[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { items, nextCursor }: Page<AlertView> = await this.page('/v1/alerts', cursor);
      const known = items.findIndex(({ alertId }) => alertId === this.newestSeen);
      fresh.push(...(known < 0 ? items : items.slice(0, known)));
      cursor = nextCursor;
      if (known >= 0 || cursor === null || !this.hasLooked) break;
    }
    const isFirstLook = !this.hasLooked;
    this.hasLooked = true;
    this.newestSeen = fresh[0]?.alertId ?? this.newestSeen;
    return isFirstLook ? [] : Promise.all(fresh.reverse().map((alert) => this.inWords(alert)));
  }

  async channelsOf(alertIds: readonly string[]): Promise<Map<string, Channel[]>> {
    const wanted = new Set(alertIds);
    const found = new Map<string, Channel[]>();
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { items, nextCursor }: Page<DeliveryView> = await this.page('/v1/deliveries', cursor);
      for (const { alertId, channel, state } of items) {
        if (alertId === null || state !== 'accepted' || !wanted.has(alertId)) continue;
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

  private async inWords(alert: AlertView): Promise<FreshAlert> {
    const [metric, customerName] = await Promise.all([
      this.metricOf(alert.metric),
      this.nameOf(alert.customerId),
    ]);
    return {
      alertId: alert.alertId,
      at: Date.parse(alert.openedAt),
      customerName,
      subject: alert.subject,
      metricTitle: metric.title,
      condition: alert.condition,
      value: alert.openedValue,
      unit: metric.unit,
    };
  }

  private async metricOf(name: string): Promise<MetricView> {
    const known = this.metrics.get(name);
    if (known) return known;
    const metric = await this.client.get<MetricView>(`/v1/metrics/${encodeURIComponent(name)}`);
    this.metrics.set(name, metric);
    return metric;
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
