import { invalid, Problem } from '../http/problem';
import { fromCloudEvent } from './cloud-event';

export const MAX_EVENTS = 1_000;
/** Kept of a body that is no JSON; enough to recognise its sender's mistake. */
const KEPT_OF_BODY = 16 * 1024;

/** What a request holds, before any event of it is looked at. */
export type EventsInRequest =
  | { kind: 'events'; events: unknown[]; isBatch: boolean }
  /** The sender's mistake is worth a dead letter. */
  | { kind: 'notJson'; payload: string };

/**
 * Reads the body of an ingest request: one event, `{events: […]}`, or CloudEvents 1.0 structured or batched.
 * @throws Problem for what is not meant for this address at all
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function readEventsRequest(contentType: string | undefined, body: Buffer): EventsInRequest {
  const type = mediaType(contentType);
  if (!TYPES.has(type)) throw UNSUPPORTED;
  const json = parse(body);
  if (json === undefined)
    return { kind: 'notJson', payload: body.subarray(0, KEPT_OF_BODY).toString('utf8') };
  if (type === CLOUD_BATCH) return batch(json, 'a JSON array of CloudEvents', fromCloudEvent);
  if (type === CLOUD_EVENT) return { kind: 'events', events: [fromCloudEvent(json)], isBatch: false };
  if (json !== null && typeof json === 'object' && 'events' in json) {
    return batch(json.events, '"events" as a list', (event) => event);
  }
  return { kind: 'events', events: [json], isBatch: false };
}

const CLOUD_EVENT = 'application/cloudevents+json';
const CLOUD_BATCH = 'application/cloudevents-batch+json';
const TYPES = new Set([
  'application/json',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
]);

const UNSUPPORTED = new Problem({
  status: 415,
  slug: 'unsupported-media-type',
  title: 'Unsupported media type',
  detail: `Send one of ${[...TYPES].join(', ')}.`,
});

function batch(list: unknown, wouldBeRight: string, toEvent: (item: unknown) => unknown): EventsInRequest {
  if (!Array.isArray(list)) throw invalid([{ field: 'events', problem: 'is not a list', wouldBeRight }]);
  if (list.length === 0 || list.length > MAX_EVENTS) {
    const problem = `holds ${list.length} events`;
    throw invalid([{ field: 'events', problem, wouldBeRight: `1 to ${MAX_EVENTS} events` }]);
  }
  return { kind: 'events', events: list.map(toEvent), isBatch: true };
}

function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Undefined if it is not UTF-8 JSON; JSON itself has no undefined. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
