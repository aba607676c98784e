import { HELD, CLEAR, isCrossing, toCuts } from './cuts';
import type { Truth } from './cuts';
import type { InstanceDefinition, InstanceState, InstanceStateName } from '../instance';

/**
 * Everything about an instance that is not a number, in one byte: with an object for each of a million rules,
 * the objects alone would take more memory than is allowed for the whole rule.
 *
 *     bit 0-1 shape · bit 2 once · bit 3 waits for a cross · bit 4-5 state · bit 6 armed · bit 7 spent
 */
export type Status = number;

const SHAPE = 0b11;
const ONCE = 1 << 2;
const WAITS = 1 << 3;
const STATE = 0b11 << 4;
const UNKNOWN = 0 << 4;
const OK = 1 << 4;
const FIRING = 2 << 4;
const ARMED = 1 << 6;
const SPENT = 1 << 7;
const POLICY = SHAPE | ONCE | WAITS;

const STATE_NAMES: readonly InstanceStateName[] = ['unknown', 'ok', 'firing'];

/** The status of an instance: of its definition what decides, and where it stands. */
export function toStatus(
  definition: Pick<InstanceDefinition, 'condition' | 'lifecycle' | 'onCreate'>,
  state: Omit<InstanceState, 'transitionSeq'>,
): Status {
  const { condition, lifecycle, onCreate } = definition;
  const waits = onCreate === 'waitForCross' || isCrossing(condition.operator);
  return (
    toCuts(condition).shape |
    (lifecycle === 'once' ? ONCE : 0) |
    (waits ? WAITS : 0) |
    (STATE_NAMES.indexOf(state.state) << 4) |
    (state.armed ? ARMED : 0) |
    (state.spent ? SPENT : 0)
  );
}

export function toState(status: Status, transitionSeq: number): InstanceState {
  return { state: stateNameOf(status), armed: isArmed(status), spent: isSpent(status), transitionSeq };
}

export function stateNameOf(status: Status): InstanceStateName {
  return STATE_NAMES[(status & STATE) >> 4] ?? 'unknown';
}

export function isArmed(status: Status): boolean {
  return (status & ARMED) !== 0;
}

export function shapeOf(status: Status): number {
  return status & SHAPE;
}

export function isSpent(status: Status): boolean {
  return (status & SPENT) !== 0;
}

/** `none` also covers changes that no customer hears of: a first value, an instance that becomes armed. */
export function transitionOf(before: Status, after: Status): 'fired' | 'recovered' | 'none' {
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
