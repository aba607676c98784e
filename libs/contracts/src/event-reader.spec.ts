import fc from 'fast-check';
import { EventReader } from './event-reader';
import type { Metric } from './metric';
import { parseEvent } from './parse-event';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const aMetric = (name: string, scale: number): Metric => ({
  ...{ name, scale, title: name, unit: '', kind: 'gauge', visibility: 'public' },
});
const metrics = new Map(
  [aMetric('account.balance', 2), aMetric('flight.delay', 0), aMetric('rate', 9)].map((it) => [it.name, it]),
);
const good = {
  id: 'e1',
  source: 'core-banking',
  metric: 'account.balance',
  subject: 'account:42',
  value: '92.10',
  time: '2026-05-01T11:59:00.250Z',
};
const reader = new EventReader();

/** What the reader says about these bytes, in the words of `parseEvent`; null where it leaves them to that. */
function quickly(bytes: Buffer): object | null {
  if (!reader.read(bytes, 0, bytes.length, { metrics, now: NOW })) return null;
  const { metric, id, source, value, at } = reader;
  const subject = bytes.toString('utf8', reader.subjectFrom, reader.subjectTo);
  return { ok: true, metric, event: { id, source, metric: metric.name, subject, value, at } };
}

function expectAgreement(bytes: Buffer): void {
  const quick = quickly(bytes);
  if (quick) expect(quick).toEqual(parseEvent(bytes.toString('utf8'), metrics, NOW));
}

/** Events that are right but for what may be wrong in one field; written with the spaces that some writers leave. */
const numerals = fc.oneof(
  fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map(String),
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 })).map(([n, at]) => pointed(String(n), at)),
  fc.constantFrom(
    '-0',
    '0.0',
    '-0.00',
    '00',
    '01.5',
    '.5',
    '5.',
    '-',
    '',
    '1e3',
    '1E2',
    '+1',
    '1.2.3',
    '--1',
  ),
  fc.constantFrom('999999999999999', '1000000000000000', '9007199254740993', '0.1234567891', 'NaN'),
);
const valueTexts = fc.oneof(
  numerals,
  numerals.map((numeral) => `"${numeral}"`),
  fc.constantFrom('null', 'true', '{}', '[1]', '""'),
);
const times = fc.oneof(
  fc.date({ min: new Date(0), max: new Date(NOW), noInvalidDate: true }).map((it) => it.toISOString()),
  fc.date({ noInvalidDate: true }).map((it) => it.toISOString()),
  fc.constantFrom('2026-05-01T11:59:00Z', '2026-02-30T00:00:00Z', '2024-02-29T00:00:00Z', '2026-05-01'),
  fc.constantFrom('2026-05-01T12:05:00.000Z', '2026-05-01T12:05:00.001Z', '2026-05-01T11:60:00Z'),
  fc.constantFrom('2026-05-01T11:59:00+00:00', '2026-05-01t11:59:00z', '2026-05-01T11:59:00.123456Z'),
);
const names = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', 'x'.repeat(200), 'x'.repeat(201), 'Zürich', 'a\u0000b', '\ud800', 'a\u007fb'),
);
const fields = fc.record({
  id: names.map((it) => JSON.stringify(it)),
  source: names.map((it) => JSON.stringify(it)),
  metric: fc.constantFrom('account.balance', 'flight.delay', 'rate', 'none').map((it) => `"${it}"`),
  subject: names.map((it) => JSON.stringify(it)),
  value: valueTexts,
  time: times.map((it) => `"${it}"`),
});
const events = fc
  .record({
    fields,
    order: fc.shuffledSubarray(['id', 'source', 'metric', 'subject', 'value', 'time'] as const, {
      minLength: 5,
    }),
    more: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      fc.constantFrom(['"id":"again"'], ['"attributes":{"a":1}'], ['"Id":1']),
    ),
    space: fc.constantFrom('', ' ', '\n  ', '\u00a0'),
  })
  .map(({ fields: texts, order, more, space }) => {
    const pairs = [...order.map((name) => `"${name}":${space}${texts[name]}`), ...more];
    return Buffer.from(`{${space}${pairs.join(`,${space}`)}${space}}`);
  });

describe('an event read by its bytes', () => {
  it.each([
    ['as most publishers write it', JSON.stringify(good)],
    ['with its fields in another order', JSON.stringify(Object.fromEntries(Object.entries(good).reverse()))],
    ['with spaces', JSON.stringify(good, null, 2)],
    ['with a number as its value', JSON.stringify({ ...good, value: -17.25 })],
    ['without milliseconds', JSON.stringify({ ...good, time: '2026-05-01T11:59:00Z' })],
  ])('is taken %s, and is what the parser makes of it', (_, text) => {
    expect(quickly(Buffer.from(text))).toEqual(parseEvent(text, metrics, NOW));
    expect(parseEvent(text, metrics, NOW).ok).toBe(true);
  });

  it('is what the parser makes of it, whatever is written in its fields', () => {
    fc.assert(fc.property(events, expectAgreement), { numRuns: 5_000 });
  });

  it('is what the parser makes of it where bytes were changed, lost or doubled', () => {
    const damage = fc.array(
      fc.record({ at: fc.nat(), with: fc.uint8Array({ maxLength: 3 }), lost: fc.nat(3) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(events, damage, (bytes, places) => {
        let damaged = bytes;
        for (const place of places) {
          const at = place.at % (damaged.length + 1);
          damaged = Buffer.concat([damaged.subarray(0, at), place.with, damaged.subarray(at + place.lost)]);
        }
        expectAgreement(damaged);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is what lies between its two ends, whatever lies before and after', () => {
    const text = JSON.stringify(good);
    const bytes = Buffer.from(`${text}${text},"id":1}${text}`);
    for (let from = 0; from <= 2; from += 1) {
      for (let to = 0; to <= bytes.length; to += 1) {
        const isOne = from === 0 && to === text.length;
        expect(reader.read(bytes, from, to, { metrics, now: NOW })).toBe(isOne);
      }
    }
    const last = bytes.length - text.length;
    expect(reader.read(bytes, last, bytes.length, { metrics, now: NOW }) && reader.id).toBe('e1');
    expect(bytes.toString('utf8', reader.subjectFrom, reader.subjectTo)).toBe('account:42');
  });

  it('names the metric of the catalogue that it was given last', () => {
    const finer = new Map([['account.balance', aMetric('account.balance', 3)]]);
    const bytes = Buffer.from(JSON.stringify(good));
    const read = (catalogue: Map<string, Metric>): boolean =>
      reader.read(bytes, 0, bytes.length, { metrics: catalogue, now: NOW });
    expect(read(metrics) && reader.value).toBe(9_210);
    expect(read(finer) && reader.value).toBe(92_100);
    expect(read(new Map())).toBe(false);
  });

  it('is left to the parser where it has attributes, an escape or letters beyond ASCII', () => {
    for (const strange of [
      { ...good, attributes: {} },
      { ...good, id: 'a"b' },
      { ...good, subject: 'Zürich' },
    ]) {
      expect(quickly(Buffer.from(JSON.stringify(strange)))).toBeNull();
    }
  });
});

function pointed(digits: string, decimals: number): string {
  return decimals === 0 || decimals >= digits.length
    ? digits
    : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
