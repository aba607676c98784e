import { checkLevels } from './check-levels';
import { within } from './check-measure';
import { checkTree } from './check-tree';
import type { TermsContext } from './check-tree';
import type { ComposedTerms } from './composed';
import { scaleOf } from './measure';
import { BOUNDS } from './rule-bounds';
import type { TermsProblem } from './rule-bounds';

const DURATION = { min: 1_000, max: BOUNDS.maxDurationMs };
/** While the condition holds, each of these is a firing without any event: after an outage all of them are due at once. */
const REARM = { min: BOUNDS.minWindowMs, max: BOUNDS.maxDurationMs };

/**
 * Checks a rule's terms before they are saved, so that the engine never meets what it cannot decide.
 * @param now instant of the question, epoch ms: an expiry must lie after it
 * @returns every problem at once, with paths as the customer wrote them; empty if the terms can be used
 */
export function checkComposed(terms: ComposedTerms, context: TermsContext, now: number): TermsProblem[] {
  return [
    ...checkTree(terms.tree, context),
    ...checkLevels(terms.levels, terms.tree, unitOfLevels(terms, context)),
    ...(terms.forMs === 0 ? [] : within('for', terms.forMs, DURATION)),
    ...(terms.keepFiringMs === 0 ? [] : within('keepFiring', terms.keepFiringMs, DURATION)),
    ...(terms.noData === null ? [] : within('noData.after', terms.noData.afterMs, DURATION)),
    ...(terms.rearmAfterMs === null ? [] : within('rearmAfter', terms.rearmAfterMs, REARM)),
    ...checkExpiry(terms, now),
    ...checkFirings(terms.maxFirings),
  ];
}

function checkExpiry({ expiresAt, onExpiry }: ComposedTerms, now: number): TermsProblem[] {
  if (expiresAt === null) {
    if (onExpiry === 'cancel') return [];
    const wouldBeRight = 'expiresAt beside it';
    return [{ field: 'onExpiry', problem: 'has no meaning without an expiry', wouldBeRight }];
  }
  // At the same instant expiry comes before an event: a rule that expires now would never watch.
  if (expiresAt > now) return [];
  return [{ field: 'expiresAt', problem: 'is not in the future', wouldBeRight: 'a later instant' }];
}

function checkFirings(maxFirings: number | null): TermsProblem[] {
  if (maxFirings === null) return [];
  if (Number.isInteger(maxFirings) && maxFirings >= 1 && maxFirings <= BOUNDS.firings) return [];
  const problem = maxFirings > BOUNDS.firings ? 'is too many' : 'is not a number of firings';
  const wouldBeRight = `a whole number from 1 to ${BOUNDS.firings}`;
  const limit = maxFirings > BOUNDS.firings ? { limit: 'tooManyFirings' as const } : {};
  return [{ field: 'maxFirings', problem, wouldBeRight, ...limit }];
}

function unitOfLevels({ tree }: ComposedTerms, { metrics }: TermsContext): { unit: string; scale: number } {
  const metric = 'leaf' in tree ? metrics.get(tree.leaf.metric) : undefined;
  if (!metric || !('leaf' in tree)) return { unit: '', scale: 0 };
  return { unit: '', scale: scaleOf(tree.leaf.measure, metric.scale) };
}
