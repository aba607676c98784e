import type { KeptRule, RuleTerms } from '@app/persistence';
import { canonical, composedTerms, type ComposedTerms } from '@app/rules';

/** What decides when a rule fires: the same meaning keeps its instances' state. */
export function hasSameMeaning(a: RuleTerms, b: RuleTerms): boolean {
  return meaningOf(a) === meaningOf(b);
}

/** In canonical form: the store gives fields back in an order of its own. */
function meaningOf(terms: RuleTerms): string {
  const { metric, condition, subjectKind, lifecycle, onCreate, partnerRuleId, composed } = terms;
  return canonical({ metric, condition, subjectKind, lifecycle, onCreate, partnerRuleId, composed });
}

/** The terms of a rule that may be plain: the same meaning, composed. */
export function composedOf({ composed, metric, condition }: KeptRule): ComposedTerms {
  return (
    composed ?? composedTerms({ leaf: { metric, measure: { kind: 'value' }, condition, maxAgeMs: null } })
  );
}
