import type { CustomerRegisterStore, MetricCatalogueStore, RuleTerms } from '@app/persistence';
import type { Limit, TermsProblem } from '@app/rules';
import { conflict, invalid, notFound, Problem } from '../http/problem';
import { metricsNamed } from './read-condition';
import { readTerms } from './read-terms';
import type { CreateRuleDto } from './rule.dto';

/** Reads a customer's wish against the catalogue and the registration; also for rules that are only tried out. */
export class TermsReader {
  constructor(
    private readonly metrics: MetricCatalogueStore,
    private readonly customers: CustomerRegisterStore,
    private readonly limits: { maxWindowMs: number },
  ) {}

  /**
   * @param now an expiry must lie after it, epoch ms
   * @returns with the version of the registration it was read against, if it depends on it
   * @throws Problem with everything that is wrong
   */
  async read(
    customerId: string,
    wish: CreateRuleDto,
    now: number,
  ): Promise<{ terms: RuleTerms; registrationVersion: string | null }> {
    const names = [...(wish.metric ? [wish.metric] : []), ...(wish.when ? metricsNamed(wish.when) : [])];
    const [metrics, customer] = await Promise.all([
      this.metrics.named([...new Set(names)]),
      this.customers.setting(customerId),
    ]);
    if (!customer) throw notFound('customer');
    const read = readTerms(wish, { metrics, customer, maxWindowMs: this.limits.maxWindowMs, now });
    if (!read.ok) throw refusalOf(read.problems);
    const { thresholdAttribute, composed, notices } = read.value;
    const depends = thresholdAttribute !== null || composed !== null || notices !== null;
    return { terms: read.value, registrationVersion: depends ? customer.version : null };
  }
}

const LIMITS: Record<Limit, { slug: string; detail: string }> = {
  windowTooLong: { slug: 'window-too-long', detail: 'The rule looks further back than rules may here.' },
  countTooLarge: { slug: 'count-too-large', detail: 'The rule counts further than rules may.' },
  tooManyConditions: { slug: 'too-many-conditions', detail: 'The rule asks more questions than rules may.' },
  tooDeep: { slug: 'too-deep', detail: 'The conditions are nested deeper than they may be.' },
  tooManyLevels: { slug: 'too-many-levels', detail: 'The rule has more levels than rules may.' },
  tooManyFirings: { slug: 'too-many-firings', detail: 'The rule may fire more often than rules can count.' },
};

/** A mistake is told before a limit: what is wrong is to be written anew in any case. */
export function refusalOf(problems: readonly TermsProblem[]): Problem {
  const errors = problems.map(({ field, problem, wouldBeRight }) => ({ field, problem, wouldBeRight }));
  const [first] = problems;
  if (first?.limit === undefined || problems.some(({ limit }) => limit === undefined)) return invalid(errors);
  const { slug, detail } = LIMITS[first.limit];
  return conflict(slug, detail, errors);
}
