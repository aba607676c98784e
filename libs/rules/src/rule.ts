/**
 * State operators hold for a value; crossings fire only when the value moves over the level.
 * Inclusivity: `above` >, `atLeast` >=, `below` <, `atMost` <=, `between` both ends included,
 * `outside` both ends excluded, `equals` exact, `crossesAbove` from <= to >, `crossesBelow` from >= to <.
 */
export const OPERATORS = [
  'above',
  'atLeast',
  'below',
  'atMost',
  'between',
  'outside',
  'equals',
  'crossesAbove',
  'crossesBelow',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** All amounts are scaled integers of the rule's metric. */
export interface Condition {
  operator: Operator;
  /** The level; the lower end for `between` and `outside`. */
  threshold: number;
  /** The upper end for `between` and `outside`, otherwise null. */
  upper: number | null;
  /** Recovered only at or beyond this level, on the safe side of the threshold; null recovers where it stops holding. */
  recovery: number | null;
}

/** `once` fires a single time for each subject. */
export type Lifecycle = 'recurring' | 'once';

/** What happens when the condition already holds as the rule starts to watch. */
export type OnCreate = 'fireIfBreached' | 'waitForCross';

/** `owned` follows the customer's holdings: what joins later is watched, what leaves is not. */
export type RuleSubjects = { kind: 'listed'; subjects: string[] } | { kind: 'owned' };

export interface Rule {
  ruleId: string;
  customerId: string;
  title: string;
  metric: string;
  subjects: RuleSubjects;
  condition: Condition;
  lifecycle: Lifecycle;
  onCreate: OnCreate;
  topic: string;
}
