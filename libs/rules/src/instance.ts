import type { Condition, Lifecycle, OnCreate } from './rule';

/**
 * `unknown`: no value has been seen yet; `ok`; `firing`: an alert is open.
 * The words of the other states (`pending`, `recovering`, `noData`) belong to conditions with time.
 */
export type InstanceStateName = 'unknown' | 'ok' | 'firing';

/** One rule on one subject, as the matcher holds it. */
export interface InstanceDefinition {
  /** Numeric key given by the store. */
  instanceId: number;
  metric: string;
  subject: string;
  condition: Condition;
  lifecycle: Lifecycle;
  onCreate: OnCreate;
}

/** The part of an instance that must survive a restart. */
export interface InstanceState {
  state: InstanceStateName;
  /**
   * Meaningful while `ok`: false when the condition already held as watching began (`waitForCross`) and has
   * not been false since, so that it cannot fire before it was false once.
   */
  armed: boolean;
  /** A `once` instance that has fired and recovered; it never fires again. */
  spent: boolean;
  /** Counts firings; part of the alert's derived id, so it never goes back. */
  transitionSeq: number;
}

/** What an event did to one instance: its new state, and whether an alert opens or ends. */
export interface InstanceChange extends InstanceState {
  instanceId: number;
  transition: 'fired' | 'recovered' | 'none';
  /** Scaled value and event time that decided. */
  value: number;
  at: number;
}
