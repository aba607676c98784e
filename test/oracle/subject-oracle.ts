import type { InstanceChange, InstanceDefinition, Leaf, UnknownReason } from '@app/rules';
import { History, type OracleMetric, type OracleRecord, type Taken } from './history';
import {
  fire,
  isOpen,
  isSettledBySilence,
  newInstance,
  recover,
  spend,
  step,
  type Effects,
  type Instance,
} from './machine';
import { decidesAtOnce, measureKey, read, turningPoint } from './measures';
import { floorOf, unknown, type Reading } from './reading';
import { dataReturns, fallSilent, silenceDueAt } from './silence';
import { readTrailing } from './trailing';
import { leavesOf, levelOf, truthOf, type Truth } from './tree';

/** At equal instants: expiry, then what the measures say and what is too old, cool-down, keep-firing and `for`, silence. */
const RANKS = ['expiry', 'measure', 'age', 'rearm', 'hold', 'silence'] as const;

/** Something that happens to an instance by time alone. */
interface Due {
  one: Instance;
  what: (typeof RANKS)[number];
  /** What it is stamped with: event time, of silence an instant of the log clock. */
  instant: number;
  /** When the log clock has come far enough for it to be decided without an event. */
  clock: number;
}

/** All rules of one subject, and what events and time do to them: sections 2 and 3 of the text, T1 to T6. */
export class SubjectOracle implements Effects {
  changes: InstanceChange[] = [];
  private readonly series = new Map<string, History>();
  private readonly instances = new Map<number, Instance>();
  /** As of when the measures of each set of metrics were read last; rules that look at the same metrics share it. */
  private readonly reached = new Map<string, number>();

  constructor(
    private readonly metrics: ReadonlyMap<string, OracleMetric>,
    /** How far back anybody looks; only so that a long run fits into memory. */
    private readonly reachMs = Number.POSITIVE_INFINITY,
  ) {}

  /** Starts to watch; where values are known, the instance is looked at as of the latest of them. */
  arm(definition: InstanceDefinition, clock: number): void {
    this.disarm(definition.instanceId);
    const one = newInstance(definition, clock);
    this.instances.set(definition.instanceId, one);
    for (const leaf of one.leaves) {
      const history = this.historyOf(leaf.metric);
      if (leaf.measure.kind === 'trailing') this.stretch(one, leaf, history);
      if (leaf.measure.kind !== 'value') history.watch(keyOf(leaf, one));
    }
    const anchor = this.anchorOf(one);
    if (anchor.seen) this.lookFirst(one, anchor.at, anchor.at + Math.max(0, clock - anchor.clockAt));
    this.releaseIfSpent(one);
  }

  /**
   * As of the latest event; but what others have gathered is read as of now where it would turn by now, and what is too
   * old by now is found so now.
   */
  private lookFirst(one: Instance, at: number, now: number): void {
    one.now = Math.max(at, this.reached.get(clockOf(one)) ?? at);
    if (asksMeasures(one) && (this.measuresTurn(one) ?? NEVER) <= now) this.reached.set(clockOf(one), now);
    if (one.leaves.some((leaf) => this.isTooOld(leaf, now))) one.decidedAt = now;
    const { decidedAt } = one;
    const before = persistedOf({ ...one, reason: null });
    this.look(one, at, { now });
    // Why it knows nothing as it begins is no decision.
    if (persistedOf({ ...one, reason: null }) === before) one.decidedAt = decidedAt;
  }

  disarm(instanceId: number): Instance | null {
    const one = this.instances.get(instanceId);
    if (!one) return null;
    this.release(one);
    this.instances.delete(instanceId);
    return one;
  }

  find(instanceId: number): Instance | undefined {
    return this.instances.get(instanceId);
  }

  /** T4, for one record. @param clock the largest `appendedAt` so far, this record's included */
  take(record: OracleRecord, clock: number, resumedAt: number): Taken {
    this.advance(clock, resumedAt);
    const history = this.historyOf(record.metric);
    const how = history.classify(record);
    if (how === 'repeated' || how === 'tooLate') return how;
    const watching = this.watching(record.metric);
    if (how === 'moved') this.decideBefore(watching, record.at);
    history.add(record, clock, how);
    for (const one of watching) if (!one.spent) this.see(one, record, how);
    this.advance(clock, resumedAt); // what an event of long ago began may be due already
    return how;
  }

  /** T3 (ii): decides everything that the log clock has reached, in the order in which it reached it. */
  advance(clock: number, resumedAt: number): void {
    for (;;) {
      const due = [...this.instances.values()]
        .flatMap((one) => this.duesOf(one, resumedAt))
        .filter((one) => one.clock <= clock)
        .sort((one, other) => one.clock - other.clock || inOrder(one, other));
      if (!due[0]) return;
      this.decide(due[0]);
    }
  }

  partnerOf({ terms }: Instance): Instance | undefined {
    return terms.partnerInstanceId === null ? undefined : this.instances.get(terms.partnerInstanceId);
  }

  /** T3 (i): what was due at or before the time of an event of a series comes before the event. */
  private decideBefore(watching: Instance[], at: number): void {
    for (;;) {
      const due = watching
        .flatMap((one) => this.duesOf(one, Number.POSITIVE_INFINITY))
        .filter((one) => one.what !== 'silence' && one.instant <= at)
        .sort((one, other) => one.instant - other.instant || inOrder(one, other));
      if (!due[0]) return;
      this.decide(due[0]);
    }
  }

  private see(one: Instance, { metric, at }: OracleRecord, how: 'moved' | 'late'): void {
    const before = persistedOf(one);
    if (how === 'moved') {
      for (const leaf of one.leaves)
        if (leaf.metric === metric && leaf.measure.kind === 'trailing')
          this.stretch(one, leaf, this.historyOf(metric));
      if (one.leaves[0]?.metric === metric) dataReturns(one, this.stampOf(one, at), this);
    }
    if (!one.spent) this.look(one, at, { before });
    this.releaseIfSpent(one);
  }

  /** What waits for a time. */
  private duesOf(one: Instance, resumedAt: number): Due[] {
    if (one.spent) return [];
    const { terms, state, since, firedAt } = one;
    const anchor = this.anchorOf(one);
    const dues: Due[] = [];
    const add = (what: Due['what'], instant: number | null): void => {
      if (instant !== null) dues.push({ one, what, instant, clock: instant + anchor.clockAt - anchor.at });
    };
    add('expiry', terms.expiresAt);
    const isOpenByValue = (state === 'firing' || state === 'recovering') && !isSettledBySilence(one);
    if (terms.rearmAfterMs !== null && firedAt !== null && isOpenByValue)
      add('rearm', firedAt + terms.rearmAfterMs);
    if (since !== null) add('hold', since + (state === 'pending' ? terms.forMs : terms.keepFiringMs));
    add('measure', this.measuresTurn(one));
    add('age', this.agesAt(one));
    const silence = silenceDueAt(one, this.series.get(one.leaves[0]!.metric), resumedAt);
    if (silence !== null && silence < Number.POSITIVE_INFINITY)
      dues.push({ one, what: 'silence', instant: silence, clock: silence });
    return dues;
  }

  /** The first instant after now at which a measure may say something else. */
  private measuresTurn(one: Instance): number | null {
    const instants = one.leaves.flatMap((leaf) =>
      leaf.measure.kind === 'trailing'
        ? []
        : [turningPoint(leaf.measure, this.historyOf(leaf.metric), askedOf(leaf, one))],
    );
    return firstAfter(one.now, instants);
  }

  /** The first instant at which a leaf that is not yet too old becomes so. */
  private agesAt(one: Instance): number | null {
    const instants = one.leaves.flatMap(({ metric, maxAgeMs }) => {
      const { last } = this.historyOf(metric);
      return maxAgeMs === null || !last ? [] : [last.at + maxAgeMs + 1];
    });
    return firstAfter(one.lookedAt, instants);
  }

  private decide({ one, what, instant: due }: Due): void {
    const instant = what === 'silence' ? due : this.stampOf(one, due);
    const before = persistedOf(one);
    // Its measures turn at this instant, too, even if this is its end and nobody asks them any more.
    if (what !== 'silence' && asksMeasures(one) && this.measuresTurn(one) === due)
      this.reached.set(clockOf(one), due);
    switch (what) {
      case 'expiry':
        if (one.terms.onExpiry === 'trigger' && one.firings === 0) fire(one, instant, this, 'expiry');
        spend(one, instant, this, 'expired');
        break;
      case 'rearm':
        recover(one, instant, this, 'rearmed');
        if (!one.spent) this.judge(one, instant);
        // It has held for long enough already.
        if (one.state === 'pending') fire(one, instant, this);
        break;
      case 'hold':
        if (one.state === 'pending') fire(one, instant, this);
        else recover(one, instant, this, 'value');
        break;
      case 'measure':
      case 'age':
        this.look(one, due);
        break;
      case 'silence':
        fallSilent(one, instant, this);
        break;
    }
    if (what !== 'silence' && persistedOf(one) !== before) one.decidedAt = instant;
    this.releaseIfSpent(one);
  }

  /** A decision is stamped with its event's or deadline's time, but never before the one before it, or the latest event. */
  private stampOf(one: Instance, t: number): number {
    const anchor = this.anchorOf(one);
    return Math.max(t, one.decidedAt ?? t, anchor.seen ? anchor.at : t);
  }

  /** Asks the measures, and lets the machine take what they say. @param now leaves are as old as they are then */
  private look(one: Instance, t: number, { now = t, before = persistedOf(one) } = {}): void {
    const at = this.stampOf(one, t);
    const isMeasured = asksMeasures(one);
    const anchorAt = this.anchorOf(one).at;
    const reached = Math.max(anchorAt, this.reached.get(clockOf(one)) ?? anchorAt);
    one.now = isMeasured ? Math.max(one.now, reached) : reached;
    if (isMeasured) this.reached.set(clockOf(one), one.now);
    one.lookedAt = this.stampOf(one, now);
    const aged = one.leaves.filter((leaf) => this.isTooOld(leaf, one.lookedAt));
    const hasAged = aged.some((leaf) => !one.aged.includes(leaf));
    one.aged = aged;
    for (const leaf of one.leaves) one.readings.set(leaf, this.readingOf(one, leaf));
    const first = one.readings.get(one.leaves[0]!);
    if (first && 'known' in first) one.value = Number(floorOf(first.known));
    this.judge(one, at);
    if (hasAged || persistedOf(one) !== before) one.decidedAt = at;
  }

  private isTooOld({ metric, maxAgeMs }: Leaf, at: number): boolean {
    const { last } = this.historyOf(metric);
    return maxAgeMs !== null && last !== null && at - last.at > maxAgeMs;
  }

  private judge(one: Instance, t: number): void {
    step(one, verdictOn(one), t, this);
  }

  private readingOf(one: Instance, leaf: Leaf): Reading {
    const { metric, measure } = leaf;
    const history = this.historyOf(metric);
    if (!history.last) return unknown('warmingUp');
    if (one.aged.includes(leaf)) return unknown('stale');
    if (measure.kind === 'trailing')
      return readTrailing(measure, one.extremes.get(leaf) ?? null, history.last.value);
    return read(measure, history, askedOf(leaf, one));
  }

  private stretch(one: Instance, leaf: Leaf, { last }: History): void {
    if (!last || leaf.measure.kind !== 'trailing') return;
    const before = one.extremes.get(leaf) ?? last.value;
    const further = leaf.measure.from === 'high' ? Math.max : Math.min;
    one.extremes.set(leaf, further(before, last.value));
  }

  /** The latest event among the series of its leaves; before any, the moment of arming. */
  private anchorOf(one: Instance): { at: number; clockAt: number; seen: boolean } {
    let anchor = { at: one.armedAt, clockAt: one.armedAt, seen: false };
    for (const { metric } of one.leaves) {
      const last = this.series.get(metric)?.last;
      if (
        !last ||
        (anchor.seen && (last.at < anchor.at || (last.at === anchor.at && last.clockAt < anchor.clockAt)))
      )
        continue;
      anchor = { at: last.at, clockAt: last.clockAt, seen: true };
    }
    return anchor;
  }

  private watching(metric: string): Instance[] {
    return [...this.instances.values()]
      .filter((one) => one.leaves.some((leaf) => leaf.metric === metric))
      .sort((one, other) => one.definition.instanceId - other.definition.instanceId);
  }

  private historyOf(metric: string): History {
    let history = this.series.get(metric);
    if (!history) {
      const known = this.metrics.get(metric);
      if (!known) throw new Error(`no such metric: ${metric}`);
      this.series.set(metric, (history = new History(known, this.reachMs)));
    }
    return history;
  }

  private releaseIfSpent(one: Instance): void {
    const partner = this.partnerOf(one);
    for (const each of partner ? [one, partner] : [one]) if (each.spent) this.release(each);
  }

  /** Nobody looks any more. What time was reached is forgotten with the last measure that was read as of it. */
  private release(one: Instance): void {
    for (const leaf of one.leaves)
      if (leaf.measure.kind !== 'value') this.historyOf(leaf.metric).unwatch(keyOf(leaf, one));
    const clock = clockOf(one);
    const others = [...this.instances.values()].filter(
      (other) => other !== one && !other.spent && asksMeasures(other),
    );
    if (!others.some((other) => clockOf(other) === clock)) this.reached.delete(clock);
    one.leaves = one.leaves.slice(0, 1).map((leaf) => ({ ...leaf, measure: { kind: 'value' } }));
  }
}

const NEVER = Number.POSITIVE_INFINITY;

function firstAfter(now: number, instants: number[]): number | null {
  const first = Math.min(NEVER, ...instants.filter((instant) => instant > now));
  return first === NEVER ? null : first;
}

/** Only what is measured is read as of a time; a latest value is what it is. */
function asksMeasures({ leaves }: Instance): boolean {
  return leaves.some((leaf) => leaf.measure.kind !== 'value');
}

/** Names the metrics that an instance looks at. */
function clockOf({ terms }: Instance): string {
  return [...new Set(leavesOf(terms.tree).map(({ metric }) => metric))].sort().join(' ');
}

/** Rules share what they ask equally; how far something trails is asked since one instance was armed. */
function keyOf(leaf: Leaf, { definition }: Instance): string {
  return leaf.measure.kind === 'trailing'
    ? `${measureKey(leaf)} of ${definition.instanceId}`
    : measureKey(leaf);
}

function askedOf(leaf: Leaf, one: Instance): { t: number; key: string; decidesAtOnce: boolean } {
  return { t: one.now, key: keyOf(leaf, one), decidesAtOnce: decidesAtOnce(leaf) };
}

function inOrder(one: Due, other: Due): number {
  return (
    one.one.definition.instanceId - other.one.definition.instanceId ||
    RANKS.indexOf(one.what) - RANKS.indexOf(other.what)
  );
}

/** The tree's truth; with levels, whether any holds and which. */
function verdictOn(one: Instance): { truth: Truth; level: number; reason: UnknownReason | null } {
  const { tree, levels } = one.terms;
  const reading = one.readings.get(one.leaves[0]!);
  if ('leaf' in tree && levels.length > 0 && reading && 'known' in reading) {
    const level = levelOf(tree.leaf.condition, levels, isOpen(one) ? one.level : 0, reading.known);
    return { truth: level > 0 ? 'held' : 'clear', level, reason: null };
  }
  const truth = truthOf(tree, one.readings);
  return { truth, level: 0, reason: truth === 'unknown' ? reasonOf(one) : null };
}

/** Of the first leaf that cannot say. */
function reasonOf(one: Instance): UnknownReason | null {
  for (const leaf of one.leaves) {
    const reading = one.readings.get(leaf);
    if (reading && 'unknown' in reading) return reading.unknown;
  }
  return null;
}

/** What a decision may change. */
function persistedOf(one: Instance): string {
  const { state, armed, spent, transitionSeq, since, firedAt, firings, level, known } = one;
  const { reason, openedByNoData, silent } = one;
  const machine = { state, armed, spent, transitionSeq, since, firedAt, firings, level, known };
  return JSON.stringify({ ...machine, reason, openedByNoData, silent });
}

/** What must survive a restart, for tests that compare it; a spent instance has only its number of firings. */
export function standingOf(one: Instance): Record<string, unknown> {
  const { definition, state, armed, spent, transitionSeq } = one;
  const { since, firedAt, firings, level, known, reason, openedByNoData, decidedAt } = one;
  if (spent) return { spent, transitionSeq };
  const plain = { state, armed, spent, transitionSeq };
  const more = { since, firedAt, firings, level, known, reason, openedByNoData, decidedAt };
  return definition.composed ? { ...plain, ...more } : plain;
}
