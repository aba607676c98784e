import fc from 'fast-check';
import type { ActiveHours } from '../notice-policy';
import { isActive, nextActiveAt } from './active-hours';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function hours(timeZone: string, from: string, to: string, days = EVERY_DAY): ActiveHours {
  return { timeZone, days, from, to };
}

function utc(text: string): number {
  return Date.parse(text);
}

describe('active hours (G14)', () => {
  const nine = hours('Europe/Berlin', '09:00', '17:00');

  it('open in Berlin at nine on the wall: 8 hours after midnight in the spring night, 10 in the autumn night', () => {
    const spring = utc('2026-03-28T23:00:00Z');
    const autumn = utc('2026-10-24T22:00:00Z');
    expect(nextActiveAt([nine], spring)).toBe(spring + 8 * HOUR);
    expect(nextActiveAt([nine], autumn)).toBe(autumn + 10 * HOUR);
    expect(isActive([nine], spring + 8 * HOUR - 1)).toBe(false);
    expect(isActive([nine], autumn + 10 * HOUR - 1)).toBe(false);
  });

  it('overnight hours hold at exactly ten, at exactly midnight and at a minute before, and not at exactly seven', () => {
    const night = [hours('Europe/Berlin', '22:00', '07:00')];
    const at = (time: string): number => utc(`2026-06-10T${time}:00+02:00`);
    expect(['22:00', '00:00', '23:59', '06:59'].map((time) => isActive(night, at(time)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['07:00', '21:59', '12:00'].map((time) => isActive(night, at(time)))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('overnight hours belong to the day on which they start', () => {
    const fridays = [hours('UTC', '22:00', '07:00', [5])];
    expect(isActive(fridays, utc('2026-06-13T06:59:00Z'))).toBe(true); // Saturday morning
    expect(isActive(fridays, utc('2026-06-12T06:59:00Z'))).toBe(false); // Friday morning
    expect(nextActiveAt(fridays, utc('2026-06-13T07:00:00Z'))).toBe(utc('2026-06-19T22:00:00Z'));
  });

  it('a window that begins in the skipped hour of New York opens as the clock jumps over it', () => {
    const window = [hours('America/New_York', '02:30', '04:00')];
    const jump = utc('2026-03-08T07:00:00Z'); // 02:00 becomes 03:00
    expect(nextActiveAt(window, jump - HOUR)).toBe(jump);
    expect(isActive(window, jump - 1)).toBe(false);
  });

  it('a window inside the skipped hour does not open that day', () => {
    const window = [hours('America/New_York', '02:10', '02:50')];
    expect(nextActiveAt(window, utc('2026-03-08T05:00:00Z'))).toBe(utc('2026-03-09T06:10:00Z'));
    expect(
      nextActiveAt([hours('America/New_York', '02:10', '02:50', [7])], utc('2026-03-08T05:00:00Z')),
    ).toBe(utc('2026-03-15T06:10:00Z'));
  });

  it('what the clock shows twice in autumn counts twice', () => {
    const window = [hours('America/New_York', '01:30', '02:00')];
    const first = utc('2026-11-01T05:30:00Z');
    expect(nextActiveAt(window, first - MINUTE)).toBe(first);
    expect(isActive(window, first + 30 * MINUTE)).toBe(false); // 01:00 again
    expect(nextActiveAt(window, first + 30 * MINUTE)).toBe(first + HOUR);
  });

  it('Lord Howe shifts by half an hour', () => {
    const nineThere = [hours('Australia/Lord_Howe', '09:00', '17:00')];
    const spring = utc('2026-10-03T13:30:00Z'); // midnight of 4 October at +10:30, 02:00 becomes 02:30
    expect(nextActiveAt(nineThere, spring)).toBe(spring + 8.5 * HOUR);
    const autumn = utc('2026-04-04T13:00:00Z'); // midnight of 5 April at +11, 02:00 becomes 01:30
    expect(nextActiveAt(nineThere, autumn)).toBe(autumn + 9.5 * HOUR);
  });

  it('no hours at all mean always, and no days mean never', () => {
    expect(isActive([], 0)).toBe(true);
    expect(nextActiveAt([hours('UTC', '09:00', '17:00', [])], 0)).toBeNull();
  });

  it('equal ends mean the 24 hours from there', () => {
    const mondays = [hours('UTC', '08:00', '08:00', [1])];
    expect(isActive(mondays, utc('2026-06-15T08:00:00Z'))).toBe(true);
    expect(isActive(mondays, utc('2026-06-16T07:59:00Z'))).toBe(true);
    expect(isActive(mondays, utc('2026-06-16T08:00:00Z'))).toBe(false);
  });
});

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const shown = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, ...shown });
  clocks.set(timeZone, clock);
  return clock;
}

/** The same question asked of another formatter, with texts instead of arithmetic, minute by minute. */
function shownInside(window: ActiveHours, at: number): boolean {
  const [day = '', time = ''] = clockOf(window.timeZone).format(at).replace(',', '').split(' ');
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const today = names.indexOf(day) + 1;
  const yesterday = names.indexOf(day) === 0 ? 7 : names.indexOf(day);
  if (window.from < window.to) return window.days.includes(today) && time >= window.from && time < window.to;
  return (
    (window.days.includes(today) && time >= window.from) ||
    (window.days.includes(yesterday) && time < window.to)
  );
}

const SHIFTS: [string, string][] = [
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/Santiago', '2026-04-05T03:00:00Z'], // back over midnight
  ['Africa/Cairo', '2026-04-23T22:00:00Z'], // forward at midnight
];

describe('active hours on the days when clocks shift', () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 10, 29, 30, 31, 59))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const night = fc.constantFrom('00:00', '00:30', '01:30', '02:00', '02:30', '03:00');

  it('agree with the clock on the wall at every minute, and open at the minute it says', () => {
    const asked = fc.record({
      shift: fc.constantFrom(...SHIFTS),
      from: fc.oneof(time, night),
      to: fc.oneof(time, night),
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      before: fc.integer({ min: 0, max: 180 }),
    });
    const property = fc.property(asked, ({ shift: [zone, shift], from, to, days, before }) => {
      const window = hours(zone, from, to, days);
      const start = utc(shift) - before * MINUTE;
      let opens: number | null = null;
      for (let at = start; at < start + 300 * MINUTE; at += MINUTE) {
        const shown = shownInside(window, at);
        expect(isActive([window], at)).toBe(shown);
        if (shown) opens ??= at;
      }
      const found = nextActiveAt([window], start);
      if (opens === null) expect(found ?? Infinity).toBeGreaterThanOrEqual(start + 300 * MINUTE);
      else expect(found).toBe(opens);
    });
    fc.assert(property, { numRuns: 60 });
  });
});
