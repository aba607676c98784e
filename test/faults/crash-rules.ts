import type { ComposedTerms, Condition, InstanceDefinition, Measure } from '@app/rules';
import { aLeaf, terms } from '../harness/composed-terms';

export const CONDITION: Condition = { operator: 'below', threshold: 10_000, upper: null, recovery: null };

const lowEvents: Measure = {
  kind: 'count',
  where: { operator: 'below', threshold: 10_000, upper: null },
  windowMs: 10_000,
};

/** One of each kind of thing that has to survive a kill: a value, a pending `for`, a window, silence, a hold. */
export const KINDS: Record<string, ComposedTerms | null> = {
  plain: null,
  held: terms({ forMs: 6_000 }),
  keeping: terms({ keepFiringMs: 6_000 }),
  counted: terms({
    tree: aLeaf({ operator: 'atLeast', threshold: 3 }, lowEvents),
  }),
  silent: terms({ noData: { afterMs: 2_000, treat: 'alert' } }),
  averaged: terms({
    tree: aLeaf(CONDITION, {
      kind: 'aggregate',
      of: 'avg',
      window: { kind: 'sliding', ms: 60_000 },
      partial: true,
    }),
  }),
};

export function definitionOf(kind: string, instanceId: number, subject: string): InstanceDefinition {
  const composed = KINDS[kind] ?? null;
  const first = composed && 'leaf' in composed.tree ? composed.tree.leaf.condition : CONDITION;
  return {
    ...{ instanceId, metric: 'account.balance', subject, condition: first },
    ...{ lifecycle: 'recurring', onCreate: 'fireIfBreached', composed },
  };
}
