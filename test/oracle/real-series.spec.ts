import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composedTerms } from '@app/rules';
import type { ComposedTerms, Condition, InstanceDefinition, Measure, Operator } from '@app/rules';
import { comparable, same } from './contest';
import { Engine } from './engine';
import type { OracleMetric, OracleRecord } from './history';
import { Oracle } from './oracle';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const gauge: OracleMetric = { kind: 'gauge', startsAtZero: false, allowedLatenessMs: HOUR };
const METRICS = new Map<string, OracleMetric>([
  ['price', gauge],
  ['temperature', gauge],
  ['rain', { ...gauge, kind: 'delta' }],
  ['delay', gauge],
]);

type Point = Pick<OracleRecord, 'metric' | 'subject' | 'value' | 'at'>;

const read = (file: string): string =>
  readFileSync(join(__dirname, '../../node_modules/vega-datasets/data', file), 'utf8');
const rows = (file: string): string[][] =>
  read(file)
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','));

/** Monthly closing prices of five shares, 2000 to 2010, in cents. */
const stocks = (): Point[] =>
  rows('stocks.csv').map(([symbol, date, price]) => ({
    ...{ metric: 'price', subject: symbol!, value: Math.round(Number(price) * 100) },
    at: Date.parse(`${date} UTC`),
  }));

/** Days in Seattle from 2012 on, in tenths. */
const weather = (): Point[] =>
  rows('seattle-weather.csv')
    .slice(0, 250)
    .flatMap(([date, rain, warmest]) => {
      const at = Date.parse(`${date}T00:00:00Z`);
      const point = (metric: string, value: string): Point => ({
        ...{ metric, subject: 'seattle', at, value: Math.round(Number(value) * 10) },
      });
      return [point('rain', rain!), point('temperature', warmest!)];
    });

/** Departures of early 2001 with their delays in minutes, as an airport's log has them. */
const flights = (): Point[] =>
  (JSON.parse(read('flights-2k.json')) as { date: string; delay: number; origin: string }[])
    .slice(0, 350)
    .map(({ date, delay, origin }) => ({
      ...{ metric: 'delay', subject: origin, value: delay },
      at: Date.parse(`${date.replaceAll('/', '-').replace(' ', 'T')}:00Z`),
    }));

const sliding = (of: 'sum' | 'avg' | 'min' | 'max', ms: number): Measure => ({
  ...{ kind: 'aggregate', of, window: { kind: 'sliding', ms }, partial: false },
});

/** What a person would ask of each: operator, levels, measure, and one or two terms. */
const QUESTIONS: Record<string, [Operator, number[], Measure, Partial<ComposedTerms>?][]> = {
  price: [
    ['above', [2_000, 5_000, 10_000, 20_000], { kind: 'value' }],
    ['crossesBelow', [2_000, 8_000], { kind: 'value' }],
    ['atLeast', [1_000, 2_500], { kind: 'trailing', from: 'high', unit: 'percent' }],
    ['atMost', [-1_000, -500], { kind: 'change', against: 'previous', unit: 'percent' }],
    ['above', [3_000], { kind: 'value' }, { forMs: 90 * DAY, keepFiringMs: 60 * DAY }],
    ['below', [2_500], { kind: 'value' }, { rearmAfterMs: 180 * DAY, maxFirings: 5 }],
  ],
  temperature: [
    ['above', [250, 300], { kind: 'value' }, { forMs: 2 * DAY }],
    ['above', [200, 250], sliding('avg', 7 * DAY)],
    ['below', [50, 100], sliding('max', 10 * DAY)],
    ['atLeast', [80], { kind: 'change', against: 'windowStart', windowMs: 3 * DAY, unit: 'amount' }],
    ['atMost', [-3_000], { kind: 'change', against: 'windowHigh', windowMs: 20 * DAY, unit: 'percent' }],
    ['below', [0], { kind: 'value' }, { noData: { afterMs: 36 * HOUR, treat: 'alert' } }],
  ],
  rain: [
    ['above', [200, 500], sliding('sum', 7 * DAY)],
    [
      'atLeast',
      [5, 9],
      { kind: 'count', where: { operator: 'above', threshold: 0, upper: null }, windowMs: 10 * DAY },
    ],
    [
      'atLeast',
      [3],
      { kind: 'countOfLast', where: { operator: 'above', threshold: 50, upper: null }, last: 5 },
    ],
    [
      'above',
      [1_000],
      {
        ...{ kind: 'aggregate', of: 'sum', partial: true },
        window: { kind: 'calendar', period: 'month', timeZone: 'America/Los_Angeles' },
      },
    ],
  ],
  delay: [
    ['above', [45, 120], { kind: 'value' }, { keepFiringMs: 6 * HOUR }],
    [
      'atLeast',
      [2, 3],
      { kind: 'count', where: { operator: 'above', threshold: 30, upper: null }, windowMs: DAY },
    ],
    ['above', [30], sliding('avg', 2 * DAY)],
    ['atLeast', [60], { kind: 'change', against: 'dayOpen', timeZone: 'America/Chicago', unit: 'amount' }],
    [
      'atLeast',
      [2],
      {
        kind: 'countOfPeriods',
        where: { operator: 'above', threshold: 20, upper: null },
        last: 5,
        periodMs: DAY,
      },
    ],
    ['above', [60], { kind: 'value' }, { noData: { afterMs: 5 * DAY, treat: 'ok' } }],
  ],
};

function rulesFor(points: Point[]): InstanceDefinition[] {
  const series = new Map(points.map((point) => [`${point.metric} ${point.subject}`, point]));
  const rules: InstanceDefinition[] = [];
  for (const { metric, subject } of series.values())
    for (const [operator, levels, measure, more = {}] of QUESTIONS[metric]!)
      for (const threshold of levels) {
        const condition: Condition = { operator, threshold, upper: null, recovery: null };
        const composed = composedTerms({ leaf: { metric, measure, condition, maxAgeMs: null } }, more);
        rules.push({
          ...{ instanceId: rules.length + 1, metric, subject, condition, composed },
          ...{ lifecycle: 'recurring', onCreate: 'fireIfBreached' },
        });
      }
  return rules;
}

/** @returns how many transitions both agree on */
function compare(points: Point[]): number {
  const records = points
    .map((point, n) => ({ ...point, source: 'vega', id: `e${n}`, appendedAt: point.at }))
    .sort((one, other) => one.at - other.at);
  const beginning = records[0]!.at;
  const engine = new Engine(METRICS, beginning);
  const oracle = new Oracle(METRICS);
  oracle.advanceClock(beginning);
  for (const rule of rulesFor(points))
    same(comparable(engine.arm(rule)), comparable(oracle.arm(rule, beginning)), 'arming');
  let transitions = 0;
  records.forEach((record, n) => {
    const expected = comparable(oracle.take(record).changes);
    same(comparable(engine.take(record)), expected, `event ${n}`);
    transitions += expected.length;
    if (n % 97 === 0) engine.restart();
    if (n % 61 === 0) engine.checkpoint();
  });
  return transitions;
}

describe('on series that others published, engine and oracle make the same transitions', () => {
  it.each<[string, () => Point[], number]>([
    ['shares', stocks, 100],
    ['the weather of Seattle', weather, 30],
    ['delays of flights', flights, 100],
  ])('of %s', (_what, points, atLeast) => {
    expect(compare(points())).toBeGreaterThan(atLeast);
  });
});
