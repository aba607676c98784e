import type { LogRecord } from '../event-log';

const LENGTH_AT = 8;
/** What counts into the length begins here. */
const AFTER_LENGTH = 12;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const FIRST_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const COUNT_AT = 57;
const RECORDS_AT = 61;

const MAGIC = 2;
/** Compression codec, and the mark of a transaction's end. */
const NOT_PLAIN = 0x07 | 0x20;
const LOG_APPEND_TIME = 0x08;

/**
 * One record in the bytes it was fetched with. Key and value are cut out of them when they are asked for, and large
 * numbers are kept once for all records of a batch: what a record leaves to the garbage collector is what it costs.
 */
class FetchedRecord implements LogRecord {
  constructor(
    private readonly batch: RecordBatch,
    private readonly offsetDelta: number,
    private readonly timeDelta: number,
    private readonly keyLengthAt: number,
    readonly from: number,
    readonly to: number,
  ) {}

  get offset(): number {
    return this.batch.firstOffset + this.offsetDelta;
  }

  get appendedAt(): number {
    return this.batch.time + this.timeDelta;
  }

  get bytes(): Buffer {
    return this.batch.bytes;
  }

  get key(): string | null {
    position = this.keyLengthAt;
    const length = varint(this.bytes);
    return length < 0 ? null : this.bytes.toString('utf8', position, position + length);
  }

  get value(): Buffer {
    return this.bytes.subarray(this.from, this.to);
  }
}

/**
 * A record batch as brokers store and send it: plain, so neither compressed nor the mark of a transaction's end.
 * @see https://kafka.apache.org/documentation/#recordbatch
 */
export class RecordBatch {
  readonly firstOffset: number;
  /** Epoch ms to which the records add theirs. */
  readonly time: number;
  private readonly isLogTime: boolean;

  /** @param bytes from the first offset to the end of the last record */
  private constructor(readonly bytes: Buffer) {
    this.firstOffset = int64(bytes, 0);
    this.isLogTime = (bytes[ATTRIBUTES_AT + 1]! & LOG_APPEND_TIME) !== 0;
    this.time = int64(bytes, this.isLogTime ? MAX_TIMESTAMP_AT : FIRST_TIMESTAMP_AT);
  }

  /**
   * Cuts what a broker answers for one partition into its batches; the last may be cut off and is then left out.
   * @returns null where one of them is not plain
   */
  static cut(bytes: Buffer): RecordBatch[] | null {
    const batches: RecordBatch[] = [];
    for (let at = 0; at + MAGIC_AT < bytes.length;) {
      if (bytes[at + MAGIC_AT] !== MAGIC) return null;
      const end = at + AFTER_LENGTH + bytes.readInt32BE(at + LENGTH_AT);
      if (end > bytes.length) break;
      if ((bytes[at + ATTRIBUTES_AT + 1]! & NOT_PLAIN) !== 0) return null;
      batches.push(new RecordBatch(bytes.subarray(at, end)));
      at = end;
    }
    return batches;
  }

  /** Of the last record that was written with it, even if it has been compacted away. */
  get lastOffset(): number {
    return this.firstOffset + this.bytes.readInt32BE(LAST_OFFSET_DELTA_AT);
  }

  /** Appends its records, ascending by offset. */
  readInto(records: LogRecord[]): void {
    const { bytes } = this;
    position = RECORDS_AT;
    for (let left = bytes.readInt32BE(COUNT_AT); left > 0; left -= 1) {
      const length = varint(bytes);
      const end = position + length;
      position += 1; // attributes, unused
      const timeDelta = varint(bytes);
      const offsetDelta = varint(bytes);
      const keyLengthAt = position;
      const keyLength = varint(bytes);
      position += Math.max(0, keyLength);
      // A record without a value is read as an empty one: it does not parse, and its reader says so.
      const valueLength = Math.max(0, varint(bytes));
      const from = position;
      const since = this.isLogTime ? 0 : timeDelta;
      records.push(new FetchedRecord(this, offsetDelta, since, keyLengthAt, from, from + valueLength));
      position = end; // headers, unused
    }
  }
}

/** Where the next number is read; a second result of `varint` without an object for each. */
let position = 0;

/** A signed number of one to ten bytes, seven bits each, the lowest first. */
function varint(bytes: Buffer): number {
  let raw = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[position++]!;
    raw |= (byte & 0x7f) << shift;
    if (byte < 128) return (raw >>> 1) ^ -(raw & 1);
  }
  return longVarint(bytes, raw);
}

/** Of a number with more bits than the operators for bits can hold. @param raw its lowest 28 */
function longVarint(bytes: Buffer, raw: number): number {
  let all = raw;
  let byte = 128;
  for (let weight = 2 ** 28; byte >= 128; weight *= 128) {
    byte = bytes[position++]!;
    all += (byte & 0x7f) * weight;
  }
  return all % 2 === 0 ? all / 2 : -(all + 1) / 2;
}

function int64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}
