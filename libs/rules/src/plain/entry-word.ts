import { CLEAR, HELD, RISING } from './cuts';
import type { Truth } from './cuts';
import { TRANSITIONS, shapeOf, step, transitionOf } from './status';
import type { Status } from './status';

/**
 * The word of an entry in the index: slot in the upper 26 bits, and below it the status of an instance that has
 * only this cut. Its transitions are then decided and kept where the passage reads anyway, side by side, and
 * passing a million of them reads memory in order instead of a million rows in random order.
 *
 * An instance with two cuts says `PAIRED` there: its status lies in the pair that the entry's payload names.
 */
export const SLOT_SHIFT = 6;
export const STATUS_BITS = (1 << SLOT_SHIFT) - 1;
/** No slot is as large: with it, a pair of cut and slot stands behind all entries of that cut. */
export const SLOT_LIMIT = 2 ** (32 - SLOT_SHIFT);
/** A state that no instance has. */
export const PAIRED = 0b11 << 3;

/** What became of an instance, in the six bits that a log's row has beside the slot. */
export const OUTCOME_SHIFT = SLOT_SHIFT;
const SPENT_BIT = 1 << 3;
const TRANSITION_SHIFT = 4;
const STATE_AND_ARMED = 0b111;

/** bit 0-1 state, bit 2 armed (as in a status), bit 3 spent, bit 4-5 transition: 1 fired, 2 recovered */
export function outcomeOf(before: Status, after: Status): number {
  const spent = after >> 7 === 0 ? 0 : SPENT_BIT;
  const transition = TRANSITIONS.indexOf(transitionOf(before, after));
  return ((after >> 3) & STATE_AND_ARMED) | spent | (transition << TRANSITION_SHIFT);
}

/** A status with the same state, armed and spent. */
export function statusOfOutcome(outcome: number): Status {
  return ((outcome & STATE_AND_ARMED) << 3) | ((outcome & SPENT_BIT) << 4);
}

export function transitionIn(outcome: number): number {
  return outcome >> TRANSITION_SHIFT;
}

/** @returns 1 or 0, to be added to a count */
export function isFiredIn(outcome: number): number {
  return (outcome >> TRANSITION_SHIFT) & 1;
}

export function isSpentIn(outcome: number): boolean {
  return (outcome & SPENT_BIT) !== 0;
}

/**
 * What passing its only cut does to an instance, for each status: the status after it, and the outcome above
 * that. A value at or above the cut has risen over it, any other fell below it.
 */
export const RISEN = stepsFor(true);
export const FALLEN = stepsFor(false);

function stepsFor(risen: boolean): Int32Array {
  return Int32Array.from({ length: STATUS_BITS + 1 }, (_, status) => {
    if ((status & PAIRED) === PAIRED) return status;
    const truth: Truth = (shapeOf(status) === RISING) === risen ? HELD : CLEAR;
    const after = step(status, truth);
    return (after & STATUS_BITS) | (outcomeOf(status, after) << OUTCOME_SHIFT);
  });
}
