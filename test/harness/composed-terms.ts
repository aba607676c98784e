import { composedTerms } from '@app/rules';
import type { ComposedTerms, Condition, Leaf, Measure } from '@app/rules';

/** "Below 100.00" on the latest balance, unless told otherwise. */
export function aLeaf(
  condition: Partial<Condition> = {},
  measure: Measure = { kind: 'value' },
): ComposedTerms['tree'] {
  const usual: Leaf['condition'] = { operator: 'below', threshold: 10_000, upper: null, recovery: null };
  return {
    leaf: { metric: 'account.balance', measure, condition: { ...usual, ...condition }, maxAgeMs: null },
  };
}

/** Composed terms without anything beyond one level, unless told otherwise. */
export function terms(more: Partial<ComposedTerms> = {}): ComposedTerms {
  return composedTerms(aLeaf(), more);
}
