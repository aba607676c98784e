import { toScaled } from '@app/contracts';
import type { KeptRule, RuleAdjustment, RuleSetting } from '@app/persistence';
import {
  checkComposed,
  scaleOf,
  type ComposedTerms,
  type ConditionTree,
  type NoticePolicy,
} from '@app/rules';
import { conflict, invalid, type FieldProblem } from '../http/problem';
import { composedOf, hasSameMeaning } from '../rules/meaning';

/**
 * What a new registration makes of the customer's rules: thresholds take the attribute they follow, and calendars, days
 * and hours in the customer's zone move to the new one.
 * @returns the rules that change; `rearm` where they mean something else now
 * @throws Problem if a rule follows an attribute that is gone, or could not be saved with its new value
 */
export function followRegistration(
  rules: readonly KeptRule[],
  before: RuleSetting,
  after: RuleSetting,
): RuleAdjustment[] {
  refuseMissing(rules, after);
  const problems: FieldProblem[] = [];
  const adjusted = rules.flatMap((rule) => {
    const followed = withThreshold(moved(rule, before.timeZone, after.timeZone), after, problems);
    const { ruleId, condition, composed, notices } = followed;
    const rearm = !hasSameMeaning(followed, rule);
    return rearm || notices !== rule.notices ? [{ ruleId, condition, composed, notices, rearm }] : [];
  });
  if (problems.length > 0) throw invalid(problems);
  return adjusted;
}

function refuseMissing(rules: readonly KeptRule[], { attributes }: RuleSetting): void {
  const errors = rules.flatMap(({ thresholdAttribute, title, ruleId }) =>
    thresholdAttribute === null || Object.hasOwn(attributes, thresholdAttribute)
      ? []
      : [
          {
            field: `attributes.${thresholdAttribute}`,
            problem: `is what the rule ${nameOf({ title, ruleId })} follows`,
            wouldBeRight: 'a value, or first another threshold for that rule',
          },
        ],
  );
  if (errors.length === 0) return;
  throw conflict('attribute-in-use', 'Rules follow an attribute that would be gone.', errors);
}

function withThreshold(rule: KeptRule, { attributes }: RuleSetting, problems: FieldProblem[]): KeptRule {
  const { thresholdAttribute: name, metricEntry } = rule;
  const terms = composedOf(rule);
  if (name === null || !('leaf' in terms.tree)) return rule;
  const { leaf } = terms.tree;
  const scaled = toScaled(attributes[name], scaleOf(leaf.measure, metricEntry.scale));
  const field = `attributes.${name}`;
  if (!scaled.ok) {
    problems.push(refusal(field, rule, scaled.detail));
    return rule;
  }
  const condition = { ...rule.condition, threshold: scaled.value };
  const tree = { leaf: { ...leaf, condition } };
  const wrong = checkComposed({ ...terms, tree }, contextOf(rule), Number.NEGATIVE_INFINITY);
  for (const { field: part, problem } of wrong) problems.push(refusal(field, rule, `${part} ${problem}`));
  return { ...rule, condition, composed: rule.composed && { ...rule.composed, tree } };
}

/** Limits are for what is asked anew: a rule that was within them goes on. */
function contextOf({ metricEntries }: KeptRule) {
  const metrics = new Map(metricEntries.map((metric) => [metric.name, metric]));
  return { metrics, maxWindowMs: Number.MAX_SAFE_INTEGER, path: '' };
}

function refusal(field: string, rule: KeptRule, what: string): FieldProblem {
  const problem = `does not suit the rule ${nameOf(rule)}: ${what}`;
  return { field, problem, wouldBeRight: 'a value with which that rule could be saved' };
}

function nameOf({ title, ruleId }: Pick<KeptRule, 'title' | 'ruleId'>): string {
  return title === '' ? ruleId : `"${title}" (${ruleId})`;
}

function moved(rule: KeptRule, from: string, to: string): KeptRule {
  if (from === to) return rule;
  const { composed, notices } = rule;
  return {
    ...rule,
    composed: composed && { ...composed, tree: movedTree(composed.tree, to) },
    notices: notices && movedPolicy(notices, from, to),
  };
}

/** Calendars of measures are always the customer's. */
function movedTree(tree: ConditionTree, to: string): ComposedTerms['tree'] {
  if ('all' in tree) return { all: tree.all.map((part) => movedTree(part, to)) };
  if ('any' in tree) return { any: tree.any.map((part) => movedTree(part, to)) };
  if ('not' in tree) return { not: movedTree(tree.not, to) };
  const { measure } = tree.leaf;
  if ('timeZone' in measure) return { leaf: { ...tree.leaf, measure: { ...measure, timeZone: to } } };
  if (measure.kind !== 'aggregate' || measure.window.kind !== 'calendar') return tree;
  return { leaf: { ...tree.leaf, measure: { ...measure, window: { ...measure.window, timeZone: to } } } };
}

/** Hours in another zone than the customer's were meant so. */
function movedPolicy(policy: NoticePolicy, from: string, to: string): NoticePolicy {
  const activeHours = policy.activeHours.map((hours) =>
    hours.timeZone === from ? { ...hours, timeZone: to } : hours,
  );
  return { ...policy, timeZone: to, activeHours };
}
