import { toCuts, truthOf } from './cuts';
import type { InstanceChange, InstanceDefinition, InstanceState } from '../instance';
import { step, toState, toStatus, transitionOf } from './status';

/** Where an instance stands before any value. */
export const NEW_INSTANCE: InstanceState = { state: 'unknown', armed: false, spent: false, transitionSeq: 0 };

/**
 * Moves one instance on by one value: the meaning of a rule, as a value in and a value out.
 *
 * - The first value decides between `ok` and `firing`; with `waitForCross`, and for crossings always, an
 *   instance whose condition already holds becomes `ok` without being armed, and cannot fire before the
 *   condition was false once.
 * - While `firing`, it recovers where the condition is false and the recovery level, if any, is reached.
 * - A `once` instance is spent by its recovery.
 *
 * @param value scaled integer; it must not be older than the value before it
 */
export function settle(
  definition: Pick<InstanceDefinition, 'condition' | 'lifecycle' | 'onCreate'>,
  state: InstanceState,
  value: number,
): { state: InstanceState; transition: InstanceChange['transition'] } {
  const { shape, first, second } = toCuts(definition.condition);
  const before = toStatus(definition, state);
  const after = step(before, truthOf(shape, first, second, value));
  const transition = transitionOf(before, after);
  return { state: toState(after, state.transitionSeq + (transition === 'fired' ? 1 : 0)), transition };
}
