import type { Test } from '../measure';
import type { Cuts } from '../plain/cuts';
import { HELD, RISING, toCuts, truthOf } from '../plain/cuts';

const ALL: Cuts = { shape: RISING, first: Number.NEGATIVE_INFINITY, second: Number.NEGATIVE_INFINITY };

/** A test reduced to cuts; null lets every value pass. */
export function testOf(where: Test | null): Cuts {
  return where ? toCuts({ ...where, recovery: null }) : ALL;
}

export function passes(test: Cuts, value: number): boolean {
  return truthOf(test.shape, test.first, test.second, value) === HELD;
}
