import { checkCondition } from './check-condition';
import { checkReach } from './check-tree';
import { SEVERITIES } from './composed';
import type { ConditionTree, Leaf, Level } from './composed';
import type { Operator } from './rule';
import { BOUNDS } from './rule-bounds';
import type { TermsProblem } from './rule-bounds';

/** Which way the levels of an operator go: 1 up, -1 down. */
const DIRECTION: Partial<Record<Operator, 1 | -1>> = { above: 1, atLeast: 1, below: -1, atMost: -1 };

/**
 * Checks that levels belong to one condition that has a direction, each further out than the one before it and no
 * less severe, with a recovery on its safe side, and all of them within reach of the measure.
 * @param unit how to write levels in the answer
 */
export function checkLevels(
  levels: readonly Level[],
  tree: ConditionTree,
  unit: { unit: string; scale: number },
): TermsProblem[] {
  if (levels.length === 0) return [];
  if (!('leaf' in tree)) return [refusal('have no meaning beside when', 'levels of a single condition')];
  const { leaf } = tree;
  const { operator } = leaf.condition;
  if (DIRECTION[operator] === undefined)
    return [refusal(`have no meaning for ${operator}`, 'levels of above, atLeast, below or atMost')];
  return [...checkNumber(levels), ...levels.flatMap((_, index) => checkLevel(levels, index, leaf, unit))];
}

function checkNumber(levels: readonly Level[]): TermsProblem[] {
  if (levels.length <= BOUNDS.levels) return [];
  return [
    {
      ...refusal(`are ${levels.length}`, `at most ${BOUNDS.levels} levels`),
      limit: 'tooManyLevels' as const,
    },
  ];
}

function checkLevel(
  levels: readonly Level[],
  index: number,
  { measure, condition: { operator } }: Leaf,
  unit: { unit: string; scale: number },
): TermsProblem[] {
  const level = levels[index];
  const before = levels[index - 1];
  if (!level) return [];
  const { threshold, recovery } = level;
  const condition = { operator, threshold, upper: null, recovery };
  const problems: TermsProblem[] = [
    ...checkCondition(condition, unit),
    ...checkReach({ measure, condition }),
  ];
  if (before && (threshold - before.threshold) * (DIRECTION[operator] ?? 1) <= 0) {
    const wouldBeRight = 'thresholds each further out than the one before';
    problems.push({ field: 'threshold', problem: 'is not beyond the level before it', wouldBeRight });
  }
  if (before && SEVERITIES.indexOf(level.severity) < SEVERITIES.indexOf(before.severity)) {
    const wouldBeRight = `at least ${before.severity}`;
    problems.push({ field: 'severity', problem: 'is less than that of the level before it', wouldBeRight });
  }
  return problems.map((problem) => ({ ...problem, field: `levels[${index}].${problem.field}` }));
}

function refusal(problem: string, wouldBeRight: string): TermsProblem {
  return { field: 'levels', problem, wouldBeRight };
}
