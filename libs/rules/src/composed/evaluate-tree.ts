import { BETWEEN, CLEAR, HELD } from '../plain/cuts';
import type { Truth } from '../plain/cuts';
import type { UnknownReason } from '../instance';

/** A condition tree over numbered leaves. */
export type TreeNode =
  | { kind: 'leaf'; leaf: number }
  | { kind: 'all' | 'any'; nodes: readonly TreeNode[] }
  | { kind: 'not'; node: TreeNode };

/** What one leaf says: why nothing, or whether it holds. */
export interface LeafSight {
  reason: UnknownReason | null;
  truth: Truth;
}

const NO = 0;
const UNKNOWN = 1;
const YES = 2;
type Kleene = typeof NO | typeof UNKNOWN | typeof YES;

/**
 * Two answers, since with a recovery level there is a band in which an alert neither opens nor ends: `trigger` says
 * whether the condition holds, `loose` whether it has not yet recovered. Under `not` the two change places.
 */
interface Answer {
  trigger: Kleene;
  loose: Kleene;
}

/** The truth of a tree: strong three-valued logic (Kleene), so that what is unknown decides nothing by itself. */
export function evaluateTree(node: TreeNode, leaves: readonly LeafSight[]): LeafSight {
  const { trigger, loose } = answer(node, leaves);
  if (trigger === YES) return { reason: null, truth: HELD };
  if (loose === NO) return { reason: null, truth: CLEAR };
  if (trigger === UNKNOWN) return { reason: firstReason(leaves), truth: BETWEEN };
  return { reason: null, truth: BETWEEN };
}

function answer(node: TreeNode, leaves: readonly LeafSight[]): Answer {
  if (node.kind === 'leaf') return leafAnswer(leaves[node.leaf]!);
  if (node.kind === 'not') {
    const { trigger, loose } = answer(node.node, leaves);
    return { trigger: opposite(loose), loose: opposite(trigger) };
  }
  // With NO < UNKNOWN < YES, `all` is the least answer and `any` the greatest.
  const pick = node.kind === 'all' ? Math.min : Math.max;
  let result: Answer | null = null;
  for (const each of node.nodes) {
    const next = answer(each, leaves);
    result = result
      ? {
          trigger: pick(result.trigger, next.trigger) as Kleene,
          loose: pick(result.loose, next.loose) as Kleene,
        }
      : next;
  }
  return result ?? { trigger: UNKNOWN, loose: UNKNOWN };
}

function leafAnswer({ reason, truth }: LeafSight): Answer {
  if (reason) return { trigger: UNKNOWN, loose: UNKNOWN };
  return { trigger: truth === HELD ? YES : NO, loose: truth === CLEAR ? NO : YES };
}

function opposite(answer: Kleene): Kleene {
  return answer === YES ? NO : answer === NO ? YES : UNKNOWN;
}

function firstReason(leaves: readonly LeafSight[]): UnknownReason {
  return leaves.find(({ reason }) => reason !== null)?.reason ?? 'undefined';
}
