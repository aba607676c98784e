import { MAX_EVENT_BYTES, readEvent, type RefusalReason } from '@app/contracts';
import type { EventLog } from '@app/event-log';
import type { RefusedEvent, RefusedEventStore } from '@app/persistence';
import { Problem } from '../http/problem';
import type { MetricCatalogue } from '../metrics-catalogue/metric-catalogue';
import type { ApiMetrics } from '../observability/api-metrics';
import { NotAnEvent } from './cloud-event';
import type { IngestAnswer, RefusedEventView } from './event.dto';

/** A dead letter keeps this much of what came. */
const KEPT_OF_PAYLOAD = 16 * 1024;

type Judged =
  | { ok: true; record: { key: string; value: string } }
  | { ok: false; letter: RefusedEvent; view: RefusedEventView };

/** Checks events once, puts the good ones on the road, and sets the others aside with their reason. */
export class Ingest {
  constructor(
    private readonly log: EventLog,
    private readonly catalogue: MetricCatalogue,
    private readonly letters: RefusedEventStore,
    private readonly metrics: ApiMetrics,
  ) {}

  /**
   * Resolves when the log holds every good event; one bad event never keeps another back.
   * @throws Problem 503 if the log does not answer: nothing can be said about the events, and they may be sent again
   */
  async take(events: readonly unknown[], now: number): Promise<IngestAnswer> {
    const catalogue = await this.catalogue.withNames(events.map(metricOf));
    const judged = events.map((event, index) =>
      judge(event, index, (json) => readEvent(json, catalogue, now)),
    );
    const refused = judged.flatMap((one) => (one.ok ? [] : [one]));
    const records = judged.flatMap((one) => (one.ok ? [one.record] : []));
    if (refused.length > 0) await this.setAside(refused.map((one) => one.letter));
    if (records.length > 0) await this.append(records);
    return { accepted: records.length, refused: refused.map((one) => one.view) };
  }

  async setAside(letters: readonly RefusedEvent[]): Promise<void> {
    await this.letters.save(letters);
    for (const { reason } of letters) this.metrics.eventsRefused.inc({ reason });
  }

  private async append(records: { key: string; value: string }[]): Promise<void> {
    try {
      await this.log.append(records);
    } catch (cause) {
      throw logAway(cause);
    }
    this.metrics.eventsAccepted.inc(records.length);
  }
}

function logAway(cause: unknown): Problem {
  const problem = new Problem({
    status: 503,
    slug: 'event-log-away',
    title: 'Not available',
    detail: 'The event log does not answer at the moment: send the events again.',
    headers: { 'Retry-After': '2' },
  });
  return Object.assign(problem, { cause });
}

function judge(event: unknown, index: number, read: (json: unknown) => ReturnType<typeof readEvent>): Judged {
  const original = event instanceof NotAnEvent ? event.original : event;
  const text = toText(original);
  const refuse = (reason: RefusalReason, detail: string): Judged => {
    const letter = { key: subjectOf(original), payload: text.slice(0, KEPT_OF_PAYLOAD), reason, detail };
    return { ok: false, letter, view: { index, id: idOf(original), reason, detail } };
  };
  if (event instanceof NotAnEvent) return refuse('notAnEvent', event.detail);
  if (Buffer.byteLength(text) > MAX_EVENT_BYTES)
    return refuse('tooLarge', `an event may have ${MAX_EVENT_BYTES} bytes`);
  const parsed = read(event);
  if (!parsed.ok) return refuse(parsed.reason, parsed.detail);
  return { ok: true, record: { key: parsed.event.subject, value: text } };
}

/** Deeper nesting than the stack allows cannot be written back, and is no event either. */
function toText(event: unknown): string {
  try {
    return JSON.stringify(event) ?? '';
  } catch {
    return '';
  }
}

function member(event: unknown, name: string): unknown {
  return typeof event === 'object' && event !== null ? (event as Record<string, unknown>)[name] : undefined;
}

const metricOf = (event: unknown): unknown => member(event, 'metric');

function subjectOf(event: unknown): string | null {
  const subject = member(event, 'subject');
  return typeof subject === 'string' ? subject.slice(0, 200) : null;
}

function idOf(event: unknown): string | null {
  const id = member(event, 'id');
  return typeof id === 'string' ? id.slice(0, 200) : null;
}
