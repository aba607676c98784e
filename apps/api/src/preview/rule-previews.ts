import type { Metric } from '@app/contracts';
import {
  metricsOf,
  type CustomerRegisterStore,
  type MetricCatalogueStore,
  type PreviewStore,
  type RuleTerms,
} from '@app/persistence';
import { factsOf, previewRule, readPast, type NoticePolicy, type RuleToPreview } from '@app/rules';
import { conflict } from '../http/problem';
import { notOwned } from '../rules/not-owned';
import type { TermsReader } from '../rules/terms-reader';
import type { Looked } from './looked';
import type { PreviewRuleDto, PreviewView } from './preview.dto';
import { toPreviewView } from './preview-view';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 90;
/** A preview is worked out at one go, and others wait for it: of so many events the latest are looked at. */
const MOST_POINTS = 400_000;
/** Subjects of which the past is read. */
const MOST_SUBJECTS = 10;

interface Parts {
  store: PreviewStore;
  reader: TermsReader;
  customers: CustomerRegisterStore;
  metrics: MetricCatalogueStore;
  limits: { subjectsPerRule: number };
}

/** Tries a rule out on what is kept of the past, under the same rights as it would be saved. */
export class RulePreviews {
  constructor(private readonly parts: Parts) {}

  async preview(customerId: string, { days = DEFAULT_DAYS, ...wish }: PreviewRuleDto): Promise<PreviewView> {
    const { reader, metrics } = this.parts;
    const now = Date.now();
    const { terms } = await reader.read(customerId, wish, now);
    const subjects = await this.subjectsOf(customerId, terms, wish.subjects);
    const [known, policy, looked] = await Promise.all([
      metrics.named(metricsOf(terms)),
      this.policyOf(customerId, terms),
      this.look(terms, subjects, { now, lengthMs: days * DAY_MS }),
    ]);
    const pasts = {
      subjects: looked.subjects.map(({ subject, past }) => ({ subject, series: past.series })),
      until: now,
    };
    const preview = previewRule(ruleOf(terms, known), policy, pasts);
    return toPreviewView(preview, { terms, subjects, metrics: known, looked, days });
  }

  private async subjectsOf(
    customerId: string,
    terms: RuleTerms,
    wished: string[] | 'owned',
  ): Promise<readonly string[]> {
    const { subjectsPerRule } = this.parts.limits;
    const listed = wished === 'owned' ? [] : wished;
    if (listed.length > subjectsPerRule) {
      const detail = `A rule may name ${subjectsPerRule} subjects; this one names ${listed.length}.`;
      throw conflict('too-many-subjects', detail);
    }
    const { kind, subjects } = await this.parts.store.subjects(customerId, terms, listed);
    if (kind === 'notOwned') throw notOwned(subjects);
    return subjects;
  }

  /** One subject after the other, until there is enough. */
  private async look(
    terms: RuleTerms,
    subjects: readonly string[],
    { now, lengthMs }: { now: number; lengthMs: number },
  ): Promise<Looked> {
    const looked: Looked = { subjects: [], watched: subjects.length };
    let points = 0;
    for (const subject of subjects.slice(0, MOST_SUBJECTS)) {
      if (points >= MOST_POINTS) break;
      const kept = await this.parts.store.past(terms, subject, now - lengthMs, MOST_POINTS - points);
      const past = readPast(kept, lengthMs);
      points += past.series.reduce((sum, series) => sum + series.points.length, 0);
      looked.subjects.push({ subject, past });
    }
    return looked;
  }

  /** Without a policy of its own a rule tells of each firing at once. */
  private async policyOf(customerId: string, { notices, notifyRecovery }: RuleTerms): Promise<NoticePolicy> {
    if (notices) return notices;
    const setting = await this.parts.customers.setting(customerId);
    const timeZone = setting?.timeZone ?? 'UTC';
    return {
      ...{ onRecovery: notifyRecovery, onLevel: 'rise', repeatEveryMs: null, cooldownMs: null },
      ...{ maxPerDay: null, timeZone, activeHours: [], dampFlapping: false },
    };
  }
}

function ruleOf(terms: RuleTerms, metrics: ReadonlyMap<string, Metric>): RuleToPreview {
  const { metric, condition, lifecycle, onCreate, composed } = terms;
  const facts = Object.fromEntries([...metrics].map(([name, entry]) => [name, factsOf(entry)]));
  return { metric, condition, lifecycle, onCreate, composed, metrics: facts };
}
