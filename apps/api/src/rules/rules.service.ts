import { formatScaled, type Metric } from '@app/contracts';
import type {
  KeptRule,
  MetricCatalogueStore,
  RuleBookStore,
  RuleRefusal,
  RuleStatus,
  RuleTerms,
} from '@app/persistence';
import { conflict, forbidden, invalid, notFound, type Problem } from '../http/problem';
import { readTerms } from './read-terms';
import type { ChangeRuleDto, CreateRuleDto, RuleView } from './rule.dto';
import { toRuleView } from './rule-view';

export interface RuleLimits {
  rulesPerCustomer: number;
  subjectsPerRule: number;
}

/** Decides about customers' rules: what a rule may watch, and what a change does to what it already knows. */
export class Rules {
  constructor(
    private readonly book: RuleBookStore,
    private readonly metrics: MetricCatalogueStore,
    private readonly limits: RuleLimits,
  ) {}

  async create(customerId: string, ruleId: string, wish: CreateRuleDto): Promise<RuleView> {
    const terms = await this.termsOf(wish);
    const subjects = this.listed(wish.subjects);
    const result = await this.book.create(
      { ...terms, customerId, ruleId },
      subjects,
      this.limits.rulesPerCustomer,
    );
    if (result.kind !== 'saved') throw this.refusal(result);
    return this.find(customerId, ruleId);
  }

  async find(customerId: string, ruleId: string): Promise<RuleView> {
    const [view] = await this.viewsOf([await this.kept(customerId, ruleId)]);
    if (!view) throw notFound('rule');
    return view;
  }

  async list(customerId: string, after: string | null, limit: number): Promise<KeptRule[]> {
    return this.book.list(customerId, after, limit);
  }

  async viewsOf(rules: readonly KeptRule[]): Promise<RuleView[]> {
    const instances = await this.book.instancesOf(rules.map((rule) => rule.ruleId));
    return rules.map((rule) =>
      toRuleView(
        rule,
        instances.filter((instance) => instance.ruleId === rule.ruleId),
      ),
    );
  }

  /** Whatever changes the condition or its subjects starts its instances anew; words and channels do not. */
  async change(customerId: string, ruleId: string, wish: ChangeRuleDto): Promise<RuleView> {
    const kept = await this.kept(customerId, ruleId);
    const whole = { ...wishOf(kept), ...defined(wish) } as CreateRuleDto;
    if (wish.subjects === undefined) whole.subjects = kept.subjectKind === 'owned' ? 'owned' : [];
    const terms = await this.termsOf(whole);
    const subjects =
      wish.subjects === undefined
        ? await this.subjectsToCheck(kept, terms.metric)
        : this.listed(wish.subjects);
    const rearm = (await this.subjectsDiffer(kept, subjects)) || meaning(terms) !== meaning(kept);
    const next = { ...terms, customerId, ruleId, revision: kept.revision };
    const result = await this.book.change(next, subjects, rearm);
    if (result.kind !== 'saved') throw this.refusal(result);
    return this.find(customerId, ruleId);
  }

  async setStatus(customerId: string, ruleId: string, status: RuleStatus): Promise<void> {
    if (!(await this.book.setStatus(customerId, ruleId, status))) throw notFound('rule');
  }

  private async kept(customerId: string, ruleId: string): Promise<KeptRule> {
    const rule = await this.book.find(customerId, ruleId);
    if (!rule) throw notFound('rule');
    return rule;
  }

  /** Another metric may be one whose subjects must be owned, so they are checked again; otherwise they stay alone. */
  private async subjectsToCheck(kept: KeptRule, metric: string): Promise<string[] | null> {
    if (kept.metric === metric || kept.subjectKind === 'owned') return null;
    return (await this.book.instancesOf([kept.ruleId])).map((instance) => instance.subject);
  }

  private async subjectsDiffer(kept: KeptRule, subjects: readonly string[] | null): Promise<boolean> {
    if (subjects === null || kept.subjectKind === 'owned') return false;
    const watched = await this.book.instancesOf([kept.ruleId]);
    return (
      watched.length !== subjects.length || watched.some((instance) => !subjects.includes(instance.subject))
    );
  }

  private async termsOf(wish: CreateRuleDto) {
    const metric: Metric | null = await this.metrics.find(wish.metric);
    if (!metric)
      throw invalid([
        { field: 'metric', problem: 'is not defined', wouldBeRight: 'a name that GET /v1/metrics lists' },
      ]);
    const terms = readTerms(wish, metric);
    if (!terms.ok) throw invalid(terms.problems);
    return terms.value;
  }

  private listed(subjects: string[] | 'owned'): string[] {
    if (subjects === 'owned') return [];
    if (subjects.length <= this.limits.subjectsPerRule) return subjects;
    throw conflict(
      'too-many-subjects',
      `A rule may name ${this.limits.subjectsPerRule} subjects; this one names ${subjects.length}.`,
    );
  }

  private refusal(refusal: RuleRefusal): Problem {
    switch (refusal.kind) {
      case 'tooMany':
        return conflict(
          'too-many-rules',
          `A customer may have ${this.limits.rulesPerCustomer} rules: remove one first.`,
        );
      case 'changedMeanwhile':
        return conflict(
          'changed-meanwhile',
          'The rule was changed by another request at the same time: read it again.',
        );
      case 'notOwned': {
        const problem = `names what the customer does not own: ${refusal.subjects.slice(0, 5).join(', ')}`;
        return forbidden('not-owned', 'Only the owner of a subject may watch this metric.', [
          { field: 'subjects', problem, wouldBeRight: 'subjects that the customer owns, or "owned"' },
        ]);
      }
      default:
        return refusal satisfies never;
    }
  }
}

/** What decides when a rule fires: the same meaning keeps its instances' state. */
function meaning({ metric, condition, subjectKind, lifecycle, onCreate }: RuleTerms): string {
  const { operator, threshold, upper, recovery } = condition;
  return JSON.stringify([metric, operator, threshold, upper, recovery, subjectKind, lifecycle, onCreate]);
}

/** The kept rule in the words in which it could have been asked for. */
function wishOf({ metricEntry, condition, ...rule }: KeptRule): Omit<CreateRuleDto, 'subjects'> {
  const amount = (value: number): string => formatScaled(value, metricEntry.scale);
  const { title, metric, lifecycle, onCreate, topic, channels, notifyRecovery } = rule;
  return {
    title,
    metric,
    operator: condition.operator,
    threshold: amount(condition.threshold),
    upper: condition.upper === null ? null : amount(condition.upper),
    recovery: condition.recovery === null ? null : amount(condition.recovery),
    lifecycle,
    onCreate,
    topic,
    channels,
    notifyRecovery,
  };
}

function defined(wish: ChangeRuleDto): Partial<CreateRuleDto> {
  return Object.fromEntries(
    Object.entries(wish).filter(([, value]) => value !== undefined),
  ) as Partial<CreateRuleDto>;
}
