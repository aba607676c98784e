import type { Measure } from '@app/rules';
import { fraction, unknown, whole, type Reading } from './reading';

type Trailing = Extract<Measure, { kind: 'trailing' }>;

/**
 * How far the value lies below its high, or above its low, since the instance was armed.
 * @param extreme highest or lowest of all latest values since then, the one known at arming included
 */
export function readTrailing(
  { from, unit }: Trailing,
  extreme: number | null,
  value: number | null,
): Reading {
  if (extreme === null || value === null) return unknown('warmingUp');
  const distance = BigInt(from === 'high' ? extreme : value) - BigInt(from === 'high' ? value : extreme);
  if (unit === 'amount') return whole(distance);
  if (extreme <= 0) return unknown('undefined');
  return fraction(10_000n * distance, BigInt(extreme));
}
