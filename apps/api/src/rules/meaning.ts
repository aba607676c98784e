import type { KeptRule, RuleTerms } from '@app/persistence';
import type { ComposedTerms, Condition } from '@app/rules';

/** What decides when a rule fires: the same meaning keeps its instances' state. */
export function hasSameMeaning(a: RuleTerms, b: RuleTerms): boolean {
  return meaningOf(a) === meaningOf(b);
}

function meaningOf(terms: RuleTerms): string {
  const { metric, condition, subjectKind, lifecycle, onCreate, partnerRuleId, composed } = terms;
  return canonical({ metric, condition, subjectKind, lifecycle, onCreate, partnerRuleId, composed });
}

/** The store gives fields back in an order of its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The terms of a rule that may be plain: the same meaning, composed. */
export function composedOf({ composed, metric, condition }: KeptRule): ComposedTerms {
  return composed ?? plainTerms(metric, condition);
}

function plainTerms(metric: string, condition: Condition): ComposedTerms {
  return {
    tree: { leaf: { metric, measure: { kind: 'value' }, condition, maxAgeMs: null } },
    levels: [],
    forMs: 0,
    keepFiringMs: 0,
    noData: null,
    rearmAfterMs: null,
    expiresAt: null,
    onExpiry: 'cancel',
    maxFirings: null,
    partnerInstanceId: null,
  };
}
