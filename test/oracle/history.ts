import type { MetricKind } from '@app/contracts';

/** What the oracle has to know of a metric of the catalogue. */
export interface OracleMetric {
  kind: MetricKind;
  /** A counter whose first event counts from zero. */
  startsAtZero: boolean;
  /** How much older than the series' latest event one may be and still enter windows. */
  allowedLatenessMs: number;
}

/** One record of the log: an event, and when the log took it. */
export interface OracleRecord {
  source: string;
  id: string;
  metric: string;
  subject: string;
  value: number;
  at: number;
  appendedAt: number;
}

/** An event that has been taken. */
export interface Seen {
  /** Counts what the series has taken: order of arrival. */
  order: number;
  value: number;
  at: number;
  /** The log clock when it was taken. */
  clockAt: number;
  /** It became the latest value; false for one that came late and only entered windows. */
  moved: boolean;
}

/** `repeated`: taken before; `tooLate`: older than windows allow; the others were taken. */
export type Taken = 'moved' | 'late' | 'tooLate' | 'repeated';

/** How the events of one series are taken: section 2 (T2, T6). */
export class History {
  /** In order of arrival. */
  events: Seen[] = [];
  /** The largest time; of equal times the last to arrive. Null before the first event. */
  last: Seen | null = null;
  /** (source, id) of what was taken while a window looked on; kept for good, which is more than an engine needs. */
  private readonly ids = new Set<string>();
  /** Measures other than the latest value, each with how many rules ask for it and what it saw first. */
  readonly watches = new Map<string, { rules: number; fromOrder: number; start: number | null }>();
  private taken = 0;

  constructor(
    readonly metric: OracleMetric,
    private readonly reachMs = Number.POSITIVE_INFINITY,
  ) {}

  /**
   * An event dated before the latest never moves it, and enters windows only within the allowed lateness. One that is
   * not newer and whose (source, id) was seen is a repetition. Ids are known only to a series with windows: without them,
   * the same value at the same time is one.
   */
  classify(record: OracleRecord): Taken {
    const { last } = this;
    if (!last || record.at > last.at) return 'moved';
    if (this.watches.size > 0 && this.ids.has(idOf(record))) return 'repeated';
    if (record.at === last.at)
      return this.watches.size === 0 && record.value === last.value ? 'repeated' : 'moved';
    return record.at >= last.at - this.metric.allowedLatenessMs ? 'late' : 'tooLate';
  }

  /** @param how from `classify`; only for what moves or comes late */
  add(record: OracleRecord, clockAt: number, how: 'moved' | 'late'): void {
    const moved = how === 'moved';
    const { value, at } = record;
    const event: Seen = { order: (this.taken += 1), value, at, clockAt, moved };
    if (this.watches.size > 0) this.ids.add(idOf(record));
    for (const watch of this.watches.values()) {
      // What comes late before the first event that moves the series was there before the measure began.
      if (moved) watch.start ??= at;
      else if (watch.start === null) watch.fromOrder = this.taken + 1;
    }
    if (moved) this.last = event;
    this.events.push(event);
    this.forget();
  }

  /** A measure begins with the first event that moves the series after its first rule was armed, and ends with its last rule. */
  watch(key: string): void {
    const watch = this.watches.get(key);
    if (watch) watch.rules += 1;
    else this.watches.set(key, { rules: 1, fromOrder: this.taken + 1, start: null });
  }

  unwatch(key: string): void {
    const watch = this.watches.get(key);
    if (watch && (watch.rules -= 1) === 0) this.watches.delete(key);
    if (this.watches.size === 0) this.ids.clear();
  }

  /** The events that a measure has seen, in order of arrival, and the time of the first one. */
  seenBy(key: string): { events: Seen[]; start: number | null } {
    const watch = this.watches.get(key);
    if (!watch) return { events: [], start: null };
    return { events: this.events.filter((event) => event.order >= watch.fromOrder), start: watch.start };
  }

  /** Only so that ten million events fit: what lies further back than anybody looks, but for the newest of it. */
  private forget(): void {
    const horizon = (this.last?.at ?? 0) - this.reachMs;
    const oldest = this.events[0];
    if (!oldest || oldest.at >= horizon - this.reachMs) return;
    const newestOfOld = latest(this.events.filter((event) => event.at < horizon));
    this.events = this.events.filter((event) => event.at >= horizon || event === newestOfOld);
  }
}

/** The largest time; of equal times the last to arrive. */
export function latest(events: readonly Seen[]): Seen | null {
  return events.reduce<Seen | null>((best, event) => (best && best.at > event.at ? best : event), null);
}

function idOf({ source, id }: OracleRecord): string {
  return JSON.stringify([source, id]);
}
