/** The CloudEvents type of a metric event. */
export const CLOUD_EVENT_TYPE = 'dev.tidings.metric-event';

/** An event that cannot be read as one; carries why, to where refusals are counted. */
export class NotAnEvent {
  constructor(
    readonly original: unknown,
    readonly detail: string,
  ) {}
}

/**
 * A metric event out of a CloudEvents 1.0 envelope: `id`, `source`, `subject` and `time` are the envelope's,
 * `metric`, `value` and `attributes` stand in its data.
 */
export function fromCloudEvent(envelope: unknown): unknown {
  if (!isObject(envelope)) return new NotAnEvent(envelope, 'a CloudEvent is a JSON object');
  const { specversion, type, id, source, subject, time, datacontenttype, data } = envelope;
  if (specversion !== '1.0') return new NotAnEvent(envelope, 'specversion must be "1.0"');
  if (type !== CLOUD_EVENT_TYPE) return new NotAnEvent(envelope, `type must be "${CLOUD_EVENT_TYPE}"`);
  if (datacontenttype !== undefined && !isJsonType(datacontenttype)) {
    return new NotAnEvent(envelope, 'datacontenttype must be application/json');
  }
  if (!isObject(data)) return new NotAnEvent(envelope, 'data must be an object with metric and value');
  const { metric, value, attributes } = data;
  return { id, source, metric, subject, value, time, ...(attributes === undefined ? {} : { attributes }) };
}

function isObject(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function isJsonType(type: unknown): boolean {
  return typeof type === 'string' && /^application\/(json|[\w.-]+\+json)\b/i.test(type);
}
