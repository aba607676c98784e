import type { UnknownReason } from '@app/rules';

/** An exact number: `over / under`, `under` positive. No rounding anywhere before the customer reads it. */
export interface Fraction {
  over: bigint;
  under: bigint;
}

/** What a measure says: an exact number, or why there is none. */
export type Reading = { known: Fraction } | { unknown: UnknownReason };

export const unknown = (reason: UnknownReason): Reading => ({ unknown: reason });

/** A whole number; `undefined` beyond 2^53, where the engine's numbers would no longer be exact. */
export function whole(number: bigint | number): Reading {
  const over = BigInt(number);
  return isBeyond(over) ? unknown('undefined') : { known: { over, under: 1n } };
}

/** A number with a fraction; the engine keeps twice its floor (and one more for a rest), so the limit is half as far. */
export function fraction(over: bigint, under: bigint): Reading {
  const doubled = 2n * floorOf({ over, under });
  return isBeyond(doubled) || isBeyond(doubled + 1n) ? unknown('undefined') : { known: { over, under } };
}

function isBeyond(number: bigint): boolean {
  return number > BigInt(Number.MAX_SAFE_INTEGER) || number < BigInt(Number.MIN_SAFE_INTEGER);
}

/** Rounded down, also below zero: what is reported as the value. */
export function floorOf({ over, under }: Fraction): bigint {
  const quotient = over / under;
  return over % under < 0n ? quotient - 1n : quotient;
}

/** Negative, zero or positive, like the difference of number and level. */
export function compare({ over, under }: Fraction, level: number): number {
  const difference = over - BigInt(level) * under;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}
