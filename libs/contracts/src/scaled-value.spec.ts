import fc from 'fast-check';
import { formatScaled, toScaled } from './scaled-value';

describe('an amount', () => {
  it.each([
    ['12.34', 2, 1_234],
    ['-0.01', 2, -1],
    ['100', 2, 10_000],
    ['1.500', 2, 150],
    ['-0', 2, 0],
    [0.29, 2, 29],
    [1.1, 1, 11],
    [-5, 0, -5],
    ['90071992547409.91', 2, Number.MAX_SAFE_INTEGER],
  ])('%p at scale %d is exactly %d', (input, scale, value) => {
    expect(toScaled(input, scale)).toEqual({ ok: true, value });
  });

  it.each([
    [Number.NaN, 'valueNotNumeric'],
    [Number.POSITIVE_INFINITY, 'valueNotNumeric'],
    ['NaN', 'valueNotNumeric'],
    ['1e3', 'valueNotNumeric'],
    ['0x10', 'valueNotNumeric'],
    ['', 'valueNotNumeric'],
    [' 1', 'valueNotNumeric'],
    ['1,5', 'valueNotNumeric'],
    ['.5', 'valueNotNumeric'],
    [null, 'valueNotNumeric'],
    [true, 'valueNotNumeric'],
    [[1], 'valueNotNumeric'],
    [1.005, 'valueTooFine'],
    ['1.001', 'valueTooFine'],
    ['90071992547409.92', 'valueOutOfRange'],
    [1e15, 'valueOutOfRange'],
  ])('%p is refused as %s, never rounded', (input, reason) => {
    expect(toScaled(input, 2)).toMatchObject({ ok: false, reason });
  });

  it('comes back from its own text unchanged, at every scale', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 }), (value, scale) => {
        const back = toScaled(formatScaled(value, scale), scale);
        expect(back).toEqual({ ok: true, value: value === 0 ? 0 : value });
      }),
    );
  });

  it('as a JSON number is the same as the text that JSON writes for it, or refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
        const number = cents / 100;
        const byNumber = toScaled(number, 2);
        expect(byNumber).toEqual({ ok: true, value: cents === 0 ? 0 : cents });
      }),
    );
  });
});
