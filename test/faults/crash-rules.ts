import type { ComposedTerms, InstanceDefinition, Leaf, Measure } from '@app/rules';

const BELOW_100: Leaf['condition'] = { operator: 'below', threshold: 10_000, upper: null, recovery: null };
const LATEST: Measure = { kind: 'value' };

const leaf = (condition = BELOW_100, measure: Measure = LATEST): ComposedTerms['tree'] => ({
  leaf: { metric: 'account.balance', measure, condition, maxAgeMs: null },
});

const terms = (more: Partial<ComposedTerms>): ComposedTerms => ({
  tree: leaf(),
  levels: [],
  forMs: 0,
  keepFiringMs: 0,
  noData: null,
  rearmAfterMs: null,
  expiresAt: null,
  onExpiry: 'cancel',
  maxFirings: null,
  partnerInstanceId: null,
  ...more,
});

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
    tree: leaf({ operator: 'atLeast', threshold: 3, upper: null, recovery: null }, lowEvents),
  }),
  silent: terms({ noData: { afterMs: 2_000, treat: 'alert' } }),
  averaged: terms({
    tree: leaf(BELOW_100, {
      kind: 'aggregate',
      of: 'avg',
      window: { kind: 'sliding', ms: 60_000 },
      partial: true,
    }),
  }),
};

export const CONDITION = BELOW_100;

export function definitionOf(kind: string, instanceId: number, subject: string): InstanceDefinition {
  const composed = KINDS[kind] ?? null;
  const first = composed && 'leaf' in composed.tree ? composed.tree.leaf.condition : BELOW_100;
  return {
    ...{ instanceId, metric: 'account.balance', subject, condition: first },
    ...{ lifecycle: 'recurring', onCreate: 'fireIfBreached', composed },
  };
}
