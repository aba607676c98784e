import type { PreferenceSheet, QuietWindow } from '@app/contracts';
import fc from 'fast-check';
import {
  everyZone,
  luxonDates,
  luxonInstants,
  shiftsOf,
  TWO_YEARS,
  type Shift,
} from '../../wall-time/src/testing/luxon-clock';
import { checkSheet, digestClosesAt, quietAt } from '.';

const HOUR_MS = 3_600_000;

const zones = everyZone();
const shifts = new Map<string, readonly Shift[]>(zones.map((timeZone) => [timeZone, shiftsOf(timeZone)]));
/** Every shift of every zone, and for zones without any one instant. */
const moments: Shift[] = zones.flatMap((timeZone) => {
  const own = shifts.get(timeZone) ?? [];
  return own.length > 0 ? own : [{ timeZone, at: TWO_YEARS.from + 200 * 24 * HOUR_MS }];
});

interface Span {
  from: number;
  until: number;
}

/** The rule of quiet hours, said by Luxon: each edge for the date on which its window starts, sleep wins. */
function silences({ quietHours = [], holidays = [] }: PreferenceSheet, { timeZone, at }: Shift): Span[] {
  const known = shifts.get(timeZone) ?? [];
  const days = luxonDates(at, timeZone, 3);
  const span = (from: [string, string], to: [string, string]): Span => ({
    from: luxonInstants(...from, timeZone, known)[0] ?? Number.NaN,
    until: luxonInstants(...to, timeZone, known).at(-1) ?? Number.NaN,
  });
  return days.slice(0, -1).flatMap(({ date, weekday }, index) => {
    const tomorrow = days[index + 1]?.date ?? '';
    const windows = quietHours
      .filter((window) => window.days.includes(weekday))
      .map(({ from, to }) => span([date, from], [to > from ? date : tomorrow, to]));
    const isHoliday = holidays.includes(date);
    return [...windows, ...(isHoliday ? [span([date, '00:00'], [tomorrow, '00:00'])] : [])];
  });
}

function silentUntil(spans: readonly Span[], at: number): number | null {
  let until: number | null = null;
  for (let next: Span | undefined; ; until = next.until) {
    const from: number = until ?? at;
    next = spans.find((span) => span.from <= from && from < span.until);
    if (!next) return until;
  }
}

const time = fc
  .oneof(
    fc.integer({ min: 0, max: 23 }).map((hour) => [hour, 0]),
    fc.tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom(0, 1, 15, 29, 30, 45, 59)),
    fc.tuple(fc.integer({ min: 21, max: 23 }), fc.constantFrom(0, 30, 59)),
  )
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const window = fc
  .record({ days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), from: time, to: time })
  .filter(({ from, to }) => from !== to);
const sheets = fc.record({
  quietHours: fc
    .array(window, { minLength: 1, maxLength: 3 })
    .filter((quietHours) => checkSheet({ quietHours }, new Map()).length === 0),
  /** Days after the shift; -1 is the day before. */
  holidays: fc.uniqueArray(fc.integer({ min: -2, max: 2 }), { maxLength: 2 }),
});

describe('quiet hours in every zone over two years of shifts', () => {
  it('hold from and until the very instants that Luxon finds for their wall times, and nowhere else', () => {
    let asked = 0;
    for (const moment of moments) {
      const dates = luxonDates(moment.at, moment.timeZone, 2).map(({ date }) => date);
      const property = fc.property(sheets, ({ quietHours, holidays }) => {
        const sheet = { quietHours, holidays: holidays.map((day) => dates[day + 2] ?? '') };
        const spans = silences(sheet, moment);
        const edges = spans.flatMap(({ from, until }) => [from - 1, from, until - 1, until]);
        const instants = [...edges, moment.at - 1, moment.at].filter(
          (at) => Math.abs(at - moment.at) < 24 * HOUR_MS,
        );
        asked += instants.length;
        const wrong = instants.filter((at) => {
          const said = silentUntil(spans, at);
          const held = quietAt(sheet, moment.timeZone, at)?.until ?? null;
          // What goes on past the days that Luxon was asked about is longer than it says.
          return said !== null && said - moment.at > 44 * HOUR_MS ? held === null : held !== said;
        });
        expect(wrong).toEqual([]);
      });
      fc.assert(property, { numRuns: 1 });
    }
    expect(asked).toBeGreaterThan(10 * moments.length);
  });

  it.each<[string, string, QuietWindow, string, string | null]>([
    [
      'the spring night of Berlin is an hour shorter',
      'Europe/Berlin',
      every('22:00', '07:00'),
      '2026-03-29T00:00Z',
      '2026-03-29T05:00Z',
    ],
    [
      'the autumn night of Berlin is an hour longer',
      'Europe/Berlin',
      every('22:00', '07:00'),
      '2026-10-25T00:00Z',
      '2026-10-25T06:00Z',
    ],
    [
      'an end in the gap is the first instant after it',
      'Europe/Berlin',
      every('22:00', '02:30'),
      '2026-03-29T00:59Z',
      '2026-03-29T01:00Z',
    ],
    [
      'a window within the gap is empty that night',
      'Europe/Berlin',
      every('02:10', '02:50'),
      '2026-03-29T01:00Z',
      null,
    ],
    [
      'an end that comes twice is the later one',
      'Europe/Berlin',
      every('22:00', '02:30'),
      '2026-10-25T00:45Z',
      '2026-10-25T01:30Z',
    ],
    [
      'a start that comes twice is the earlier one',
      'Europe/Berlin',
      every('02:30', '07:00'),
      '2026-10-25T00:30Z',
      '2026-10-25T06:00Z',
    ],
    [
      'Lord Howe shifts by half an hour',
      'Australia/Lord_Howe',
      every('22:00', '01:45'),
      '2026-04-04T14:46Z',
      '2026-04-04T15:15Z',
    ],
    [
      'clocks go back over midnight in Santiago',
      'America/Santiago',
      every('23:30', '00:30'),
      '2026-04-05T02:30Z',
      '2026-04-05T04:30Z',
    ],
  ])('%s', (...[, timeZone, quiet, at, until]) => {
    const held = quietAt({ quietHours: [quiet] }, timeZone, Date.parse(at));
    expect(held && new Date(held.until).toISOString().slice(0, 16)).toBe(until && until.slice(0, 16));
  });
});

function every(from: string, to: string): QuietWindow {
  return { days: [1, 2, 3, 4, 5, 6, 7], from, to };
}

describe('digests in every zone over two years of shifts', () => {
  const digests = fc.oneof(
    fc.record({ every: fc.constant('day' as const), at: time }),
    fc.record({ every: fc.constant('week' as const), day: fc.integer({ min: 1, max: 7 }), at: time }),
  );

  it('close once for each of their wall times, at the first instant that Luxon finds for it', () => {
    for (const moment of moments) {
      const { timeZone } = moment;
      const days = luxonDates(moment.at, timeZone, 9);
      const property = fc.property(digests, fc.integer({ min: -2_000, max: 2_000 }), (digest, minutes) => {
        const closings = days
          .filter(({ weekday }) => digest.every === 'day' || weekday === digest.day)
          .map(
            ({ date }) =>
              luxonInstants(date, digest.at, timeZone, shifts.get(timeZone) ?? [])[0] ?? Number.NaN,
          );
        const near = closings.filter((at) => Math.abs(at - moment.at) < 36 * HOUR_MS);
        const wrong = [...near.flatMap((at) => [at - 1, at]), moment.at + minutes * 60_000].filter(
          (now) => digestClosesAt(digest, {}, timeZone, now) !== closings.find((at) => at > now),
        );
        expect(wrong).toEqual([]);
      });
      fc.assert(property, { numRuns: 1 });
    }
  });

  it('never close in quiet hours, but at their end', () => {
    const sheet = { quietHours: [every('22:00', '07:00')] };
    const now = Date.parse('2026-11-20T15:00:00Z');
    const closesAt = digestClosesAt({ every: 'day', at: '23:00' }, sheet, 'Europe/Berlin', now);
    expect(new Date(closesAt).toISOString()).toBe('2026-11-21T06:00:00.000Z');
  });
});
