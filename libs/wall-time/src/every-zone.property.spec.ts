import { calendarOf, wallInstants, wallTime, type CalendarPeriod } from '.';
import { everyZone, luxonDates, luxonInstants, luxonTime, shiftsOf, type Shift } from './testing/luxon-clock';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const zones = everyZone();
const shifts = new Map(zones.map((timeZone) => [timeZone, shiftsOf(timeZone)]));
const all = [...shifts.values()].flat();

function shiftsIn(timeZone: string): readonly Shift[] {
  return shifts.get(timeZone) ?? [];
}

/** Half hours around a shift, and the instants beside them. */
function* instantsAround(at: number, hours: number): Generator<number> {
  for (let t = at - hours * HOUR_MS; t <= at + hours * HOUR_MS; t += HOUR_MS / 2) yield* [t - 1, t, t + 1];
}

describe(`the clocks of all zones over two years`, () => {
  it('are as many as the world has, with more than 500 shifts to look at', () => {
    expect(zones.length).toBeGreaterThan(400);
    expect(all.length).toBeGreaterThan(500);
  });

  it('show at every instant around a shift what Luxon says they show', () => {
    const wrong: string[] = [];
    for (const { timeZone, at } of all) {
      for (const t of instantsAround(at, 4)) {
        const { date, minutes } = wallTime(t, timeZone);
        const shown = `${date}T${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
        if (shown !== luxonTime(t, timeZone)) wrong.push(`${timeZone} ${t}: ${shown}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('show every quarter of an hour near a shift when Luxon says: once, twice, or after the gap', () => {
    const wrong = all.flatMap(({ timeZone, at }) =>
      wallTimesAround(at, timeZone).filter((asked) => {
        const found = wallInstants(Date.parse(`${asked}Z`), timeZone);
        const [date = '', time = ''] = asked.split('T');
        const said = luxonInstants(date, time, timeZone, shiftsIn(timeZone));
        return found.earlier !== said[0] || found.later !== said.at(-1);
      }),
    );
    expect(wrong).toEqual([]);
  });
});

function wallTimesAround(at: number, timeZone: string): string[] {
  const shown = Date.parse(`${luxonTime(at, timeZone)}Z`);
  return Array.from({ length: 25 }, (_, index) =>
    new Date(shown + (index - 12) * 15 * MINUTE_MS).toISOString().slice(0, 16),
  );
}

/** When days begin around an instant, with what begins with them. */
function beginnings(at: number, timeZone: string, period: Exclude<CalendarPeriod, 'hour'>): number[] {
  const days = luxonDates(at, timeZone, period === 'day' ? 3 : period === 'week' ? 8 : 40);
  return days
    .filter(
      ({ weekday, date }) => period === 'day' || (period === 'week' ? weekday === 1 : date.endsWith('-01')),
    )
    .map(({ date }) => luxonInstants(date, '00:00', timeZone, shiftsIn(timeZone))[0] ?? Number.NaN);
}

describe('the calendars of all zones over two years', () => {
  it.each(['day', 'week', 'month'] as const)(
    'begin a %s when its midnight is first shown, or right after the gap that swallows it',
    (period) => {
      const wrong: string[] = [];
      let looked = 0;
      for (const { timeZone, at } of all) {
        const starts = beginnings(at, timeZone, period);
        for (const t of [...starts.flatMap((start) => [start - 1, start]), at - 1, at, at + 1]) {
          const next = starts.findIndex((start) => start > t);
          if (next < 1) continue; // outside of what was asked of Luxon
          looked += 1;
          const { start, end } = calendarOf(period, timeZone).spanOf(t);
          if (start !== starts[next - 1] || end !== starts[next]) wrong.push(`${timeZone} ${period} ${t}`);
        }
      }
      expect(looked).toBeGreaterThanOrEqual(3 * all.length);
      expect(wrong).toEqual([]);
    },
  );

  it('begin an hour when the clock shows it full, and with every shift', () => {
    const wrong: string[] = [];
    for (const { timeZone, at } of all) {
      const begins = (t: number): boolean => t === at || luxonTime(t, timeZone).endsWith(':00');
      for (let t = at - 2 * HOUR_MS; t < at + 2 * HOUR_MS; t += 30 * MINUTE_MS) {
        let [start, end] = [t, t + 15 * MINUTE_MS]; // no zone has other offsets than quarters of an hour
        while (!begins(start)) start -= 15 * MINUTE_MS;
        while (!begins(end)) end += 15 * MINUTE_MS;
        const span = calendarOf('hour', timeZone).spanOf(t);
        if (span.start !== start || span.end !== end) wrong.push(`${timeZone} ${t}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('agree in zones without shifts, too', () => {
    const still = zones.filter((timeZone) => shiftsIn(timeZone).length === 0);
    const wrong = still.filter((timeZone) => {
      const at = Date.UTC(2026, 6, 15, 13, 20);
      const { start, end } = calendarOf('day', timeZone).spanOf(at);
      const said = luxonInstants(luxonTime(at, timeZone).slice(0, 10), '00:00', timeZone, []);
      return start !== said[0] || end - start !== DAY_MS;
    });
    expect(still.length).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
  });
});
