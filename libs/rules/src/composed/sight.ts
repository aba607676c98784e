import type { UnknownReason } from '../instance';
import { CLEAR, HELD, truthOf } from '../plain/cuts';
import type { Truth } from '../plain/cuts';
import type { ProgramLeaf } from './program';

/** What an instance sees at one instant: of its tree or, with levels, of each level. */
export interface Sight {
  /** Null where the truth is known. */
  reason: UnknownReason | null;
  /** Without levels. */
  truth: Truth;
  /** With levels: the highest that holds, counted from 1; 0 if none does. */
  held: number;
  /** With levels: bit n is set where level n has recovered. */
  cleared: number;
}

/** Reads a known code against the levels of a leaf. */
export function sightOfLevels({ cuts }: ProgramLeaf, code: number): Sight {
  let held = 0;
  let cleared = 0;
  cuts.forEach(({ shape, first, second }, index) => {
    const truth = truthOf(shape, first, second, code);
    if (truth === HELD) held = index + 1;
    if (truth === CLEAR) cleared |= 1 << (index + 1);
  });
  return { reason: null, truth: held > 0 ? HELD : CLEAR, held, cleared };
}

/**
 * The level of an alert that stood at `current` (0: none): one is left only at its own recovery, for the highest that still
 * holds. Where none does it is the lowest until that one's recovery, or an alert would end before it is back where its words
 * say that it ends (Kapacitor ends it there).
 */
export function levelOf({ held, cleared }: Sight, current: number): number {
  const hasCleared = (level: number): boolean => (cleared & (1 << level)) !== 0;
  if (held >= current) return held;
  if (!hasCleared(current)) return current;
  return held > 0 || hasCleared(1) ? held : 1;
}
