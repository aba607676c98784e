import type { Metric } from './metric';
import type { MetricEvent } from './metric-event';
import type { Refused } from './refusal';
import { readTime } from './read-time';
import { toScaled } from './scaled-value';

/** Bytes; larger events are refused before they are parsed. */
export const MAX_EVENT_BYTES = 64 * 1024;
/** How far ahead of the receiver's clock an event may be dated. */
export const MAX_FUTURE_MS = 5 * 60_000;

/** Longest id, source, metric and subject, in UTF-16 units. */
export const MAX_NAME = 200;

type Parsed = { ok: true; event: MetricEvent; metric: Metric } | Refused;

/**
 * Reads one event from the log. Never throws: what is not an event is a value with a reason.
 *
 * A plain guard instead of a schema validator, since every event passes here: it costs about as much again
 * as `JSON.parse` alone (see `npm run bench -- road`).
 * @param now receiver's clock, epoch ms
 */
export function parseEvent(text: string, metrics: ReadonlyMap<string, Metric>, now: number): Parsed {
  if (isTooLarge(text)) return refuse('tooLarge', `an event may have ${MAX_EVENT_BYTES} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('notJson', 'the payload is not JSON');
  }
  return readEvent(json, metrics, now, text.includes('\\u'));
}

/** UTF-8 takes one to three bytes for each UTF-16 unit, so nearly every event is judged by its length alone. */
function isTooLarge(text: string): boolean {
  return text.length > MAX_EVENT_BYTES / 3 && Buffer.byteLength(text) > MAX_EVENT_BYTES;
}

/**
 * The same for an event that is already an object, as the HTTP ingest has it.
 * @param mayBeBroken false where no text can hold NUL or half a surrogate pair, since JSON writes those as escapes only
 */
export function readEvent(
  json: unknown,
  metrics: ReadonlyMap<string, Metric>,
  now: number,
  mayBeBroken = true,
): Parsed {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refuse('notAnEvent', 'an event is a JSON object');
  }
  const { id, source, metric: name, subject, value, time } = json as Record<string, unknown>;
  if (!isName(id, mayBeBroken)) return missing('id');
  if (!isName(source, mayBeBroken)) return missing('source');
  if (!isName(name, mayBeBroken)) return missing('metric');
  if (!isName(subject, mayBeBroken)) return missing('subject');
  return readMeasurement({ id, source, metric: name, subject }, { value, time }, metrics, now);
}

/** What Postgres cannot keep as text, or would keep as something else. */
function isBroken(name: string): boolean {
  return name.includes('\u0000') || !name.isWellFormed();
}

type Named = Pick<MetricEvent, 'id' | 'source' | 'metric' | 'subject'>;

function readMeasurement(
  named: Named,
  { value, time }: { value: unknown; time: unknown },
  metrics: ReadonlyMap<string, Metric>,
  now: number,
): Parsed {
  const at = readTime(time);
  if (Number.isNaN(at)) return refuse('notAnEvent', 'time must be RFC 3339 with a zone');
  const metric = metrics.get(named.metric);
  if (!metric) return refuse('unknownMetric', 'no metric is defined under this name');
  if (at > now + MAX_FUTURE_MS) return refuse('timeInFuture', 'time is more than 5 minutes ahead');
  const scaled = toScaled(value, metric.scale);
  if (!scaled.ok) return scaled;
  const { id, source, subject } = named;
  return { ok: true, metric, event: { id, source, metric: metric.name, subject, value: scaled.value, at } };
}

function isName(input: unknown, mayBeBroken: boolean): input is string {
  if (typeof input !== 'string' || input.length === 0 || input.length > MAX_NAME) return false;
  return !mayBeBroken || !isBroken(input);
}

function missing(field: string): Refused {
  return refuse('notAnEvent', `${field} must be a text of 1 to ${MAX_NAME} characters`);
}

function refuse(reason: Refused['reason'], detail: string): Refused {
  return { ok: false, reason, detail };
}
