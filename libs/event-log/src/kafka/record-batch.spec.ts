import fc from 'fast-check';
import type { LogRecord } from '../event-log';
import { RecordBatch } from './record-batch';

interface Written {
  offset: number;
  key: string | null;
  value: Buffer | null;
  appendedAt: number;
}

const BASE = 5_000_000_000;
const TIME = 1_777_000_000_000;

/** The bytes that a broker would send for these records, in the words of Kafka's own description. */
function write(records: Written[], { attributes = 0, maxTimestamp = TIME } = {}): Buffer {
  const body = Buffer.concat(
    records.map(({ offset, key, value, appendedAt }) => {
      const record = Buffer.concat([
        Buffer.from([0]),
        varint(appendedAt - TIME),
        varint(offset - BASE),
        sized(key === null ? null : Buffer.from(key)),
        sized(value),
        varint(1),
        sized(Buffer.from('header')),
        sized(Buffer.from('its value')),
      ]);
      return Buffer.concat([varint(record.length), record]);
    }),
  );
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(BASE), 0);
  head.writeInt32BE(head.length + body.length - 12, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(attributes, 21);
  head.writeInt32BE((records.at(-1)?.offset ?? BASE) - BASE, 23);
  head.writeBigInt64BE(BigInt(TIME), 27);
  head.writeBigInt64BE(BigInt(maxTimestamp), 35);
  head.writeInt32BE(records.length, 57);
  return Buffer.concat([head, body]);
}

function varint(value: number): Buffer {
  let rest = value >= 0 ? BigInt(value) * 2n : BigInt(-value) * 2n - 1n;
  const bytes: number[] = [];
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

function sized(bytes: Buffer | null): Buffer {
  return bytes ? Buffer.concat([varint(bytes.length), bytes]) : varint(-1);
}

function read(bytes: Buffer): Written[] | null {
  const batches = RecordBatch.cut(bytes);
  if (!batches) return null;
  const records: LogRecord[] = [];
  for (const batch of batches) batch.readInto(records);
  return records.map(({ offset, key, value, appendedAt }) => ({ offset, key, value, appendedAt }));
}

const aRecord = (offset: number, value = Buffer.from('{}')): Written => ({
  ...{ offset, key: 'account:42', value, appendedAt: TIME },
});

describe('a record batch', () => {
  it('gives back what was written: offsets, times, keys and bytes of every size', () => {
    const some = fc.array(
      fc.record({
        gap: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 })),
        key: fc.option(fc.string({ unit: 'grapheme' })),
        value: fc.uint8Array({ maxLength: 40_000, size: 'max' }).map((it) => Buffer.from(it)),
        late: fc.integer({ min: -(10 ** 11), max: 10 ** 12 }),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(some, (given) => {
        let offset = BASE - 1;
        const records = given.map(({ gap, key, value, late }) => ({
          ...{ offset: (offset += gap), key, value, appendedAt: TIME + late },
        }));
        expect(read(write(records))).toEqual(records);
      }),
      { numRuns: 200 },
    );
  });

  it('may be one of several, and the last may be cut off anywhere', () => {
    const [first, second] = [write([aRecord(BASE)]), write([aRecord(BASE + 1)])];
    const both = Buffer.concat([first, second]);
    expect(read(both)?.map(({ offset }) => offset)).toEqual([BASE, BASE + 1]);
    for (let end = first.length; end < both.length; end += 1)
      expect(read(both.subarray(0, end))).toHaveLength(1);
  });

  it('ends where it was written to end, even if its last records were compacted away', () => {
    const bytes = write([aRecord(BASE), aRecord(BASE + 9)]);
    bytes.writeInt32BE(0, 57);
    expect(RecordBatch.cut(bytes)?.map(({ lastOffset }) => lastOffset)).toEqual([BASE + 9]);
    expect(read(bytes)).toEqual([]);
  });

  it('that the broker stamped bears its time for every record', () => {
    const bytes = write([aRecord(BASE), aRecord(BASE + 1)], { attributes: 8, maxTimestamp: TIME + 5 });
    expect(read(bytes)?.map(({ appendedAt }) => appendedAt)).toEqual([TIME + 5, TIME + 5]);
  });

  it('without a value has an empty one', () => {
    expect(read(write([{ ...aRecord(BASE), value: null }]))?.[0]?.value).toEqual(Buffer.alloc(0));
  });

  it.each([
    ['compressed', 1],
    ['zstd', 4],
    ['a mark of a transaction', 0x20],
  ])('is left to kafkajs if it is %s', (_, attributes) => {
    expect(read(write([aRecord(BASE)], { attributes }))).toBeNull();
  });

  it('of an older format is left to kafkajs', () => {
    const bytes = write([aRecord(BASE)]);
    bytes.writeInt8(1, 16);
    expect(read(bytes)).toBeNull();
  });
});
