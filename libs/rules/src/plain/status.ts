import { HELD, CLEAR, isCrossing, toCuts } from './cuts';
import type { Truth } from './cuts';
import type { InstanceDefinition, InstanceState, InstanceStateName } from '../instance';

/**
 * Everything about an instance that is not a number, in one byte: with an object for each of a million rules,
 * the objects alone would take more memory than is allowed for the whole rule.
 *
 *     bit 0 shape, low · bit 1 once · bit 2 waits for a cross · bit 3-4 state · bit 5 armed
 *     bit 6 shape, high · bit 7 spent
 *
 * Of an instance with a single cut that is not spent the lower six bits are everything: they live in the index,
 * in the word that also names the slot (`entry-word.ts`).
 */
export type Status = number;

const SHAPE_LOW = 1 << 0;
const ONCE = 1 << 1;
const WAITS = 1 << 2;
const STATE_SHIFT = 3;
const STATE = 0b11 << STATE_SHIFT;
const UNKNOWN = 0 << STATE_SHIFT;
const OK = 1 << STATE_SHIFT;
const FIRING = 2 << STATE_SHIFT;
const ARMED = 1 << 5;
const SHAPE_HIGH = 1 << 6;
export const SPENT = 1 << 7;
const POLICY = SHAPE_LOW | SHAPE_HIGH | ONCE | WAITS;

const STATE_NAMES: readonly InstanceStateName[] = ['unknown', 'ok', 'firing'];

export const TRANSITIONS = ['none', 'fired', 'recovered'] as const;
export type PlainTransition = (typeof TRANSITIONS)[number];

/** The status of an instance: of its definition what decides, and where it stands. */
export function toStatus(
  definition: Pick<InstanceDefinition, 'condition' | 'lifecycle' | 'onCreate'>,
  state: Omit<InstanceState, 'transitionSeq'>,
): Status {
  const { condition, lifecycle, onCreate } = definition;
  const waits = onCreate === 'waitForCross' || isCrossing(condition.operator);
  const { shape } = toCuts(condition);
  return (
    (shape & SHAPE_LOW) |
    ((shape & 2) === 0 ? 0 : SHAPE_HIGH) |
    (lifecycle === 'once' ? ONCE : 0) |
    (waits ? WAITS : 0) |
    (STATE_NAMES.indexOf(state.state) << STATE_SHIFT) |
    (state.armed ? ARMED : 0) |
    (state.spent ? SPENT : 0)
  );
}

export function toState(status: Status, transitionSeq: number): InstanceState {
  return { state: stateNameOf(status), armed: isArmed(status), spent: isSpent(status), transitionSeq };
}

export function stateNameOf(status: Status): InstanceStateName {
  return STATE_NAMES[(status & STATE) >> STATE_SHIFT] ?? 'unknown';
}

export function isArmed(status: Status): boolean {
  return (status & ARMED) !== 0;
}

export function shapeOf(status: Status): number {
  return (status & SHAPE_LOW) | ((status & SHAPE_HIGH) === 0 ? 0 : 2);
}

export function isSpent(status: Status): boolean {
  return (status & SPENT) !== 0;
}

/** `none` also covers changes that no customer hears of: a first value, an instance that becomes armed. */
export function transitionOf(before: Status, after: Status): PlainTransition {
  const wasFiring = (before & STATE) === FIRING;
  const isFiring = (after & STATE) === FIRING;
  if (wasFiring === isFiring) return 'none';
  return isFiring ? 'fired' : 'recovered';
}

/**
 * The state machine of a rule instance. What it needs is in the status, so that a restart which has lost the
 * series' last value goes on correctly; and the same truth twice changes nothing, so that an instance may be
 * settled as often as its cuts are passed.
 */
export function step(status: Status, truth: Truth): Status {
  if (isSpent(status)) return status;
  switch (status & STATE) {
    case UNKNOWN:
      return (status & POLICY) | firstState(status, truth);
    case OK:
      if (truth !== HELD) return status | ARMED;
      return (status & ARMED) !== 0 ? (status & ~STATE) | FIRING : status;
    default:
      if (truth !== CLEAR) return status;
      return (status & POLICY) | OK | ARMED | ((status & ONCE) !== 0 ? SPENT : 0);
  }
}

function firstState(status: Status, truth: Truth): number {
  if (truth !== HELD) return OK | ARMED;
  return (status & WAITS) !== 0 ? OK : FIRING | ARMED;
}
