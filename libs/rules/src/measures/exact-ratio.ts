/** Hundredths of a percent in a whole. */
const PERCENT = 10_000;

/**
 * Code of a fraction: `2 * floor(q)`, plus 1 unless q is whole. NaN beyond 2^53.
 * @param numerator safe integer; NaN gives NaN
 * @param denominator safe integer above 0
 */
export function codeOfRatio(numerator: number, denominator: number): number {
  if (Number.isNaN(numerator)) return Number.NaN;
  if (Math.abs(numerator) + denominator > Number.MAX_SAFE_INTEGER) {
    return codeOfBigRatio(BigInt(numerator), BigInt(denominator));
  }
  // Rounding may lift a quotient to the next whole number, never lower it past one; the product is exact.
  // This takes 5 ns, the remainder operator of doubles 22.
  const floor = Math.floor(numerator / denominator);
  const rest = numerator - floor * denominator;
  const code = rest < 0 ? 2 * floor - 1 : 2 * floor + (rest === 0 ? 0 : 1);
  return Number.isSafeInteger(code) ? code : Number.NaN;
}

/** Code of `value * factor / denominator`, exact where the product exceeds 2^53. */
export function codeOfProduct(value: number, factor: number, denominator: number): number {
  const product = value * factor;
  if (Number.isSafeInteger(product) || Number.isNaN(product)) return codeOfRatio(product, denominator);
  return codeOfBigRatio(BigInt(value) * BigInt(factor), BigInt(denominator));
}

/**
 * Code of `value - reference` in hundredths of a percent of `whole`.
 * @param whole above 0
 */
export function codeOfPercent(value: number, reference: number, whole: number): number {
  const difference = value - reference;
  if (Number.isSafeInteger(difference)) return codeOfProduct(difference, PERCENT, whole);
  return codeOfBigRatio((BigInt(value) - BigInt(reference)) * BigInt(PERCENT), BigInt(whole));
}

function codeOfBigRatio(numerator: bigint, denominator: bigint): number {
  const rest = numerator % denominator;
  const floor = numerator / denominator - (rest < 0n ? 1n : 0n);
  const code = Number(2n * floor + (rest === 0n ? 0n : 1n));
  return Number.isSafeInteger(code) ? code : Number.NaN;
}
