import { readTime, TOPIC_ALERTS } from '@app/contracts';
import type { RuleTerms } from '@app/persistence';
import {
  checkComposed,
  checkNotices,
  type ComposedTerms,
  type ConditionTree,
  type Leaf,
  type Level,
  type TermsProblem,
} from '@app/rules';
import { Findings } from './findings';
import { QuestionReader } from './read-condition';
import { readNotices } from './read-notices';
import type { CreateRuleDto } from './rule.dto';
import type { TermsSetting } from './terms-setting';

type Read<T> = { ok: true; value: T } | { ok: false; problems: TermsProblem[] };

/** Turns a customer's words into exact terms, with the defaults that fit the metric, or says all that is wrong. */
export function readTerms(wish: CreateRuleDto, setting: TermsSetting): Read<RuleTerms> {
  const findings = new Findings();
  const composed = readComposed(wish, setting, findings);
  const told = { onRecovery: wish.notifyRecovery ?? true, timeZone: setting.customer.timeZone };
  const notices = readNotices(wish.notices, told, findings);
  const path = wish.when ? 'when' : '';
  findings.add(...checkComposed(composed, { ...setting, path }, setting.now));
  if (notices) findings.add(...checkNotices(notices));
  if (findings.all.length > 0) return { ok: false, problems: findings.all };
  return { ok: true, value: { ...readPlainly(wish), ...conditionOf(wish, composed, setting), notices } };
}

/** What needs no catalogue. */
function readPlainly(wish: CreateRuleDto) {
  return {
    title: wish.title ?? '',
    subjectKind: wish.subjects === 'owned' ? ('owned' as const) : ('listed' as const),
    lifecycle: wish.lifecycle ?? 'recurring',
    topic: wish.topic ?? TOPIC_ALERTS,
    channels: wish.channels ?? null,
    notifyRecovery: wish.notifyRecovery ?? true,
    severity: wish.severity ?? null,
    thresholdAttribute: attributeOf(wish),
    partnerRuleId: wish.cancels?.toLowerCase() ?? null,
  };
}

function conditionOf({ onCreate }: CreateRuleDto, composed: ComposedTerms, { metrics }: TermsSetting) {
  const { metric, condition } = firstLeaf(composed.tree);
  const isOwned = metrics.get(metric)?.visibility === 'owned';
  return {
    metric,
    condition,
    // One's own balance below the limit is news at once; a public figure beyond a level may have been so for years.
    onCreate: onCreate ?? (isOwned ? ('fireIfBreached' as const) : ('waitForCross' as const)),
    composed: isPlain(composed) ? null : composed,
  };
}

function readComposed(wish: CreateRuleDto, setting: TermsSetting, findings: Findings): ComposedTerms {
  const reader = new QuestionReader(setting, findings);
  const { tree, levels } = wish.when
    ? { tree: readWhen(wish, reader, findings), levels: refusedLevels(wish, findings) }
    : readQuestion(wish, reader, findings);
  const { noData } = wish;
  return {
    tree,
    levels,
    forMs: findings.duration(wish.for) ?? 0,
    keepFiringMs: findings.duration(wish.keepFiring) ?? 0,
    noData: noData
      ? { afterMs: findings.duration(noData.after) ?? Number.NaN, treat: noData.treat ?? 'alert' }
      : null,
    rearmAfterMs: findings.duration(wish.rearmAfter),
    expiresAt: wish.expiresAt ? readTime(wish.expiresAt) : null,
    onExpiry: wish.onExpiry ?? 'cancel',
    maxFirings: wish.maxFirings ?? null,
    partnerInstanceId: null,
  };
}

/** Beside `when` the rule's own question has no place; the first metric may be repeated, since a rule is shown with it. */
function readWhen(wish: CreateRuleDto, reader: QuestionReader, findings: Findings): ConditionTree {
  for (const field of ['operator', 'threshold', 'measure', 'upper', 'recovery', 'maxAge'] as const) {
    if (wish[field] === undefined || wish[field] === null) continue;
    const wouldBeRight = 'leave it out, or take when away with null';
    findings.add({ field, problem: 'has no meaning beside when', wouldBeRight });
  }
  const tree = reader.tree(wish.when ?? {}, 'when');
  const { metric } = firstLeaf(tree);
  if (wish.metric && wish.metric !== metric) {
    const wouldBeRight = `leave it out, or ${metric}, the first in when`;
    findings.add({ field: 'metric', problem: 'is not the first metric of when', wouldBeRight });
  }
  return tree;
}

function refusedLevels({ levels }: CreateRuleDto, findings: Findings): Level[] {
  if (levels && levels.length > 0) {
    const wouldBeRight = 'levels of a single question';
    findings.add({ field: 'levels', problem: 'have no meaning beside when', wouldBeRight });
  }
  return [];
}

/** The rule's own question; with levels, the first of them is its threshold. */
function readQuestion(
  wish: CreateRuleDto,
  reader: QuestionReader,
  findings: Findings,
): { tree: ConditionTree; levels: Level[] } {
  const [lowest] = wish.levels ?? [];
  if (!lowest) return { tree: { leaf: reader.leaf(wish, '') }, levels: [] };
  if (wish.severity) {
    const wouldBeRight = 'leave it out: each level says its own';
    findings.add({ field: 'severity', problem: 'has no meaning beside levels', wouldBeRight });
  }
  const { threshold = null, recovery = null, ...rest } = wish;
  const leaf = reader.leaf({ ...rest, threshold: lowest.threshold, recovery: lowest.recovery }, '');
  const levels = reader.levels(wish.levels ?? [], leaf.measure, leaf.metric);
  refuseOtherLevel('threshold', threshold, lowest.threshold, findings);
  refuseOtherLevel('recovery', recovery, lowest.recovery ?? null, findings);
  return { tree: { leaf }, levels };
}

/** A rule is shown with its first level's threshold, so that saying it again is no mistake. */
function refuseOtherLevel(
  field: 'threshold' | 'recovery',
  given: unknown,
  level: unknown,
  findings: Findings,
): void {
  if (given === null || String(given) === String(level)) return;
  const wouldBeRight = 'leave it out: each level says its own';
  findings.add({ field, problem: 'stands beside levels', wouldBeRight });
}

export function firstLeaf(tree: ConditionTree): Leaf {
  if ('leaf' in tree) return tree.leaf;
  const [first] = 'not' in tree ? [tree.not] : 'all' in tree ? tree.all : tree.any;
  return first ? firstLeaf(first) : NO_LEAF;
}

/** Of an empty `all` or `any`, which is refused. */
const NO_LEAF: Leaf = {
  metric: '',
  measure: { kind: 'value' },
  condition: { operator: 'above', threshold: 0, upper: null, recovery: null },
  maxAgeMs: null,
};

function attributeOf({ threshold }: CreateRuleDto): string | null {
  return threshold !== null && typeof threshold === 'object' ? threshold.attribute : null;
}

/** Nothing beyond one level on the latest value. */
function isPlain({ tree, levels, ...terms }: ComposedTerms): boolean {
  if (!('leaf' in tree) || tree.leaf.measure.kind !== 'value' || tree.leaf.maxAgeMs !== null) return false;
  const hasNoTimer = terms.forMs === 0 && terms.keepFiringMs === 0 && terms.noData === null;
  const hasNoEnd = terms.rearmAfterMs === null && terms.expiresAt === null && terms.maxFirings === null;
  return levels.length === 0 && hasNoTimer && hasNoEnd;
}
