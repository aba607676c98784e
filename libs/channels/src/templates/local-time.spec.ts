import fc from 'fast-check';
import { localTime } from './local-time';

const NOON = Date.UTC(2025, 4, 3, 12, 5);
const SECOND = 1_000;

describe('an instant on somebody’s own clock', () => {
  it('is what a formatter made for it alone says, whatever was asked before', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Pacific/Apia',
      'UTC',
    );
    const instants = fc.oneof(
      fc.integer({ min: -150, max: 150 }).map((seconds) => NOON + seconds * SECOND),
      fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(instants, zones), { maxLength: 20 }), (asked) => {
        for (const [at, timeZone] of asked) {
          const time = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
          const own = new Intl.DateTimeFormat('en-GB', time).format(at);
          expect(localTime(at, timeZone, 'time')).toBe(`${own} (${timeZone})`);
        }
      }),
    );
  });

  it('names the day where it is long or short', () => {
    expect(localTime(NOON, 'Europe/Berlin', 'long')).toBe('Saturday 3 May 2025, 14:05 (Europe/Berlin)');
    expect(localTime(NOON, 'Europe/Berlin', 'short')).toBe('3 May, 14:05 (Europe/Berlin)');
  });

  it('is in UTC, named, for a zone that is not known here', () => {
    expect(localTime(NOON, 'Europe/Atlantis', 'time')).toBe('12:05 (UTC)');
  });
});
