import fc from 'fast-check';
import { readDuration, writeDuration } from './duration';

describe('a duration', () => {
  it.each([
    ['PT5M', 300_000],
    ['P1D', 86_400_000],
    ['P2W', 1_209_600_000],
    ['P1DT12H', 129_600_000],
    ['PT1H30M', 5_400_000],
    ['PT0S', 0],
    ['PT90M', 5_400_000],
    ['PT0.5S', 500],
  ])('%s is %d ms', (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1',
    '5M',
    'P1M',
    'P1Y',
    'PT5',
    'P1DT',
    'PT1M1H',
    'P1.5D',
    '-PT5M',
    ' PT5M',
    'pt5m',
    300,
    null,
  ])('%j is none', (text) => {
    expect(readDuration(text)).toBeNaN();
  });

  it('comes back from its own text unchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 86_400_000 }), (ms) => {
        expect(readDuration(writeDuration(ms))).toBe(ms);
      }),
    );
  });

  it('is written as short as it can be', () => {
    expect([90_000, 86_400_000, 3_600_000, 604_800_000].map(writeDuration)).toEqual([
      'PT1M30S',
      'P1D',
      'PT1H',
      'P7D',
    ]);
  });
});
