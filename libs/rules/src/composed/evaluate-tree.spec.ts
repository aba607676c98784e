import { BETWEEN, CLEAR, HELD } from '../plain/cuts';
import { evaluateTree } from './evaluate-tree';
import type { LeafSight, TreeNode } from './evaluate-tree';

const held: LeafSight = { reason: null, truth: HELD };
const between: LeafSight = { reason: null, truth: BETWEEN };
const clear: LeafSight = { reason: null, truth: CLEAR };
const unknown: LeafSight = { reason: 'stale', truth: CLEAR };

const [one, other]: TreeNode[] = [
  { kind: 'leaf', leaf: 0 },
  { kind: 'leaf', leaf: 1 },
];
const all: TreeNode = { kind: 'all', nodes: [one!, other!] };
const any: TreeNode = { kind: 'any', nodes: [one!, other!] };
const not: TreeNode = { kind: 'not', node: one! };

describe('a tree of conditions', () => {
  it.each([
    ['all', all, [held, clear], clear],
    ['all', all, [clear, unknown], clear],
    ['all', all, [held, between], between],
    ['any', any, [clear, held], held],
    ['any', any, [unknown, held], held],
    ['any', any, [between, clear], between],
    ['not', not, [held], clear],
    ['not', not, [clear], held],
    ['not', not, [between], between],
  ] as const)('%s decides where what is unknown could change nothing', (_, tree, leaves, expected) => {
    expect(evaluateTree(tree, leaves)).toEqual(expected);
  });

  it.each([
    ['all', all, [held, unknown]],
    ['any', any, [clear, unknown]],
    ['not', not, [unknown]],
  ] as const)('%s says why it is unknown where the rest does not decide', (_, tree, leaves) => {
    expect(evaluateTree(tree, leaves).reason).toBe('stale');
  });
});
