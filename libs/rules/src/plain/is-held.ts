import { HELD, toCuts, truthOf } from './cuts';
import type { Condition } from '../rule';

/**
 * Says whether a condition holds for a value; for a crossing, whether the value lies beyond the level.
 * @param value scaled integer of the rule's metric
 */
export function isHeld(condition: Condition, value: number): boolean {
  const { shape, first, second } = toCuts(condition);
  return truthOf(shape, first, second, value) === HELD;
}
