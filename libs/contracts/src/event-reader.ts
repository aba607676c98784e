import type { Metric } from './metric';
import { MAX_EVENT_BYTES, MAX_FUTURE_MS, MAX_NAME } from './parse-event';
import { quickTime } from './read-time';
import { quickScaled } from './scaled-value';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN = 123;
const CLOSE = 125;

const BACKSLASH = 92;

const ID = 0;
const SOURCE = 1;
const METRIC = 2;
const SUBJECT = 3;
const VALUE = 4;
const TIME = 5;
const NAMES = ['id', 'source', 'metric', 'subject', 'value', 'time'];
const ALL = (1 << NAMES.length) - 1;
/** Each name with its closing quote. */
const KEYS = NAMES.map((name) => Buffer.from(`${name}"`));
/** No two names begin with the same two letters. */
const FIELD_OF = new Int8Array(256 * 256).fill(-1);
KEYS.forEach((key, field) => (FIELD_OF[key[0]! * 256 + key[1]!] = field));

/** What an event is read with. */
export interface EventSurroundings {
  /** The catalogue; a changed one is another map. */
  metrics: ReadonlyMap<string, Metric>;
  /** Receiver's clock, epoch ms. */
  now: number;
}

/**
 * Reads events from their bytes: no text, no object and no parse tree for each, which together cost three times as
 * much as reading. It knows one shape, which nearly every publisher writes: a flat object of the six fields, each
 * once, in any order, ASCII without escapes, no exponent. Whatever else there is, `parseEvent` decides.
 *
 * What was read is told until the next call; of id and source a text is made only for who asks.
 */
export class EventReader {
  metric!: Metric;
  /** Scaled by the metric's decimals. */
  value = 0;
  /** Epoch ms. */
  at = 0;
  private readonly from = new Int32Array(NAMES.length);
  private readonly to = new Int32Array(NAMES.length);
  private isText = false;
  private catalogue: ReadonlyMap<string, Metric> | undefined;
  private metricBytes = Buffer.alloc(0);
  private bytes: Buffer = Buffer.alloc(0);

  get id(): string {
    return this.textOf(ID);
  }

  get source(): string {
    return this.textOf(SOURCE);
  }

  get subjectFrom(): number {
    return this.from[SUBJECT]!;
  }

  get subjectTo(): number {
    return this.to[SUBJECT]!;
  }

  private textOf(field: number): string {
    return this.bytes.toString('latin1', this.from[field], this.to[field]);
  }

  /**
   * @param from where in the bytes the event begins, and `to` where it has ended
   * @returns true if `parseEvent` would take the same event from these bytes; false means only that it has to decide
   */
  read(bytes: Buffer, from: number, to: number, { metrics, now }: EventSurroundings): boolean {
    this.bytes = bytes;
    if (to - from > MAX_EVENT_BYTES || !this.findFields(bytes, from, to) || !this.hasNames()) return false;
    if (!this.findMetric(bytes, metrics)) return false;
    this.at = quickTime(bytes, this.from[TIME]!, this.to[TIME]!);
    if (!(this.at <= now + MAX_FUTURE_MS)) return false;
    const start = this.from[VALUE]!;
    this.value = quickScaled(bytes, start, this.to[VALUE]!, this.metric.scale);
    return !Number.isNaN(this.value) && (this.isText || isJsonNumber(bytes, start));
  }

  private findFields(bytes: Buffer, from: number, to: number): boolean {
    let at = afterSpace(bytes, from, to);
    if (bytes[at] !== OPEN) return false;
    let seen = 0;
    do {
      at = afterSpace(bytes, at + 1, to);
      const field = fieldAt(bytes, at);
      if (field < 0 || (seen & (1 << field)) !== 0) return false;
      seen |= 1 << field;
      at = afterSpace(bytes, at + 1 + KEYS[field]!.length, to);
      if (bytes[at] !== COLON) return false;
      at = this.findValue(field, bytes, afterSpace(bytes, at + 1, to), to);
      if (at < 0) return false;
      at = afterSpace(bytes, at, to);
    } while (bytes[at] === COMMA);
    // A step beyond the end is noticed here: positions only grow.
    return bytes[at] === CLOSE && seen === ALL && afterSpace(bytes, at + 1, to) === to;
  }

  /** @returns where the value ends, or -1 */
  private findValue(field: number, bytes: Buffer, at: number, end: number): number {
    const isText = bytes[at] === QUOTE;
    if (field === VALUE) this.isText = isText;
    else if (!isText) return -1;
    const from = isText ? at + 1 : at;
    const to = isText ? endOfText(bytes, from, end) : endOfNumber(bytes, from, end);
    this.from[field] = from;
    this.to[field] = to;
    return isText && to >= 0 ? to + 1 : to;
  }

  private hasNames(): boolean {
    for (let field = ID; field <= SUBJECT; field += 1) {
      const length = this.to[field]! - this.from[field]!;
      if (length === 0 || length > MAX_NAME) return false;
    }
    return true;
  }

  /** Most events name the metric of the one before. */
  private findMetric(bytes: Buffer, metrics: ReadonlyMap<string, Metric>): boolean {
    const from = this.from[METRIC]!;
    const to = this.to[METRIC]!;
    if (metrics === this.catalogue && isSame(bytes, from, to, this.metricBytes)) return true;
    const metric = metrics.get(bytes.toString('latin1', from, to));
    if (!metric) return false;
    this.catalogue = metrics;
    this.metric = metric;
    this.metricBytes = Buffer.from(metric.name);
    return true;
  }
}

/** Past the end there is no space, nor anything else that is looked for. */
function afterSpace(bytes: Buffer, at: number, end: number): number {
  let next = at;
  while (next < end && bytes[next]! <= 32 && isSpace(bytes[next]!)) next += 1;
  return next;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** @returns where the closing quote stands, or -1 where anything but plain ASCII comes before it */
function endOfText(bytes: Buffer, from: number, end: number): number {
  // Below zero once a control or a byte beyond ASCII was among them: cheaper than to ask each byte.
  let strange = 0;
  for (let at = from; at < end; at += 1) {
    const code = bytes[at]!;
    if (code === QUOTE) return strange < 0 ? -1 : at;
    if (code === BACKSLASH) return -1;
    strange |= (code - 32) | (code << 24);
  }
  return -1;
}

function endOfNumber(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at]! <= 57 && bytes[at]! >= 45 && bytes[at] !== 47) at += 1;
  return at;
}

/** @returns the field whose quoted name begins here, or -1 */
function fieldAt(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE) return -1;
  const field = FIELD_OF[bytes[at + 1]! * 256 + bytes[at + 2]!] ?? -1;
  return field >= 0 && isSame(bytes, at + 1, at + 1 + KEYS[field]!.length, KEYS[field]!) ? field : -1;
}

function isSame(bytes: Buffer, from: number, to: number, other: Buffer): boolean {
  if (to - from !== other.length) return false;
  for (let i = 0; i < other.length; i += 1) if (bytes[from + i] !== other[i]) return false;
  return true;
}

/** Of a plain decimal, JSON refuses only a zero before other digits. */
function isJsonNumber(bytes: Buffer, from: number): boolean {
  const first = bytes[from] === 45 ? from + 1 : from;
  const next = bytes[first + 1]!;
  return bytes[first] !== 48 || !(next >= 48 && next <= 57);
}
