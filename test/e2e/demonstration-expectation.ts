import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Works out what the demonstration must send, from docs/DEMONSTRATION.md and the data files alone. It shares no
// code with the product on purpose, so it restates the rules and steps through every row.

const DATA = join(__dirname, '../../node_modules/vega-datasets/data');

interface Row {
  at: number;
  /** Scaled by 100 throughout, so that it is an integer for every metric here. */
  value: number;
}

interface ExpectedRule {
  customer: string;
  title: string;
  metric: string;
  subjects: string[];
  holds: (value: number) => boolean;
  /** True where the alert ends; by default where the condition no longer holds. */
  ends?: (value: number) => boolean;
  once?: boolean;
  /** Addresses that hear of it by way of the outbox; the inbox is not one of them. */
  to: string[];
  tellsEnd?: boolean;
}

export interface ExpectedAlert {
  customer: string;
  title: string;
  subject: string;
  openedAt: string;
  resolvedAt: string | null;
}

const OWNED_BY_CARLA = ['LAX-PHX', 'PHX-LAX', 'LAX-LAS', 'LAS-LAX', 'PHX-LAS', 'LAS-PHX', 'ORD-DFW'];
const FOLLOWED_BY_GWEN = ['ORD-DFW', 'DFW-ORD', 'LAX-SFO', 'SFO-LAX'];
const AROUND_THE_PACIFIC = [
  'Chile',
  'Fiji',
  'Indonesia',
  'New Zealand',
  'Papua New Guinea',
  'Peru',
  'Philippines',
  'Solomon Islands',
  'Tonga',
  'Vanuatu',
];

const RULES: ExpectedRule[] = [
  {
    customer: 'ana',
    title: 'S&P 500 below 1400',
    metric: 'index.close',
    subjects: ['index:SP500'],
    holds: (value) => value < 140_000,
    ends: (value) => value >= 145_000,
    to: ['+12025550142', 'ana@example.com'],
    tellsEnd: true,
  },
  ...[1500, 2000, 2500, 3000].map((level) => ({
    customer: 'ben',
    title: `S&P 500 passes ${level}`,
    metric: 'index.close',
    subjects: ['index:SP500'],
    holds: (value: number) => value > level * 100,
    once: true,
    to: ['ben@example.com'],
  })),
  {
    customer: 'carla',
    title: 'Flight over an hour late',
    metric: 'flight.delay',
    subjects: OWNED_BY_CARLA.map((line) => `flight:${line}`),
    holds: (value) => value > 6000,
    ends: (value) => value <= 1500,
    to: ['+447700900123'],
    tellsEnd: true,
  },
  {
    customer: 'dev',
    title: 'Strong earthquake around the Pacific',
    metric: 'earthquake.magnitude',
    subjects: AROUND_THE_PACIFIC.map((region) => `region:${region}`),
    holds: (value) => value >= 500,
    to: ['1000000000000000042'],
  },
  {
    customer: 'emi',
    title: 'Strong earthquake in Taiwan',
    metric: 'earthquake.magnitude',
    subjects: ['region:Taiwan'],
    holds: (value) => value >= 500,
    to: ['+12025550171', 'emi@example.org'],
  },
  {
    customer: 'emi',
    title: 'Earthquake in Alaska or California',
    metric: 'earthquake.magnitude',
    subjects: ['region:Alaska', 'region:CA'],
    holds: (value) => value > 399,
    to: ['emi@example.org'],
  },
  {
    customer: 'finn',
    title: 'Heavy rain in Seattle',
    metric: 'weather.rain',
    subjects: ['place:Seattle'],
    holds: (value) => value >= 2500,
    to: ['finn@example.net'],
  },
  {
    customer: 'finn',
    title: 'Frost in Seattle',
    metric: 'weather.low',
    subjects: ['place:Seattle'],
    holds: (value) => value < 0,
    ends: (value) => value >= 200,
    to: [],
  },
  {
    customer: 'gwen',
    title: 'Late between Chicago, Dallas and the coast',
    metric: 'flight.delay',
    subjects: FOLLOWED_BY_GWEN.map((line) => `flight:${line}`),
    holds: (value) => value > 4500,
    ends: (value) => value <= 1500,
    to: ['1000000000000000077'],
    tellsEnd: true,
  },
];

/** One code for each contact point, and the airline's news for those who hold or follow ORD-DFW, and in public. */
const CODES = [
  '+12025550142',
  'ana@example.com',
  'ben@example.com',
  '+447700900123',
  '1000000000000000042',
  '+12025550171',
  'emi@example.org',
  'finn@example.net',
  '+12025550188',
  '1000000000000000077',
];
const NEWS = [
  'ben@example.com',
  '+447700900123',
  'finn@example.net',
  '+12025550188',
  '1000000000000000077',
  'public',
];

/** @returns every alert of the demonstration, and how many messages each address must have in the outbox */
export function expectDemonstration(): { alerts: ExpectedAlert[]; messages: Record<string, number> } {
  const rows = readRows();
  const messages: Record<string, number> = {};
  const count = (address: string): void => void (messages[address] = (messages[address] ?? 0) + 1);
  [...CODES, ...NEWS].forEach(count);
  const alerts = RULES.flatMap((rule) =>
    rule.subjects.flatMap((subject) => {
      const found = alertsOf(rule, subject, rows.get(`${rule.metric} ${subject}`) ?? []);
      for (const alert of found) {
        rule.to.forEach(count);
        if (rule.tellsEnd && alert.resolvedAt !== null) rule.to.forEach(count);
      }
      return found;
    }),
  );
  return { alerts, messages };
}

/** Edge by edge: the first row only shows where the series stands, as public metrics wait for a change. */
function alertsOf(rule: ExpectedRule, subject: string, rows: readonly Row[]): ExpectedAlert[] {
  const alerts: ExpectedAlert[] = [];
  let open: ExpectedAlert | null = null;
  let wasFalse = false;
  for (const { at, value } of rows) {
    if (open) {
      if (rule.holds(value) || rule.ends?.(value) === false) continue;
      open.resolvedAt = new Date(at).toISOString();
      open = null;
      if (rule.once) break;
    } else if (rule.holds(value) && wasFalse) {
      open = {
        customer: rule.customer,
        title: rule.title,
        subject,
        openedAt: new Date(at).toISOString(),
        resolvedAt: null,
      };
      alerts.push(open);
    }
    wasFalse ||= !rule.holds(value);
  }
  return alerts;
}

function readRows(): Map<string, Row[]> {
  const rows = new Map<string, Row[]>();
  const add = (series: string, at: number, value: number): void => {
    const known = rows.get(series) ?? [];
    rows.set(series, known);
    known.push({ at, value: Math.round(value * 100) });
  };
  for (const [date, , , , close] of csv('sp500-2000.csv')) {
    add('index.close index:SP500', Date.parse(`${date}T21:00:00Z`), Number(close));
  }
  for (const [date, rain, , low] of csv('seattle-weather.csv')) {
    add('weather.rain place:Seattle', Date.parse(`${date}T20:00:00Z`), Number(rain));
    add('weather.low place:Seattle', Date.parse(`${date}T20:00:00Z`), Number(low));
  }
  addFlights(add);
  addEarthquakes(add);
  return rows;
}

type Add = (series: string, at: number, value: number) => void;

function addFlights(add: Add): void {
  const lastOf = new Map<string, number>();
  type Flight = { date: string; delay: number; origin: string; destination: string };
  for (const flight of json<Flight[]>('flights-20k.json')) {
    const series = `flight.delay flight:${flight.origin}-${flight.destination}`;
    const clock = Date.parse(`${flight.date.replace(/\//g, '-').replace(' ', 'T')}:00Z`);
    const at = lastOf.get(series) === clock ? clock + 1000 : clock;
    lastOf.set(series, at);
    add(series, at, flight.delay);
  }
}

function addEarthquakes(add: Add): void {
  type Quake = { properties: { mag: number; place: string; time: number; type: string } };
  const quakes = json<{ features: Quake[] }>('earthquakes.json').features.map((quake) => quake.properties);
  for (const { mag, place, time } of quakes
    .filter(({ type }) => type === 'earthquake')
    .sort((a, b) => a.time - b.time)) {
    add(`earthquake.magnitude region:${place.split(',').at(-1)?.trim()}`, time, mag);
  }
}

function csv(name: string): string[][] {
  const text = readFileSync(join(DATA, name), 'utf8').trim();
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

function json<Content>(name: string): Content {
  return JSON.parse(readFileSync(join(DATA, name), 'utf8')) as Content;
}
