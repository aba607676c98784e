import type { CalendarPeriod } from './calendar';
import { Calendar, calendarOf } from './calendar';
import { slowStartOf } from './testing/slow-calendar';

const MINUTE_MS = 60_000;

/** Start, end and length in hours of the period that an instant lies in. */
function span(period: CalendarPeriod, timeZone: string, at: string): [string, string, number] {
  const { start, end } = calendarOf(period, timeZone).spanOf(Date.parse(at));
  const text = (t: number): string => new Date(t).toISOString().slice(0, 16);
  return [text(start), text(end), (end - start) / (60 * MINUTE_MS)];
}

describe('a calendar', () => {
  it.each<[string, CalendarPeriod, string, string, [string, string, number]]>([
    [
      'a plain day',
      'day',
      'Europe/Berlin',
      '2026-06-10T22:30Z',
      ['2026-06-10T22:00', '2026-06-11T22:00', 24],
    ],
    [
      'the day that loses an hour',
      'day',
      'Europe/Berlin',
      '2026-03-29T12:00Z',
      ['2026-03-28T23:00', '2026-03-29T22:00', 23],
    ],
    [
      'the day that gains one',
      'day',
      'Europe/Berlin',
      '2026-10-25T00:30Z',
      ['2026-10-24T22:00', '2026-10-25T23:00', 25],
    ],
    [
      'the day that gains half an hour',
      'day',
      'Australia/Lord_Howe',
      '2026-04-04T20:00Z',
      ['2026-04-04T13:00', '2026-04-05T13:30', 24.5],
    ],
    [
      'the day whose midnight is skipped',
      'day',
      'America/Havana',
      '2026-03-08T05:00Z',
      ['2026-03-08T05:00', '2026-03-09T04:00', 23],
    ],
    [
      'the day before it, to the last millisecond',
      'day',
      'America/Havana',
      '2026-03-08T04:59:59.999Z',
      ['2026-03-07T05:00', '2026-03-08T05:00', 24],
    ],
    [
      'the day whose midnight comes twice',
      'day',
      'America/Havana',
      '2026-11-01T05:30Z',
      ['2026-11-01T04:00', '2026-11-02T05:00', 25],
    ],
    [
      'the evening that comes twice once the next day has begun',
      'day',
      'America/St_Johns',
      '2010-11-07T02:50Z',
      ['2010-11-07T02:30', '2010-11-08T03:30', 25],
    ],
    [
      'the day before one that an island left out',
      'day',
      'Pacific/Apia',
      '2011-12-30T09:00Z',
      ['2011-12-29T10:00', '2011-12-30T10:00', 24],
    ],
    [
      'the day after it',
      'day',
      'Pacific/Apia',
      '2011-12-30T11:00Z',
      ['2011-12-30T10:00', '2011-12-31T10:00', 24],
    ],
    [
      'a week, from Monday',
      'week',
      'Europe/Berlin',
      '2026-03-29T21:59Z',
      ['2026-03-22T23:00', '2026-03-29T22:00', 167],
    ],
    ['a Monday', 'week', 'UTC', '2026-11-23T00:00Z', ['2026-11-23T00:00', '2026-11-30T00:00', 168]],
    [
      'a month with a longer day',
      'month',
      'Europe/Berlin',
      '2026-10-31T22:59Z',
      ['2026-09-30T22:00', '2026-10-31T23:00', 745],
    ],
    ['February', 'month', 'UTC', '2028-02-29T23:59Z', ['2028-02-01T00:00', '2028-03-01T00:00', 696]],
    ['December', 'month', 'UTC', '2026-12-31T23:59Z', ['2026-12-01T00:00', '2027-01-01T00:00', 744]],
    ['an hour', 'hour', 'Asia/Kathmandu', '2026-06-10T10:20Z', ['2026-06-10T10:15', '2026-06-10T11:15', 1]],
    [
      'the hour before the one that comes twice is over',
      'hour',
      'Europe/Berlin',
      '2026-10-25T00:30Z',
      ['2026-10-25T00:00', '2026-10-25T01:00', 1],
    ],
    [
      'the same hour once more',
      'hour',
      'Europe/Berlin',
      '2026-10-25T01:30Z',
      ['2026-10-25T01:00', '2026-10-25T02:00', 1],
    ],
    [
      'the half of an hour that comes twice',
      'hour',
      'Australia/Lord_Howe',
      '2026-04-04T15:10Z',
      ['2026-04-04T15:00', '2026-04-04T15:30', 0.5],
    ],
    [
      'the half of an hour that is left',
      'hour',
      'Australia/Lord_Howe',
      '2026-10-03T15:40Z',
      ['2026-10-03T15:30', '2026-10-03T16:00', 0.5],
    ],
    [
      'an hour cut short as the clocks are put back in it',
      'hour',
      'America/St_Johns',
      '2010-11-07T02:30:30Z',
      ['2010-11-07T02:30', '2010-11-07T02:31', 1 / 60],
    ],
  ])('knows when %s begins and ends', (...[, period, timeZone, at, expected]) => {
    expect(span(period, timeZone, at)).toEqual(expected);
  });

  it.each(['Europe/Berlin', 'Australia/Lord_Howe', 'America/Havana'])(
    'leaves no instant in %s without its hour, day, week and month around the days on which the clocks change',
    (timeZone) => {
      for (const period of ['hour', 'day', 'week', 'month'] as const) {
        const calendar = new Calendar(period, timeZone);
        for (const [from, until] of [
          ['2026-03-05', '2026-04-07'],
          ['2026-10-01', '2026-11-03'],
        ] as const) {
          let { start: t } = calendar.spanOf(Date.parse(from));
          while (t < Date.parse(until)) {
            const { start, end } = calendar.spanOf(t);
            expect([start, start]).toEqual([t, slowStartOf(period, timeZone, t)]);
            expect(calendar.spanOf(end - 1)).toEqual({ start, end });
            t = end;
          }
        }
      }
    },
    30_000,
  );

  it('refuses a time zone that does not exist', () => {
    expect(() => calendarOf('day', 'Europe/Atlantis')).toThrow(RangeError);
  });
});
