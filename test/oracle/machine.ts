import type {
  ComposedTerms,
  EndedBy,
  InstanceChange,
  InstanceDefinition,
  InstanceStateName,
  Leaf,
  OpenedBy,
  UnknownReason,
} from '@app/rules';
import type { Reading } from './reading';
import { leavesOf, type Truth } from './tree';

/** One rule on one subject, with everything that is remembered of it. */
export interface Instance {
  definition: InstanceDefinition;
  terms: ComposedTerms;
  leaves: Leaf[];
  /** Log clock at which watching began. */
  armedAt: number;
  state: InstanceStateName;
  armed: boolean;
  spent: boolean;
  transitionSeq: number;
  since: number | null;
  firedAt: number | null;
  firings: number;
  level: number;
  known: boolean;
  reason: UnknownReason | null;
  openedByNoData: boolean;
  /** As of when its measures were read last; it never goes back. */
  now: number;
  /** As of when the age of its leaves was looked at last. */
  lookedAt: number;
  /** Those that were too old then. */
  aged: Leaf[];
  /** Event time of the last decision; null before the first. */
  decidedAt: number | null;
  /** What the leaves said when it was last looked at. */
  readings: Map<Leaf, Reading>;
  /** Highest or lowest value since arming, for each trailing leaf. */
  extremes: Map<Leaf, number>;
  /** Silence has been dealt with; nothing more follows from it before the next event. */
  silent: boolean;
  /** Last number of the first leaf that was known, rounded down. */
  value: number;
}

/** A plain rule is a composed one of a single leaf on the latest value, with no other term. */
function plainTerms({ metric, condition }: InstanceDefinition): ComposedTerms {
  return {
    tree: { leaf: { metric, measure: { kind: 'value' }, condition, maxAgeMs: null } },
    levels: [],
    forMs: 0,
    keepFiringMs: 0,
    noData: null,
    rearmAfterMs: null,
    expiresAt: null,
    onExpiry: 'cancel',
    maxFirings: null,
    partnerInstanceId: null,
  };
}

export function newInstance(definition: InstanceDefinition, armedAt: number): Instance {
  const terms = definition.composed ?? plainTerms(definition);
  return {
    definition,
    terms,
    leaves: leavesOf(terms.tree),
    armedAt,
    state: 'unknown',
    armed: false,
    spent: false,
    transitionSeq: 0,
    since: null,
    firedAt: null,
    firings: 0,
    level: 0,
    known: false,
    reason: definition.composed ? 'warmingUp' : null,
    openedByNoData: false,
    now: Number.NEGATIVE_INFINITY,
    lookedAt: Number.NEGATIVE_INFINITY,
    aged: [],
    decidedAt: null,
    readings: new Map(),
    extremes: new Map(),
    silent: false,
    value: 0,
  };
}

/** A crossing fires by the flip alone, so that what holds already must be left first; else the rule says. */
function waits({ definition, leaves }: Instance): boolean {
  return (
    definition.onCreate === 'waitForCross' || leaves.some(({ condition }) => isCrossing(condition.operator))
  );
}

const isCrossing = (operator: string): boolean => operator.startsWith('crosses');

/** Where changes go, and what a firing ends besides. */
export interface Effects {
  changes: InstanceChange[];
  /** The other instance of the subject that ends for good; undefined where there is none. */
  partnerOf(instance: Instance): Instance | undefined;
}

/** Section 5: what a truth at an instant does to an instance. */
export function step(
  one: Instance,
  { truth, level, reason }: { truth: Truth; level: number; reason: UnknownReason | null },
  t: number,
  effects: Effects,
): void {
  if (isSettledBySilence(one)) return;
  one.reason = reason;
  if (truth === 'unknown') return stepUnknown(one);
  const first = !one.known;
  one.known = true;
  switch (one.state) {
    case 'unknown': {
      const mayFire = first ? !waits(one) : one.armed;
      if (truth === 'held' && mayFire) return breach(one, level, t, effects);
      return become(one, 'ok', { armed: truth !== 'held' });
    }
    case 'ok':
      if (truth === 'held' && one.armed) return breach(one, level, t, effects);
      if (truth !== 'held') one.armed = true;
      return;
    case 'pending':
      if (truth !== 'held') return become(one, 'ok', { level: 0 });
      one.level = level;
      return;
    case 'firing':
      if (truth === 'clear') return clear(one, t, effects);
      return truth === 'held' ? changeLevel(one, level, t, effects) : undefined;
    case 'recovering':
      if (truth === 'clear') return;
      become(one, 'firing', {});
      return truth === 'held' ? changeLevel(one, level, t, effects) : undefined;
    case 'noData':
      return;
  }
}

/** What silence says stays so until data return; of an alert also expiry or a partner may be the end. */
export function isSettledBySilence({ state, silent, terms }: Instance): boolean {
  return state === 'noData' || (silent && terms.noData?.treat !== 'ignore');
}

/** What cannot be decided stops what was counting, and never ends an alert. */
function stepUnknown(one: Instance): void {
  if (one.state === 'ok' || one.state === 'pending') become(one, 'unknown', { level: 0 });
  if (one.state === 'recovering') become(one, 'firing', {});
}

function become(one: Instance, state: InstanceStateName, more: Partial<Instance>): void {
  Object.assign(one, { state, since: null, ...more });
}

function breach(one: Instance, level: number, t: number, effects: Effects): void {
  Object.assign(one, { armed: true, level });
  if (one.terms.forMs === 0) return fire(one, t, effects);
  become(one, 'pending', { since: t });
}

/** @param openedBy absent: a value */
export function fire(one: Instance, t: number, effects: Effects, openedBy: OpenedBy = 'value'): void {
  become(one, openedBy === 'noData' ? 'noData' : 'firing', {
    armed: true,
    transitionSeq: one.transitionSeq + 1,
    firings: one.firings + 1,
    firedAt: t,
    openedByNoData: openedBy === 'noData',
  });
  effects.changes.push(changeOf(one, 'fired', t, { openedBy }));
  const partner = effects.partnerOf(one);
  if (partner && !partner.spent) spend(partner, t, effects, 'partner');
}

function changeLevel(one: Instance, level: number, t: number, effects: Effects): void {
  if (level === one.level) return;
  one.level = level;
  effects.changes.push(changeOf(one, 'levelChanged', t, {}));
}

function clear(one: Instance, t: number, effects: Effects): void {
  if (one.terms.keepFiringMs === 0) return recover(one, t, effects, 'value');
  become(one, 'recovering', { since: t });
}

/** The alert ends. Spent by `once`, except where only data returned, and by the last firing allowed. */
export function recover(one: Instance, t: number, effects: Effects, endedBy: EndedBy): void {
  const { definition, terms } = one;
  const last = terms.maxFirings !== null && one.firings >= terms.maxFirings;
  const spent = last || (definition.lifecycle === 'once' && endedBy !== 'dataReturned');
  become(one, 'ok', { armed: true, level: 0, openedByNoData: false, spent });
  effects.changes.push(changeOf(one, 'recovered', endOf(one, t), { endedBy }));
}

/** Silence is stamped by the log's clock, which may be ahead of the event that ends it: no alert ends before it opens. */
function endOf({ firedAt }: Instance, t: number): number {
  return Math.max(t, firedAt ?? t);
}

/** For good: an open alert ends, and nothing ever happens again. */
export function spend(one: Instance, t: number, effects: Effects, endedBy: EndedBy): void {
  const open = isOpen(one);
  become(one, 'ok', { armed: true, level: 0, openedByNoData: false, spent: true });
  const at = open ? endOf(one, t) : t;
  effects.changes.push(changeOf(one, open ? 'recovered' : 'none', at, open ? { endedBy } : {}));
}

export function isOpen({ state }: Instance): boolean {
  return state === 'firing' || state === 'recovering' || state === 'noData';
}

function changeOf(
  one: Instance,
  transition: InstanceChange['transition'],
  at: number,
  more: Pick<InstanceChange, 'openedBy' | 'endedBy'>,
): InstanceChange {
  const { state, armed, spent, transitionSeq, value } = one;
  const { since, firedAt, firings, level, known, reason, openedByNoData, silent, decidedAt, armedAt } = one;
  const gathered = { since, firedAt, firings, level, known, reason, openedByNoData };
  const progress = { ...gathered, silent, decidedAt, armedAt };
  const { instanceId } = one.definition;
  return { instanceId, transition, at, value, state, armed, spent, transitionSeq, progress, ...more };
}
