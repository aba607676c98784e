import type {
  KeptInstance,
  KeptRule,
  RuleBookStore,
  RuleRefusal,
  RuleStatus,
  RuleTerms,
} from '@app/persistence';
import { readTime } from '@app/contracts';
import { readDuration } from '../http/duration';
import { conflict, invalid, notFound, type Problem } from '../http/problem';
import { changedWish } from './changed-wish';
import { hasSameMeaning } from './meaning';
import { notOwned } from './not-owned';
import type { SnoozeDto } from './notice.dto';
import type { ChangeRuleDto, CreateRuleDto } from './rule.dto';
import type { RuleView } from './rule-view.dto';
import { toRuleView } from './rule-view';
import type { TermsReader } from './terms-reader';

export interface RuleLimits {
  rulesPerCustomer: number;
  subjectsPerRule: number;
}

/** Longest time for which a rule may be silenced at once. */
const MAX_SNOOZE_MS = 366 * 86_400_000;

/** Decides about customers' rules: what a rule may watch, and what a change does to what it already knows. */
export class Rules {
  constructor(
    private readonly book: RuleBookStore,
    private readonly reader: TermsReader,
    private readonly limits: RuleLimits,
  ) {}

  async create(customerId: string, ruleId: string, wish: CreateRuleDto): Promise<RuleView> {
    const { terms, registrationVersion } = await this.reader.read(customerId, wish, Date.now());
    const subjects = this.listed(wish.subjects);
    const rule = { ...terms, customerId, ruleId, registrationVersion };
    const result = await this.book.create(rule, subjects, this.limits.rulesPerCustomer);
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

  /** Whatever changes the condition or its subjects starts its instances anew; words, channels and notices do not. */
  async change(customerId: string, ruleId: string, wish: ChangeRuleDto): Promise<RuleView> {
    const kept = await this.kept(customerId, ruleId);
    const watched = await this.book.instancesOf([ruleId]);
    const whole = changedWish(kept, wish);
    // An expiry that has passed may stand in a rule that gets a new name.
    const isExpiryKept = readTime(whole.expiresAt) === kept.composed?.expiresAt;
    const now = isExpiryKept ? Number.NEGATIVE_INFINITY : Date.now();
    const { terms, registrationVersion } = await this.reader.read(customerId, whole, now);
    const subjects =
      wish.subjects === undefined ? subjectsToCheck(kept, terms, watched) : this.listed(wish.subjects);
    const rearm = subjectsDiffer(kept, watched, subjects) || !hasSameMeaning(terms, kept);
    const next = { ...terms, customerId, ruleId, revision: kept.revision, registrationVersion };
    const result = await this.book.change(next, subjects, rearm);
    if (result.kind !== 'saved') throw this.refusal(result);
    return this.find(customerId, ruleId);
  }

  async setStatus(customerId: string, ruleId: string, status: RuleStatus): Promise<void> {
    if (!(await this.book.setStatus(customerId, ruleId, status))) throw notFound('rule');
  }

  async snooze(customerId: string, ruleId: string, wish: SnoozeDto): Promise<RuleView> {
    const until = snoozeEnd(wish, Date.now());
    if (!(await this.book.snooze(customerId, ruleId, new Date(until)))) throw notFound('rule');
    return this.find(customerId, ruleId);
  }

  async wake(customerId: string, ruleId: string): Promise<RuleView> {
    if (!(await this.book.snooze(customerId, ruleId, null))) throw notFound('rule');
    return this.find(customerId, ruleId);
  }

  private async kept(customerId: string, ruleId: string): Promise<KeptRule> {
    const rule = await this.book.find(customerId, ruleId);
    if (!rule) throw notFound('rule');
    return rule;
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
          'The rule or the registration was changed by another request at the same time: read it again.',
        );
      case 'notOwned':
        return notOwned(refusal.subjects);
      case 'partner':
        return invalid([{ field: 'cancels', ...PARTNER[refusal.why] }]);
      default:
        return refusal satisfies never;
    }
  }
}

const PARTNER = {
  missing: { problem: 'is not a rule of the customer', wouldBeRight: 'the ruleId of another rule' },
  taken: {
    problem: 'has another partner already',
    wouldBeRight: 'a rule without one, or first cancels: null there',
  },
  subjects: {
    problem: 'does not watch the same single subject',
    wouldBeRight: 'two rules that list exactly one subject, the same one',
  },
} as const;

/** Another metric may be one whose subjects must be owned, so they are checked again; otherwise they stay alone. */
function subjectsToCheck(
  kept: KeptRule,
  { composed, metric }: RuleTerms,
  watched: readonly KeptInstance[],
): string[] | null {
  const isSame = kept.metric === metric && !composed && !kept.composed;
  if (isSame || kept.subjectKind === 'owned') return null;
  return watched.map((instance) => instance.subject);
}

function subjectsDiffer(
  kept: KeptRule,
  watched: readonly KeptInstance[],
  subjects: readonly string[] | null,
): boolean {
  if (subjects === null || kept.subjectKind === 'owned') return false;
  return (
    watched.length !== subjects.length || watched.some((instance) => !subjects.includes(instance.subject))
  );
}

function snoozeEnd({ until, for: duration }: SnoozeDto, now: number): number {
  if ((until === undefined) === (duration === undefined)) {
    const wouldBeRight = 'either until or for';
    throw invalid([{ field: 'until', problem: duration ? 'stands beside for' : 'is missing', wouldBeRight }]);
  }
  const end = duration === undefined ? readTime(until) : now + readDuration(duration);
  if (end > now && end <= now + MAX_SNOOZE_MS) return end;
  const field = duration === undefined ? 'until' : 'for';
  const problem = end > now ? 'is too far away' : 'is not in the future';
  throw invalid([{ field, problem, wouldBeRight: 'a time from now to a year from now' }]);
}
