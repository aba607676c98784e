import type { Measure } from './measure';
import type { Condition } from './rule';

/** One question to one metric of the rule's subject. */
export interface Leaf {
  metric: string;
  measure: Measure;
  /** Levels in the measure's scale. */
  condition: Condition;
  /** The answer is unknown where the metric's last event is older than this; null: never too old. */
  maxAgeMs: number | null;
}

/** Three-valued (Kleene): what is unknown decides nothing unless the rest decides without it. */
export type ConditionTree =
  { leaf: Leaf } | { all: ConditionTree[] } | { any: ConditionTree[] } | { not: ConditionTree };

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One of several thresholds of a rule, each further out than the one before it. */
export interface Level {
  severity: Severity;
  threshold: number;
  recovery: number | null;
}

/** What silence means: an alert of its own, recovered, or nothing while `keep` stops what was counting. */
export const NO_DATA_TREATMENTS = ['alert', 'ok', 'keep', 'ignore'] as const;
export type NoDataTreatment = (typeof NO_DATA_TREATMENTS)[number];

/**
 * Everything beyond a level on the latest value. A rule without any of it is `plain` and lives in the index alone;
 * the others are composed: a state machine over measures, woken by the index and by timers.
 * Instants are epoch ms, durations ms.
 */
export interface ComposedTerms {
  tree: ConditionTree;
  /** Only for a tree of one leaf; empty: the leaf's own condition. The lowest first. */
  levels: Level[];
  /** The condition must hold this long before the alert opens; 0: at once. */
  forMs: number;
  /** It must have recovered this long before the alert ends; 0: at once. */
  keepFiringMs: number;
  /** Silence of the first leaf's metric. */
  noData: { afterMs: number; treat: NoDataTreatment } | null;
  /** An alert ends after this long, and the rule may fire again even if nothing changed; null: only recovery re-arms. */
  rearmAfterMs: number | null;
  expiresAt: number | null;
  /** `trigger` fires at the end if it never fired before. */
  onExpiry: 'cancel' | 'trigger';
  maxFirings: number | null;
  /** Instance of the same subject that ends for good when this one fires. */
  partnerInstanceId: number | null;
}

/** Terms that ask for nothing beyond the tree, but for what is wanted. */
export function composedTerms(tree: ConditionTree, wanted: Partial<ComposedTerms> = {}): ComposedTerms {
  return {
    tree,
    levels: [],
    forMs: 0,
    keepFiringMs: 0,
    noData: null,
    rearmAfterMs: null,
    expiresAt: null,
    onExpiry: 'cancel',
    maxFirings: null,
    partnerInstanceId: null,
    ...wanted,
  };
}
