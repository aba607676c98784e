import fc from 'fast-check';
import { codeOfPercent, codeOfProduct, codeOfRatio } from './exact-ratio';

const integer = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -1000, max: 1000 }));
const denominator = fc.oneof(
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);

function expected(numerator: bigint, denominator: bigint): number {
  let floor = numerator / denominator;
  if (floor * denominator > numerator) floor -= 1n;
  const code = Number(2n * floor + (floor * denominator === numerator ? 0n : 1n));
  return Number.isSafeInteger(code) ? code : Number.NaN;
}

describe('the code of a fraction', () => {
  it('is that of big integers for every ratio, product and percentage, next to whole numbers too', () => {
    fc.assert(
      fc.property(integer, integer, denominator, fc.integer({ min: -2, max: 2 }), (a, b, d, nudge) => {
        expect(codeOfRatio(a, d)).toBe(expected(BigInt(a), BigInt(d)));
        const almost = Math.trunc(a / d) * d + nudge;
        if (Number.isSafeInteger(almost)) {
          expect(codeOfRatio(almost, d)).toBe(expected(BigInt(almost), BigInt(d)));
        }
        expect(codeOfProduct(a, Math.abs(b), d)).toBe(expected(BigInt(a) * BigInt(Math.abs(b)), BigInt(d)));
        expect(codeOfPercent(a, b, d)).toBe(expected((BigInt(a) - BigInt(b)) * 10_000n, BigInt(d)));
      }),
      { numRuns: 2000 },
    );
  });

  it('is unknown for what is unknown', () => {
    expect([codeOfRatio(Number.NaN, 3), codeOfProduct(Number.NaN, 2, 3)]).toEqual([Number.NaN, Number.NaN]);
  });
});
