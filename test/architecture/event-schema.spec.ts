import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { MAX_SCALE, REFUSAL_REASONS, parseEvent, readEvent, type Metric } from '@app/contracts';
import { fromCloudEvent } from '../../apps/api/src/events/cloud-event';

const json = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const schema = json('libs/contracts/schemas/metric-event.json');
const eventsPage = readFileSync('docs/EVENTS.md', 'utf8');
const fits = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

/** One metric for each scale, and those of the examples. */
const catalogue = new Map<string, Metric>(
  [...Array(MAX_SCALE + 1).keys()]
    .map((scale) => ({ name: `scale.${scale}`, scale }))
    .concat({ name: 'account.balance', scale: 2 }, { name: 'flight.delay', scale: 0 })
    .map(({ name, scale }) => [
      name,
      { name, title: name, unit: '', scale, kind: 'gauge', visibility: 'public' },
    ]),
);
/** Later than every time that RFC 3339 can write, so that nothing is refused for the clock's sake. */
const END_OF_TIME = Date.UTC(10_000, 0);

const padded = (n: number, width: number): string => String(n).padStart(width, '0');
const upTo = (max: number, width = 2): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max }).map((n) => padded(n, width));
const fraction = fc.constantFrom('', '', '.0', '.000000000', '.5', '.123456789', '.', '.1234567890');
const zone = fc.oneof(
  fc.constantFrom('Z', 'z', '', '+00:00', '+0100', ' Z'),
  fc.tuple(fc.constantFrom('+', '-'), upTo(25), upTo(61)).map(([sign, h, m]) => `${sign}${h}:${m}`),
);
const time = fc
  .tuple(
    fc.oneof(fc.constantFrom('2026', '2024', '1900', '2000', '0000'), upTo(9_999, 4)),
    fc.tuple(upTo(13), upTo(32)),
    fc.constantFrom('T', 't', ' '),
    fc.tuple(upTo(25), fc.oneof(fc.constant('00'), upTo(61)), fc.oneof(fc.constant('00'), upTo(61))),
    fc.tuple(fraction, zone),
  )
  .map(
    ([year, [month, day], t, clock, [rest, z]]) => `${year}-${month}-${day}${t}${clock.join(':')}${rest}${z}`,
  );

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }),
  fc.string({ minLength: 95, maxLength: 210, unit: 'binary' }),
  fc.constantFrom('', '\u0000', 'a\u0000b', '\n', 'x'.repeat(200), 'x'.repeat(201)),
);
const value = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(1e15, -1e15, 999_999_999_999_999, 0.1 + 0.2, -0, 1e300),
  fc
    .tuple(fc.constantFrom('', '-', '+'), fc.stringMatching(/^\d{0,22}(\.\d{0,22})?$/))
    .map(([sign, n]) => sign + n),
  fc.constantFrom('NaN', 'Infinity', '1e3', ' 1', '1,5', '', '٣', '1\n'),
);
/** Right in nine of ten, at the edges or beyond in one, and seldom of another kind altogether. */
const mostly = (right: fc.Arbitrary<unknown>, odd: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 27, arbitrary: right },
    { weight: 3, arbitrary: odd },
    { weight: 1, arbitrary: fc.anything({ maxDepth: 1 }) },
  );
const rightName = fc.string({ minLength: 1, maxLength: 30 });
const rightTime = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map((at) => at.toISOString());
const rightValue = fc.oneof(
  fc.integer({ min: -9_999, max: 9_999 }).map((n) => n / 10),
  fc.integer(),
  fc.stringMatching(/^-?\d{1,6}(\.\d)?$/),
);

/** Mostly right in each part, so that mistakes stand alone and are not hidden by others. */
const almostEvent = fc
  .record(
    {
      id: mostly(rightName, name),
      source: mostly(rightName, name),
      metric: mostly(fc.constantFrom(...catalogue.keys()), name),
      subject: mostly(rightName, name),
      value: mostly(rightValue, value),
      time: mostly(rightTime, time),
      attributes: fc.anything({ maxDepth: 1 }),
      more: fc.anything({ maxDepth: 1 }),
    },
    { requiredKeys: ['id', 'source', 'metric', 'subject', 'value', 'time'] },
  )
  // What comes off the wire is JSON: no undefined, no NaN, no -0.
  .map(
    (event) =>
      JSON.parse(
        JSON.stringify(event, (_, part: unknown) => (typeof part === 'bigint' ? 0 : part)),
      ) as unknown,
  );

const read = (event: unknown): ReturnType<typeof readEvent> => readEvent(event, catalogue, END_OF_TIME);

describe('the published schema of an event', () => {
  it('takes every event that the reader takes, so that what it refuses is refused', () => {
    let taken = 0;
    fc.assert(
      fc.property(almostEvent, (event) => {
        const { ok } = read(event);
        taken += Number(ok);
        expect(ok && !fits(event)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(1_000); // or nothing would have been compared
  });

  it('leaves to the reader only what the catalogue, the calendar and the length in UTF-16 decide', () => {
    fc.assert(
      fc.property(almostEvent, (event) => {
        const answer = read(event);
        if (answer.ok || !fits(event)) return;
        const { time: at, id, source, metric, subject } = event as Record<string, string>;
        const isLeftToTheReader =
          ['unknownMetric', 'valueTooFine', 'valueOutOfRange'].includes(answer.reason) ||
          at.slice(5, 10) === '02-29' ||
          [id, source, metric, subject].some((text) => text.length > 200);
        expect({ event, answer, isLeftToTheReader }).toMatchObject({ isLeftToTheReader: true });
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['a text', '{}'],
    [
      'an event without a value',
      { id: '1', source: 's', metric: 'scale.0', subject: 'a:1', time: '2026-01-01T00:00:00Z' },
    ],
  ])('refuses %s, as the reader does', (_what, event) => {
    expect(fits(event)).toBe(false);
    expect(read(event).ok).toBe(false);
  });

  it('has examples that it takes itself, and that the reader takes', () => {
    const examples = schema.examples as unknown[];
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect([fits(example), read(example).ok]).toEqual([true, true]);
  });

  it('is the payload that AsyncAPI publishes', () => {
    const { components } = json('docs/asyncapi.json') as {
      components: {
        messages: { metricEvent: { payload: { schema: object }; examples: { payload: unknown }[] } };
      };
    };
    const { payload, examples } = components.messages.metricEvent;
    const published = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(payload.schema);
    for (const example of examples) expect(published(example.payload)).toBe(true);
    fc.assert(
      fc.property(almostEvent, (event) => published(event) === fits(event)),
      { numRuns: 2_000 },
    );
  });
});

describe('docs/EVENTS.md', () => {
  const blocks = [...eventsPage.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text);
  const parsed = blocks.map((text) => JSON.parse(text) as Record<string, unknown>);

  it('shows events that are taken, plain and in a CloudEvents envelope', () => {
    const plain = parsed.filter((one) => !('specversion' in one));
    const enveloped = parsed.filter((one) => 'specversion' in one);
    expect(plain.length).toBeGreaterThan(0);
    expect(enveloped.length).toBeGreaterThan(0);
    for (const event of [...plain, ...enveloped.map(fromCloudEvent)]) {
      const text = JSON.stringify(event);
      expect(parseEvent(text, catalogue, END_OF_TIME)).toMatchObject({ ok: true });
      expect(fits(JSON.parse(text))).toBe(true);
    }
  });

  it('explains every reason for which an event can be refused, and no other', () => {
    const explained = [...eventsPage.matchAll(/^\| `(\w+)` \|/gm)].map(([, reason]) => reason);
    const table = explained.filter((word) => word !== undefined && !ENVELOPE_WORDS.has(word));
    expect(table.sort()).toEqual([...REFUSAL_REASONS].sort());
  });
});

/** First columns of the page's other tables. */
const ENVELOPE_WORDS = new Set([
  ...['id', 'source', 'metric', 'subject', 'value', 'time', 'attributes'],
  ...['specversion', 'type', 'datacontenttype', 'data'],
]);
