const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * What one rule may cost. A window keeps 60 slices whatever its length, and a count as many events as its level, so
 * these are what bounds the memory of a series.
 */
export const BOUNDS = {
  minWindowMs: MINUTE_MS,
  /** The largest that an installation may allow; a calendar month fits. */
  maxWindowMs: 31 * DAY_MS,
  /** Events that a count can tell apart. */
  counted: 1_000,
  periods: 100,
  leaves: 8,
  depth: 4,
  levels: 5,
  firings: 1_000,
  activeHours: 20,
  maxPerDay: 1_000,
  /** Longest `for`, `keepFiring`, `rearmAfter`, `cooldown` and the like. */
  maxDurationMs: 366 * DAY_MS,
} as const;

/** A bound that a rule passes; everything else that is wrong with terms has no name of its own. */
export type Limit =
  'windowTooLong' | 'countTooLarge' | 'tooManyConditions' | 'tooDeep' | 'tooManyLevels' | 'tooManyFirings';

/** One thing wrong with a rule's terms, in words for whoever sent them. */
export interface TermsProblem {
  /** Path as the customer writes it: `when.all[1].measure.window`. */
  field: string;
  problem: string;
  wouldBeRight: string;
  limit?: Limit;
}
