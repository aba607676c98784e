import fc from 'fast-check';
import { readTime } from './read-time';

describe('the time of an event', () => {
  it('is the instant that the calendar of the platform gives it, in every year', () => {
    const instants = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (instant) => {
        expect(readTime(instant.toISOString())).toBe(instant.getTime());
        const toTheSecond = instant.toISOString().replace(/\.\d+Z$/, 'Z');
        expect(readTime(toTheSecond)).toBe(Date.parse(toTheSecond));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read the same in each way it may be written', () => {
    const noon = Date.parse('2026-05-01T12:00:00Z');
    for (const written of [
      '2026-05-01T12:00:00Z',
      '2026-05-01T12:00:00.000Z',
      '2026-05-01t12:00:00z',
      '2026-05-01T14:00:00+02:00',
      '2026-05-01T12:00:00.000000001Z',
    ]) {
      expect(readTime(written)).toBe(noon);
    }
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00.000Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-05-00T00:00:00Z',
    '2026-05-01T24:30:00Z',
    '2026-05-01T12:60:00Z',
    '2026-05-01T12:00:0xZ',
    '2026-05-01 12:00:00Z',
    '2026-05-01T12:00:00',
    '2026-05-01',
    '',
    7,
    null,
  ])('%p is no time', (written) => {
    expect(readTime(written)).toBeNaN();
  });

  it('may be a leap day', () => {
    expect(readTime('2024-02-29T00:00:00Z')).toBe(Date.parse('2024-02-29T00:00:00Z'));
    expect(readTime('2000-02-29T23:59:59.999Z')).toBe(Date.parse('2000-02-29T23:59:59.999Z'));
  });
});
