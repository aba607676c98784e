import type { ComposedTerms } from './composed';
import type { MetricFacts } from './composed/metric-facts';
import type { Condition, Lifecycle, OnCreate } from './rule';

/**
 * `unknown`: nothing can be said, see `reason`; `ok`; `pending`: holds, but not yet for as long as asked;
 * `firing`: an alert is open; `recovering`: no longer holds, but not yet for as long as asked;
 * `noData`: silent for too long. Plain rules know only `unknown`, `ok` and `firing`.
 */
export const INSTANCE_STATES = ['unknown', 'ok', 'pending', 'firing', 'recovering', 'noData'] as const;
export type InstanceStateName = (typeof INSTANCE_STATES)[number];

/** One rule on one subject, as the matcher holds it. */
export interface InstanceDefinition {
  /** Numeric key given by the store. */
  instanceId: number;
  metric: string;
  subject: string;
  /** Of a plain rule; a composed one has its own in `composed.tree`. */
  condition: Condition;
  lifecycle: Lifecycle;
  onCreate: OnCreate;
  /** Absent or null: a plain rule. */
  composed?: ComposedTerms | null;
  /** Of a composed rule: by name, what its tree's metrics are. */
  metrics?: Readonly<Record<string, MetricFacts>>;
}

/** Why nothing can be said. */
export type UnknownReason = 'warmingUp' | 'stale' | 'undefined' | 'noData';

/** What a composed instance has to remember beyond a plain one. */
export interface Progress {
  /** Event time since which the state is `pending` or `recovering`; null in other states. */
  since: number | null;
  /** Event time of the last firing; null before the first. */
  firedAt: number | null;
  firings: number;
  /** Index of the level that holds, counted from 1; 0 without levels or while nothing holds. */
  level: number;
  /** True once the truth was known: what was already so at creation has been dealt with. */
  known: boolean;
  reason: UnknownReason | null;
  /** An alert that silence opened; it ends when data returns. */
  openedByNoData: boolean;
  /** Silence has been decided; until the next event of the series it is not decided again. */
  silent: boolean;
  /** Event time of the last decision; time never goes back for an instance. Null before the first. */
  decidedAt: number | null;
  /** Log clock at which watching began, epoch ms. */
  armedAt: number;
}

/** The part of an instance that must survive a restart. */
export interface InstanceState {
  state: InstanceStateName;
  /**
   * Meaningful while `ok`: false when the condition already held as watching began (`waitForCross`) and has
   * not been false since, so that it cannot fire before it was false once.
   */
  armed: boolean;
  /** An instance that will never fire again: `once` and recovered, expired, or its partner fired. */
  spent: boolean;
  /** Counts firings; part of the alert's derived id, so it never goes back. */
  transitionSeq: number;
  /** Absent or null: a plain rule. */
  progress?: Progress | null;
}

export type OpenedBy = 'value' | 'noData' | 'expiry';

/** How an alert ended, where it was not the rule's owner who ended it. */
export type EndedBy = 'value' | 'noData' | 'dataReturned' | 'expired' | 'rearmed' | 'partner';

/** What an event or a timer did to one instance: its new state, and whether an alert opens, changes or ends. */
export interface InstanceChange extends InstanceState {
  instanceId: number;
  transition: 'fired' | 'levelChanged' | 'recovered' | 'none';
  /** Number of the measure (scaled, rounded down) that decided, and the event time it decided at. */
  value: number;
  at: number;
  /** With `fired`: what opened the alert; absent: a value. */
  openedBy?: OpenedBy;
  /** With `recovered`: what ended the alert; absent: a value. Without an alert: what ended the watching. */
  endedBy?: EndedBy;
}

/** Where changes go: an array, or columns. */
export interface ChangeSink {
  push(change: InstanceChange): unknown;
}
